"""cart add: items into a cart."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_cart
from cartcli.cli.params import CartId, Quantity, Sku, dry_run_option, request_option, tell_tried
from cartcli.model.cart import Cart
from cartcli.model.changes import Add
from cartcli.model.ids import NEW


@click.command(cls=Command)
@click.argument("cart", type=CartId(new=True))
@click.argument("sku", type=Sku())
@click.argument("quantity", type=Quantity(), required=False)
@request_option
@dry_run_option
@pass_app
def add(
    app: App, cart: str, sku: str, quantity: int | None, request_id: str, dry_run: bool
) -> None:
    """\b
    Examples:
      cart add new MUG-350-WHT
      cart add 3f2a TEA-SEN-100 2
      printf 'MUG-350-WHT,2\\nJAR-FID-05\\n' | cart add new -
      cart carts 3f2a -o csv | cart add new -

    Put QUANTITY (1 unless given) of SKU into CART: its name, its id, the start of that (4
    characters or more), or `new`. With `-` for SKU, standard input is read, and all of it is added
    or none: lines of `sku,quantity`, or of a SKU alone, as a scanner types them, which count 1
    each; or CSV with a header, as commands print it.
    """
    which = None if cart.lower() == NEW else cart

    def make(changes: list[Add]) -> Cart:
        return app.shop.change_cart(
            app.identity, which, changes, request_id=request_id, dry_run=dry_run
        )

    if sku != "-":
        changed = make([Add(sku.strip(), quantity or 1)])
    elif quantity is not None:
        raise click.UsageError("With - the quantities come from standard input.")
    else:
        from cartcli.cli.scanned import add_lines  # few carts are filled so

        changed = add_lines(make, lambda sku: _is_sold(app, sku))
    print_cart(app.output, changed)
    tell_tried(dry_run)


def _is_sold(app: App, sku: str) -> bool:
    from cartcli.errors import ChooseExisting

    try:
        return bool(app.shop.get_catalog(skus=[sku]))
    except ChooseExisting:
        return False
