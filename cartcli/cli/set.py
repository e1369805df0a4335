"""cart set: so many of an item in a cart."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_cart
from cartcli.cli.params import CartId, Quantity, Sku, dry_run_option, request_option, tell_tried
from cartcli.model.changes import Set


@click.command("set", cls=Command)
@click.argument("cart", type=CartId())
@click.argument("sku", type=Sku())
@click.argument("quantity", type=Quantity(least=0))
@request_option
@dry_run_option
@pass_app
def set_quantity(
    app: App, cart: str, sku: str, quantity: int, request_id: str, dry_run: bool
) -> None:
    """\b
    Examples:
      cart set 3f2a TEA-SEN-100 3
      cart set 3f2a TEA-SEN-100 0

    Let CART hold QUANTITY of SKU, however many it holds now; 0 takes it out. What is no longer
    sold can only become less.
    """
    changes = [Set(sku.strip(), quantity)]
    changed = app.shop.change_cart(
        app.identity, cart, changes, request_id=request_id, dry_run=dry_run
    )
    print_cart(app.output, changed)
    tell_tried(dry_run)


# The command's name is that of a type.
globals()["set"] = set_quantity
