"""cart carts: the user's carts."""

from __future__ import annotations

import click

from cartcli.cart_db import Which
from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_carts
from cartcli.cli.params import CartId


@click.command(cls=Command)
@click.argument("carts", nargs=-1, metavar="[CART]...", type=CartId(purchased=True))
@click.option("--purchased", is_flag=True, help="Those that are bought.")
@click.option("--all", "everything", is_flag=True, help="Those and the others.")
@pass_app
def carts(app: App, carts: tuple[str, ...], purchased: bool, everything: bool) -> None:
    """\b
    Examples:
      cart carts
      cart carts 3f2a
      cart carts --purchased -o json

    Show your carts that are not purchased, oldest first; or the ones you name, by id or by the
    start of it, whatever their state.
    """
    if bool(carts) + purchased + everything > 1:
        raise click.UsageError("Name carts, or use --purchased, or --all: one of these.")
    which: Which = "all" if everything else "purchased" if purchased else "unpurchased"
    found = app.shop.get_carts(app.identity, carts, which)
    print_carts(app.output, found)
    if not found:
        message(
            "No purchased carts." if purchased else "No carts. Start one with: cart add new SKU"
        )
