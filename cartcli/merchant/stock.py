"""Single items of the shop's own catalogue: another price, another name, or none any more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from cartcli.catalog_db import CatalogDb
from cartcli.catalog_db.rules import checked_item
from cartcli.catalog_db.snapshot import Entry
from cartcli.errors import FixInput, VersionConflict, not_on_sale
from cartcli.model.lines import Item, same_sku
from cartcli.model.money import Money
from cartcli.rules.choices import check_amount

_PATIENCE: Final = 10.0  # seconds of changes by others
_UNCHANGED: Final = "Nothing was changed."


def set_item(
    stock: CatalogDb,
    keep: Callable[[], object],
    sku: str,
    price: Money | None,
    name: str | None,
    description: str | None,
    *,
    dry_run: bool,
) -> Item:
    """As `Merchant.set_item`, in this `stock`, which `keep` lets the shop have for good."""
    check_amount("price", price)
    if price is not None and price.currency != stock.currency:
        raise FixInput(f"the shop sells in {stock.currency}, and not at {price}", _UNCHANGED)

    def make(old: Item) -> Item:
        try:
            return checked_item(
                old.sku,
                old.name if name is None else name.strip(),
                (old.price if price is None else price).decimal,
                old.description if description is None else description.strip(),
                stock.currency,
            )
        except ValueError as error:
            raise FixInput(str(error), _UNCHANGED, sku=sku) from None

    if dry_run:
        return make(_found(stock, same_sku(sku))[1])
    return _replaced(stock, keep, same_sku(sku), make)


def remove_item(stock: CatalogDb, keep: Callable[[], object], sku: str, *, dry_run: bool) -> Item:
    """As `Merchant.remove_item`, in this `stock`, which `keep` lets the shop have for good."""
    if dry_run:
        return _found(stock, same_sku(sku))[1]
    return _replaced(stock, keep, same_sku(sku), lambda old: None)


def _replaced(
    stock: CatalogDb, keep: Callable[[], object], sku: str, make: Callable[[Item], Item | None]
) -> Item:
    """Put what is made of the item with this SKU in its place, and return that, or the old one when
    it is nothing. From the beginning whenever others have changed the catalogue meanwhile."""
    deadline = time.monotonic() + _PATIENCE
    while True:  # each turn means that somebody else has changed it
        try:
            version, found, columns = _found(stock, sku)
            made = make(found)
            keep()
            entries = _with(stock.everything().entries, sku, made)
            stock.replace(entries, columns, if_version=version)
        except VersionConflict:
            if time.monotonic() > deadline:
                raise
        else:
            keep()
            return made or found


def _found(stock: CatalogDb, sku: str) -> tuple[str, Item, list[str]]:
    """The catalogue's version, the item with this SKU, and the names of all further columns."""
    snapshot = stock.everything()
    if not snapshot.version:
        raise FixInput("this shop has no catalogue of its own", f"{_UNCHANGED} Bring one in first.")
    columns: dict[str, None] = {}
    found = None
    for item, further in snapshot.entries:
        columns.update(dict.fromkeys(further))
        if item.sku == sku:
            found = item
    if found is None:
        raise not_on_sale(sku)
    return snapshot.version, found, [*columns]


def _with(entries: Iterator[Entry], sku: str, made: Item | None) -> Iterator[Entry]:
    for entry in entries:
        if entry.item.sku != sku:
            yield entry
        elif made is not None:
            yield Entry(made, entry.further)
