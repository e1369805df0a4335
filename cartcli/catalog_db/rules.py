"""What every item of a catalogue must be, wherever it comes from."""

from __future__ import annotations

from cartcli.model.lines import Item
from cartcli.model.money import Money


def checked_item(sku: str, name: str, price: str, description: str, currency: str) -> Item:
    """The item of these texts; ValueError with the reason when they break a rule."""
    if not sku:
        raise ValueError("the SKU is empty")
    if not name:
        raise ValueError("the name is empty")
    if "\0" in sku or not sku.isprintable():
        raise ValueError(f"the SKU {sku!r} contains a control character")
    try:
        return Item(sku, name, Money.parse(price, currency), description)
    except ValueError as error:
        raise ValueError(f"price of {sku}: {error}") from None
