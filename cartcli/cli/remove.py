"""cart remove: items out of a cart."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_cart
from cartcli.cli.params import CartId, Quantity, Sku, dry_run_option, tell_tried
from cartcli.model.changes import Remove


@click.command(cls=Command)
@click.argument("cart", type=CartId())
@click.argument("sku", type=Sku())
@click.argument("quantity", type=Quantity(), required=False)
@dry_run_option
@pass_app
def remove(app: App, cart: str, sku: str, quantity: int | None, dry_run: bool) -> None:
    """\b
    Examples:
      cart remove 3f2a TEA-SEN-100 1
      cart remove 3f2a TEA-SEN-100

    Take QUANTITY of SKU out of CART, or the whole line when no QUANTITY is given.
    """
    changes = [Remove(sku.strip(), quantity)]
    changed = app.shop.change_cart(app.identity, cart, changes, dry_run=dry_run)
    print_cart(app.output, changed)
    tell_tried(dry_run)
