"""cart remove: items out of a cart."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_cart
from cartcli.cli.params import CartId, Quantity, Sku, output_option
from cartcli.errors import ChooseExisting, ReviewCart


@click.command(cls=Command)
@click.argument("cart", type=CartId())
@click.argument("sku", type=Sku())
@click.argument("quantity", type=Quantity(), required=False)
@output_option
@pass_app
def remove(app: App, cart: str, sku: str, quantity: int | None, output: str | None) -> None:
    """\b
    Examples:
      cart remove 3f2a TEA-SEN-100 1
      cart remove 3f2a TEA-SEN-100

    Take QUANTITY of SKU out of CART, or the whole line when no QUANTITY is given.
    """
    sku = sku.strip()

    def removed(contents: dict[str, int]) -> dict[str, int]:
        present = contents.get(sku)
        if present is None:
            raise ChooseExisting(
                f"there is no {sku!r} in cart {cart}",
                f"Nothing was changed. See what is in it with: cart carts {cart}",
            )
        if quantity is not None and quantity > present:
            raise ReviewCart(
                f"cart {cart} holds {present} of {sku}, not {quantity}",
                "Nothing was changed. Leave the quantity out to remove the whole line.",
            )
        return contents | {sku: 0 if quantity is None else present - quantity}

    changed = app.shop.update_cart(app.identity, cart, removed)
    print_cart(output or app.settings.output, changed)
