"""cart empty: everything out of a cart."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_cart
from cartcli.cli.params import CartId


@click.command(cls=Command)
@click.argument("cart", type=CartId())
@pass_app
def empty(app: App, cart: str) -> None:
    """\b
    Example:
      cart empty 3f2a

    Take everything out of CART, which stays, open and empty. To be rid of it: cart delete.
    """
    print_cart(app.output, app.shop.update_cart(app.identity, cart, {}))
