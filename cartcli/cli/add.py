"""cart add: items into a cart."""

from __future__ import annotations

import sys

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_cart
from cartcli.cli.params import NEW, CartId, Quantity, Sku
from cartcli.cli.text import is_terminal
from cartcli.errors import FixInput
from cartcli.model.changes import Add
from cartcli.model.lines import parse_quantity


@click.command(cls=Command)
@click.argument("cart", type=CartId(new=True))
@click.argument("sku", type=Sku())
@click.argument("quantity", type=Quantity(), required=False)
@pass_app
def add(app: App, cart: str, sku: str, quantity: int | None) -> None:
    """\b
    Examples:
      cart add new MUG-350-WHT
      cart add 3f2a TEA-SEN-100 2
      printf 'MUG-350-WHT,2\\nJAR-FID-05,6\\n' | cart add new -

    Put QUANTITY (1 unless given) of SKU into CART: its id, the start of it (4 characters or
    more), or `new`. With `-` for SKU, lines of `sku,quantity` are read from standard input, and
    all of them are added or none.
    """
    if sku == "-":
        if quantity is not None:
            raise click.UsageError("With - the quantities come from standard input.")
        changes = _read_lines()
    else:
        changes = [Add(sku.strip(), quantity or 1)]
    changed = app.shop.change_cart(app.identity, None if cart.lower() == NEW else cart, changes)
    print_cart(app.output, changed)


def _read_lines() -> list[Add]:
    """What the lines on standard input add."""
    if is_terminal(sys.stdin):
        message("Type lines of sku,quantity, and Ctrl-D at the end.")
    from cartcli import texts
    from cartcli.catalog_db.csv_rows import FaultyLine, csv_rows
    from cartcli.cli.stdin import whole_text

    text = whole_text("Nothing was changed.")
    added = []
    try:
        for line, row in csv_rows(texts.lines(text)):
            try:
                added.append(_parse(row))
            except ValueError as error:
                raise FaultyLine(line, str(error)) from None
    except FaultyLine as fault:
        raise FixInput(f"standard input, {fault}", "Nothing was changed.") from None
    if not added:
        raise FixInput("standard input holds no lines of sku,quantity", "Nothing was changed.")
    return added


def _parse(row: list[str]) -> Add:
    if len(row) != 2:
        raise ValueError(f"there are {len(row)} fields where sku,quantity should be")
    sku, quantity = (field.strip() for field in row)
    return Add(sku, parse_quantity(quantity))
