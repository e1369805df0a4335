"""The catalog DB: what is on sale, in one currency."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from cartcli.model.lines import Item
from cartcli.model.money import Money

if TYPE_CHECKING:
    from pandas import DataFrame

Sort = Literal["name", "price", "-price"]
Progress = Callable[[int, int], None]


class CatalogDb(Protocol):
    """Reads a catalogue. Every method raises FixInput when the catalogue breaks a rule."""

    def get_descriptions(self, skus: Iterable[str]) -> dict[str, Item]:
        """The items of those `skus` that are on sale, by SKU. Unknown ones are left out."""

    def search(
        self,
        words: Sequence[str] = (),
        *,
        sort: Sort | None = None,
        min_price: Money | None = None,
        max_price: Money | None = None,
        limit: int | None = None,
    ) -> list[Item]:
        """Items that have every one of `words`, in any case, in SKU, name or description.

        In the catalogue's order unless sorted by name or by price, cheapest or dearest first;
        from `min_price` to `max_price`, both included; the first `limit` of them.
        """

    def frame(self) -> DataFrame:
        """The whole catalogue, a row an item, indexed by `sku`: `name`, `price` (Decimal),
        `currency`, `description`."""


def catalog_of(store: str) -> str:
    """The catalogue's file in the folder `store`."""
    return os.path.join(store, "catalog.csv")


def open_catalog_db(
    path: str,
    currency: str,
    index_folder: str | None = None,
    progress: Progress | None = None,
) -> CatalogDb:
    """The catalogue in the CSV file `path`, its prices in `currency`.

    An index of a large one is kept in `index_folder`, which is used only if it is there already,
    and which nobody else may write to. While a large one is parsed, `progress` is told how many
    bytes of how many are done.
    """
    from cartcli.catalog_db.csv_file import CsvCatalogDb

    return CsvCatalogDb(path, currency, index_folder, progress)
