"""cart store: the folder that everything lies in."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.bar import Bars
from cartcli.cli.command import Command, Group
from cartcli.cli.output import print_rows
from cartcli.cli.text import counted


@click.group(cls=Group)
def store() -> None:
    """\b
    Example:
      cart store upgrade

    Look after the store, the folder that everything lies in.
    """


@store.command(cls=Command, short_help="Convert a store that an older version wrote.")
@pass_app
def upgrade(app: App) -> None:
    """\b
    Examples:
      cart store upgrade
      cart --store /srv/shop store upgrade -o json

    Convert a store that an older version wrote, so that this one can use it; the older one refuses
    it then. Carts and payments must agree before, and are compared again afterwards. Whatever stops
    it, the same command goes on. Where there is nothing to convert, nothing is changed. Users whose
    names are not allowed any more are listed: they cannot log in, and what is theirs is kept. No
    login is needed.
    """
    from cartcli.bootstrap.upkeep import upgrade_store  # nobody needs it twice

    with Bars() as bars:
        converted, carts, payments, refused = upgrade_store(app.settings, bars.show)
    counts = {"carts": carts, "payments": payments}
    record = {"converted": converted, **(counts if converted else dict.fromkeys(counts))}
    output = app.output
    for_people = [counts] if converted else []
    row = {**record, "refused": len(refused)}
    print_rows(output, for_people if output == "table" else [row], {**record, "refused": refused})
    if converted:
        agreed = f"{counted(carts, 'cart')} and {counted(payments, 'payment')}"
        message(f"{app.settings.store} is upgraded: {agreed}, all of which agree.")
    else:
        store = app.settings.store
        message(f"There is nothing to upgrade in {store}: this version can use it as it is.")
    if refused:
        message("Not allowed any more, so that they cannot log in; their carts are kept:")
    for name in refused:
        message(f"  {name!a}")
