"""cart empty: everything out of a cart."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_cart
from cartcli.cli.params import CartId, dry_run_option, tell_tried
from cartcli.model.changes import Replace


@click.command(cls=Command)
@click.argument("cart", type=CartId())
@dry_run_option
@pass_app
def empty(app: App, cart: str, dry_run: bool) -> None:
    """\b
    Example:
      cart empty 3f2a

    Take everything out of CART, which stays, open and empty. To be rid of it: cart delete.
    """
    emptied = app.shop.change_cart(app.identity, cart, [Replace(())], dry_run=dry_run)
    print_cart(app.output, emptied)
    tell_tried(dry_run)
