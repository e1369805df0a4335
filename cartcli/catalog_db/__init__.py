"""The catalog DB: what is on sale, in one currency."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from cartcli.model.lines import Item
from cartcli.model.money import Money

if TYPE_CHECKING:
    from pandas import DataFrame

    from cartcli.catalog_db.snapshot import Entry, Snapshot

Sort = Literal["name", "price", "-price"]
Progress = Callable[[int, int], None]


class CatalogDb(Protocol):
    """A catalogue. One object serves many threads. Each answer is of one content as a whole, and of
    none that was replaced before the call began. Items have their SKUs in NFC, and no two of them
    look alike.

    Every method that reads it raises FixInput when it breaks a rule; the facts are `catalog`, where
    that is, and `reason`; RetryLater while it is being written. OSError when the disk fails."""

    @property
    def currency(self) -> str:
        """What its prices are in, an ISO 4217 code."""

    def get_descriptions(self, skus: Iterable[str]) -> dict[str, Item]:
        """The items of those `skus` that are on sale, each by the SKU that was given for it: SKUs
        are compared after NFC. Unknown ones are left out."""

    def search(
        self,
        words: Sequence[str] = (),
        *,
        sort: Sort | None = None,
        min_price: Money | None = None,
        max_price: Money | None = None,
        after: str = "",
        limit: int | None = None,
    ) -> list[Item]:
        """Items that have every one of `words` in SKU, name or description, in any case and width,
        and with or without accents.

        In the catalogue's order unless sorted by name or by price, cheapest or dearest first, those
        alike in the catalogue's order; from `min_price` to `max_price`, both included; the first
        `limit` of those that come after the item with the SKU `after`.

        That item need not be found itself: it has its place in the order for as long as it is on
        sale. So page after page gives everything once; of a catalogue that is replaced meanwhile,
        each page gives what comes after that item by now. ChooseExisting when it is not on sale any
        more: the fact is `sku`.
        """

    def everything(self) -> Snapshot:
        """The whole catalogue with its version and with all that is kept of it, an entry at a time:
        it may be larger than memory. Nothing, at the version "", while there is none yet."""

    def replace(
        self,
        entries: Iterable[Entry],
        further_columns: Sequence[str] = (),
        *,
        if_version: str | None = None,
        keep: bool = False,
    ) -> str:
        """Put `entries` in place of the whole catalogue, durably and in one step, and return its
        new version. `further_columns` are those to keep, in their order; an entry without one has
        an empty text there. The entries are of this currency, follow the rules of `checked_item`,
        and have every SKU once: whoever makes them sees to that. With `keep` the present catalogue
        is kept, for `before`, in place of what was kept until then.

        In all these cases nothing was changed: FixInput when there are no entries, VersionConflict
        when the catalogue is not at `if_version`, if one is given; RetryLater when others write it
        for too long; whatever `entries` raises.
        """

    def before(self) -> Snapshot:
        """What was kept of the catalogue; nothing, at the version "", while nothing is."""

    def put_back(self, *, if_version: str | None, before: str) -> None:
        """Put what was kept, which is at the version `before`, in place of the whole catalogue,
        durably and in one step, and keep the present one, if there is one: so the same again puts
        that back. VersionConflict, and nothing was changed, when one of them is at another version;
        with None the present one may be at any, or damaged."""

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
    *,
    lock_wait: float = 0,
) -> CatalogDb:
    """The catalogue in the CSV file `path`, its prices in `currency`.

    An index of a large one is kept in `index_folder`, which is used only if it is there already,
    and which nobody else may write to. While a large one is parsed, `progress` is told how many
    bytes of how many are done. Who replaces it waits up to `lock_wait` seconds for others.
    """
    from cartcli.catalog_db.csv_file import CsvCatalogDb

    return CsvCatalogDb(path, currency, index_folder, progress, lock_wait)
