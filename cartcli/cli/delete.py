"""cart delete: carts that are not wanted any more."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.consent import check_consent, yes_option
from cartcli.cli.output import print_carts
from cartcli.cli.params import CartId, dry_run_option
from cartcli.cli.text import counted


@click.command(cls=Command)
@click.argument("carts", metavar="CART...", nargs=-1, required=True, type=CartId())
@yes_option
@dry_run_option
@pass_app
def delete(app: App, carts: tuple[str, ...], yes: bool, dry_run: bool) -> None:
    """\b
    Examples:
      cart delete 3f2a
      cart delete 3f2a 81c0 --yes -o json

    Remove open carts for good, and print what was in them. A cart whose payment is not known yet is
    settled first: if it was charged, it is purchased, and stays. A terminal is asked first; a
    script says --yes.
    """
    shop, identity = app.shop, app.identity
    found = shop.get_carts(identity, carts)
    if not dry_run:
        check_consent(yes, f"Delete {counted(len(found), 'cart')} for good?")
        for cart in found:
            shop.delete_cart(identity, cart.id)
    print_carts(app.output, found)
    told = counted(len(found), "cart")
    message(f"{told} would be deleted; nothing was changed." if dry_run else f"{told} deleted.")
