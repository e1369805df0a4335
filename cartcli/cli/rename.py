"""cart rename: a name for a cart."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_cart
from cartcli.cli.params import CartId


@click.command(cls=Command)
@click.argument("cart", type=CartId(which="all"))
@click.argument("name")
@pass_app
def rename(app: App, cart: str, name: str) -> None:
    """\b
    Examples:
      cart rename 3f2a groceries
      cart add groceries TEA-SEN-100
      cart rename groceries ''

    Give CART a NAME, which stands for it wherever a cart is asked for, until it is given to another
    one; with '' it has none any more. A cart that is bought gives its name up to one that is not.
    """
    renamed = app.shop.rename_cart(app.identity, cart, name)
    print_cart(app.output, renamed)
    if renamed.name:
        message(f"Cart {renamed.short_id} is called {renamed.name!r} from now on.")
    else:
        message(f"Cart {renamed.short_id} has no name any more.")
