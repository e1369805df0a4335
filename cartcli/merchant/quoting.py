"""What every customer's open carts come to today."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from cartcli.catalog_db import CatalogDb
from cartcli.catalog_db.rules import looked_up
from cartcli.model.cart import Cart
from cartcli.rules import pricing

if TYPE_CHECKING:
    from cartcli.model.lines import Item

_BLOCK: Final = 1_000


def quoted(carts: Iterator[Cart], catalog: CatalogDb, currency: str) -> Iterator[Cart]:
    """The `carts`, the open ones of them with their quotes at the prices of the `catalog`, in a
    shop that sells in `currency`. Each SKU is looked up once, and few carts are held at a time."""
    items: dict[str, Item] = {}
    looked: set[str] = set()
    while block := [*islice(carts, _BLOCK)]:
        waiting = (cart for cart in block if cart.state == "open")
        new = {line.sku for cart in waiting for line in cart.lines} - looked
        items |= looked_up(catalog, new, currency)
        looked |= new
        for cart in block:
            today = pricing.todays(cart, items, currency) if cart.state == "open" else None
            yield cart._replace(today=today)
