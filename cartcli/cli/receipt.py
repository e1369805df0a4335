"""cart receipt: the proof of a purchase."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_receipt
from cartcli.cli.params import CartId


@click.command(cls=Command)
@click.argument("order", type=CartId(which="purchased"))
@click.option("--any", "anybody", is_flag=True, help="Of whichever customer: the merchant's look.")
@pass_app
def receipt(app: App, order: str, anybody: bool) -> None:
    """\b
    Examples:
      cart receipt 3f2a
      cart receipt 3f2a -o json
      cart receipt 3f2a9c1e --any

    Print the receipt of an order of yours again, as it was when it was bought. An order has the id
    of the cart it was. With --any, of an order of any customer, which is the merchant's, and needs
    no login.
    """
    if anybody:
        (found,) = app.shop.merchant.orders([order])
    else:
        (found,) = app.shop.orders(app.identity, [order])
    if found.receipt:  # as every order has
        print_receipt(app.output, found.receipt)
