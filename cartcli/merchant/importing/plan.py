"""What a file would make of the store's catalogue, and making it so."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from cartcli.catalog_db import catalog_of
from cartcli.catalog_db.rules import COLUMNS, checked_item
from cartcli.errors import CartError, FixInput, RetryLater
from cartcli.files import durable, locks
from cartcli.merchant.importing import formats
from cartcli.merchant.importing.offer import Format, LeftOut, Offer, Table
from cartcli.merchant.importing.source import NOTHING_WRITTEN, Source, open_source
from cartcli.merchant.importing.staging import Change, Staging
from cartcli.model.lines import Item

T = TypeVar("T")
Progress = Callable[[str, int, int], None]  # what is done, how far, of how much (0: nobody knows)

_STEP: Final = 1_000  # rows from one word of progress to the next; fewer are done in an instant
_BLOCK: Final = 1 << 20  # characters
_LONGEST_REASON: Final = 300
_WARNINGS_KEPT: Final = 5


class Counts(NamedTuple):
    """How the new catalogue differs from the old one; `repriced` of the changed items have another
    price, the others another name or description."""

    added: int
    changed: int
    repriced: int
    removed: int


class Plan:
    """The catalogue to be: the items of one file, and with `merge` those of the present one that
    the file lacks. Use it with `with`: it holds temporary files. `progress` is told how far it
    has come, when that takes a while."""

    def __init__(
        self, currency: str, merge: bool = False, progress: Progress | None = None
    ) -> None:
        self.format = ""
        self.unit = "line"
        self.items = 0
        self.faulty = 0
        self.left_out: Counter[str] = Counter()
        self.warnings: list[str] = []
        self.warned = 0
        self.old_unreadable = ""
        self._currency = currency
        self._merge = merge
        self._progress = progress
        self._columns: dict[str, None] = dict.fromkeys(COLUMNS)
        self._old_columns: dict[str, None] = {}
        self._tally: Counter[str] = Counter()
        self._staging = Staging()

    def __enter__(self) -> Plan:
        return self

    def __exit__(self, *exc: object) -> None:
        self._staging.close()

    def read(self, source: Source, forced: str | None, now: datetime) -> None:
        """Read all of `source`, in the format of its header or the `forced` one.

        FixInput when nothing of it can be imported; single faulty rows are counted and kept.
        """
        with _temporary_files():
            table = self._told_of(source, f"Reading {os.path.basename(source.name)}")
            self.unit = table.unit
            try:
                chosen, columns = formats.choose(table.header, forced, self._currency, now)
            except ValueError as error:
                raise source.refused(str(error)) from None
            self.format = chosen.name
            for place, reason in self._take(table, chosen, columns, self._add):
                self.faulty += 1
                self._staging.add_fault(place, reason)
        if not self.items and not self.faulty:
            raise source.refused("there are no items in it")

    def faults(self) -> Iterator[str]:
        """Each faulty row: where it is, and what is wrong with it."""
        for place, reason in self._staging.faults():
            yield f"{self.unit} {place}: {reason}"

    def compare(self, catalog: str, now: datetime) -> Counts:
        """Read the present `catalog`, if there is one, and count the differences.

        When it is damaged, everything counts as added, unless it is to be merged: FixInput.
        """
        if os.path.exists(catalog):
            with _temporary_files():
                self._read_old(catalog, now)
        tally = self._tally
        added = self.items - tally["kept"] - tally["changed"]
        return Counts(
            added, tally["changed"], tally["repriced"], 0 if self._merge else tally["removed"]
        )

    def changes(self) -> Iterator[Change]:
        """Every difference: first what changed, then what is added, then what is removed."""
        for kind in ("changed", "added") if self._merge else ("changed", "added", "removed"):
            with _temporary_files():
                yield from self._staging.changes(kind)

    def write(self, store: str, now: datetime, wait: float) -> Counts:
        """Replace the catalogue of `store` whole, and say how the new one differs."""
        if not self.items:
            raise FixInput("no item is left to import", NOTHING_WRITTEN)
        busy = RetryLater(
            "another import is writing the catalogue", f"{NOTHING_WRITTEN} Try again in a moment."
        )
        with locks.locked(os.path.join(store, "catalog.lock"), wait, busy):
            catalog = catalog_of(store)
            counts = self.compare(catalog, now)
            with _temporary_files():
                durable.replace_in_chunks(catalog, self._chunks())
        return counts

    def _take(
        self,
        table: Table,
        form: Format,
        columns: list[str],
        add: Callable[[Item, int, Offer], int | None],
    ) -> Iterator[tuple[int, str]]:
        """Give the items of `table` to `add`, which says where their SKU was before; gives the
        faulty rows."""
        for place, fields in table.rows:
            if isinstance(fields, str):
                yield place, fields
                continue
            try:
                offer = form.offer(dict(zip(columns, map(str.strip, fields), strict=True)))
                if isinstance(offer, LeftOut):
                    self.left_out[offer.why] += 1
                    continue
                item = checked_item(*offer[:4], self._currency)
                other = add(item, place, offer)
                if other is not None:
                    raise ValueError(f"the SKU {item.sku!r} is also in {table.unit} {other}")
            except ValueError as error:
                yield place, str(error)[:_LONGEST_REASON]

    def _add(self, item: Item, place: int, offer: Offer) -> int | None:
        other = self._staging.add(item, place, offer.further)
        if other is None:
            self.items += 1
            self._columns.update(dict.fromkeys(offer.further))
            if offer.warning:
                self.warned += 1
                if self.warned <= _WARNINGS_KEPT:
                    self.warnings.append(f"{self.unit} {place}: {offer.warning}")
        return other

    def _add_old(self, item: Item, place: int, offer: Offer) -> int | None:
        other, change = self._staging.add_old(item, place, offer.further)
        self._old_columns.update(dict.fromkeys(offer.further))
        self._tally[change.kind if change else "kept"] += 1
        if change and change.new_price not in (None, change.old_price):
            self._tally["repriced"] += 1
        return other

    def _read_old(self, catalog: str, now: datetime) -> None:
        try:
            with open_source(catalog) as source:
                table = self._told_of(source, "Comparing with the present catalogue")
                chosen, columns = formats.choose(table.header, "own", self._currency, now)
                for place, reason in self._take(table, chosen, columns, self._add_old):
                    raise ValueError(f"{table.unit} {place}: {reason}")
        except (CartError, ValueError) as error:
            reason = error.message if isinstance(error, CartError) else str(error)
            if self._merge:
                raise FixInput(
                    f"the present catalogue {catalog} cannot be merged: {reason}",
                    NOTHING_WRITTEN,
                    catalog=catalog,
                    merge=True,
                ) from None
            self.old_unreadable = reason
            self._tally.clear()
            self._staging.forget_old()

    def _chunks(self) -> Iterator[bytes]:
        """The catalogue as CSV."""
        columns = [*(self._old_columns if self._merge else ()), *self._columns]
        further = [name for name in dict.fromkeys(columns) if name not in COLUMNS]
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow((*COLUMNS, *further))
        items = self._staging.facts(merge=self._merge)
        kept = self._tally["removed"] if self._merge else 0
        for *facts, rest in self._told(items, "Writing the catalogue", self.items + kept):
            writer.writerow((*facts, *(rest.get(name, "") for name in further)))
            if buffer.tell() > _BLOCK:
                yield buffer.getvalue().encode()
                buffer.seek(0)
                buffer.truncate()
        yield buffer.getvalue().encode()

    def _told_of(self, source: Source, label: str) -> Table:
        """The table of `source`, of which is told how far it is read."""
        table = source.table()
        return table._replace(rows=self._told(table.rows, label, source.size, source.position))

    def _told(
        self, rows: Iterator[T], label: str, of: int, position: Callable[[], int] | None = None
    ) -> Iterator[T]:
        """`rows`; every so often it is told how far they have come: how many, or `position`."""
        number = 0
        for number, row in enumerate(rows, 1):
            yield row
            if self._progress and number % _STEP == 0:
                self._progress(label, position() if position and of else number, of)
        if self._progress and number >= _STEP:
            self._progress(label, of or number, of)


@contextmanager
def _temporary_files() -> Iterator[None]:
    """An error of the temporary database, such as a full disk, as one that a user can mend."""
    try:
        yield
    except sqlite3.Error as error:
        raise CartError(
            f"the temporary files of the import failed: {error}",
            f"{NOTHING_WRITTEN} Make room, or name another folder in SQLITE_TMPDIR.",
        ) from None
