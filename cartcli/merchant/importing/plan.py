"""What a file would make of the store's catalogue, and making it so."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeVar

from cartcli.catalog_db import CatalogDb
from cartcli.catalog_db.rules import COLUMNS, checked_item, met_before
from cartcli.catalog_db.snapshot import Entry, Snapshot
from cartcli.errors import CartError, ChooseExisting, FixInput, VersionConflict
from cartcli.merchant import Told
from cartcli.merchant.importing import formats
from cartcli.merchant.importing.offer import Format, LeftOut, Offer, Table
from cartcli.merchant.importing.own import Own
from cartcli.merchant.importing.source import NOTHING_WRITTEN, Source
from cartcli.merchant.importing.staging import Staging
from cartcli.model.imports import Counts, Difference

T = TypeVar("T")

_STEP: Final = 1_000  # rows from one word of progress to the next; fewer are done in an instant
_TRIES: Final = 10  # times that others may replace the catalogue while it is compared
_LONGEST_REASON: Final = 300
_WARNINGS_KEPT: Final = 5


class Plan:
    """The catalogue to be, in place of the one in `stock`: the items of one file, and with `merge`
    those of the present one that the file lacks; or those from before the last import. Use it with
    `with`: it holds temporary files. `told` hears how far it has come, when that takes a while;
    `keep` is called before the catalogue is replaced, and after."""

    def __init__(
        self,
        stock: CatalogDb,
        currency: str,
        *,
        merge: bool = False,
        told: Told | None = None,
        keep: Callable[[], object] = lambda: None,
    ) -> None:
        self.format = ""
        self.unit = "line"
        self.items = 0
        self.faulty = 0
        self.left_out: Counter[str] = Counter()
        self.warnings: list[str] = []
        self.warned = 0
        self.old_unreadable = ""
        self._stock = stock
        self._currency = currency
        self._merge = merge
        self._told = told
        self._keep = keep
        self._columns: dict[str, None] = {}
        self._old_columns: dict[str, None] = {}
        self._tally: Counter[str] = Counter()
        self._staging = Staging()
        self._before = ""  # the version of what is put back

    def __enter__(self) -> Plan:
        return self

    def __exit__(self, *exc: object) -> None:
        self._staging.close()

    def read(self, source: Source, forced: str | None, now: datetime) -> None:
        """Read all of `source`, in the format of its header or the `forced` one.

        FixInput when nothing of it can be imported, RetryLater when it was written to meanwhile;
        single faulty rows are counted and kept.
        """
        with _temporary_files():
            table = source.table()
            self.unit = table.unit
            try:
                chosen, columns = formats.choose(table.header, forced, self._currency, now)
            except ValueError as error:
                raise source.refused(str(error)) from None
            self.format = chosen.name
            label = f"Reading {os.path.basename(source.name)}"
            rows = source.unchanged(table.rows)
            rows = self._telling(rows, label, source.size, source.position)
            for place, reason in self._take(table._replace(rows=rows), chosen, columns):
                self.faulty += 1
                self._staging.add_fault(place, reason)
        if not self.items and not self.faulty:
            raise source.refused("there are no items in it")

    def read_before(self) -> None:
        """Read the catalogue that the last import took the place of, to put it back. ChooseExisting
        when none is kept, FixInput when it breaks a rule."""
        snapshot = self._stock.before()
        if not snapshot.version:
            raise ChooseExisting("no catalogue is kept from before an import", NOTHING_WRITTEN)
        self.format, self._before = Own.name, snapshot.version
        label = "Reading the catalogue from before"
        with _temporary_files():
            rows = self._telling(snapshot.entries, label, snapshot.at_most)
            for place, (item, further) in enumerate(rows, 1):
                self._staging.add(item, place, further)
                self.items += 1

    def faults(self) -> Iterator[str]:
        """Each faulty row: where it is, and what is wrong with it."""
        for place, reason in self._staging.faults():
            yield f"{self.unit} {place}: {reason}"

    def compare(self) -> Counts:
        """Read the present catalogue, if there is one, and count the differences.

        When it is damaged, everything counts as added, unless it is to be merged: FixInput.
        """
        return self._against_present(write=False)

    def has(self, sku: str) -> bool:
        """Whether the catalogue to be has this SKU; to be asked after `compare`."""
        return self._staging.has(sku, merge=self._merge)

    def differences(self) -> Iterator[Difference]:
        """Every difference: first what changed, then what is added, then what is removed."""
        for kind in ("changed", "added") if self._merge else ("changed", "added", "removed"):
            with _temporary_files():
                yield from self._staging.differences(kind)

    def write(self) -> Counts:
        """Replace the catalogue whole, and say how the new one differs from the one before it.

        When others replace that meanwhile, compares again; VersionConflict when they never end.
        CartError when it was replaced, and the shop's terms cannot say so.
        """
        if not self.items:
            raise FixInput("no item is left to import", NOTHING_WRITTEN)
        self._keep()
        counts = self._against_present(write=True)
        try:
            self._keep()
        except (CartError, OSError) as error:
            raise CartError(
                "the file was imported, but the shop could not note that it has a catalogue of its"
                f" own: {error}",
                "Import it again.",
            ) from None
        return counts

    def _take(self, table: Table, form: Format, columns: list[str]) -> Iterator[tuple[int, str]]:
        """Keep the items of `table`; gives the faulty rows."""
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
                other = self._staging.add(item, place, offer.further)
                if other is not None:
                    raise met_before(item.sku, other[0], f"{table.unit} {other[1]}")
                self._count(offer, place)
            except ValueError as error:
                yield place, str(error)[:_LONGEST_REASON]

    def _count(self, offer: Offer, place: int) -> None:
        """Count an item that was taken, and keep what is to be told of it."""
        self.items += 1
        self._columns.update(dict.fromkeys(offer.further))
        if offer.warning:
            self.warned += 1
            if self.warned <= _WARNINGS_KEPT:
                self.warnings.append(f"{self.unit} {place}: {offer.warning}")

    def _against_present(self, *, write: bool) -> Counts:
        """Compare with the present catalogue, and perhaps `write`; from the beginning whenever
        others have replaced it meanwhile, which ends with VersionConflict when they never rest."""
        tries = 0
        while True:
            try:
                version = self._compare()
                if write:
                    self._replace(version)
                return self._counts()
            except VersionConflict:
                tries += 1
                if tries == _TRIES:
                    raise

    def _replace(self, version: str | None) -> None:
        if self._before:
            self._stock.put_back(if_version=version, before=self._before)
        else:
            entries, further = self._entries(), self._further()
            self._stock.replace(entries, further, if_version=version, keep=True)

    def _compare(self) -> str | None:
        """Find all differences from the present catalogue; its version, or None when it cannot be
        read, and so has none."""
        self._forget_old()
        version = None
        try:
            snapshot = self._stock.everything()
            version = snapshot.version
            with _temporary_files():
                self._take_old(snapshot)
        except FixInput as error:
            self._forget_old()
            self.old_unreadable = str(error.facts["reason"])[:_LONGEST_REASON]
            if self._merge:
                catalog = error.facts["catalog"]
                raise FixInput(
                    f"the present catalogue {catalog} cannot be merged: {self.old_unreadable}",
                    NOTHING_WRITTEN,
                    catalog=catalog,
                    merge=True,
                ) from None
        if self._merge:
            self._check_looks()
        return version

    def _check_looks(self) -> None:
        """FixInput when a new item's SKU looks like the one of an item that would stay."""
        if alike := self._staging.look_alike():
            sku, place, other = alike
            reason = met_before(sku, other, "the present catalogue")
            raise FixInput(
                f"{self.unit} {place}: {reason}",
                f"{NOTHING_WRITTEN} Spell it as it is in the catalogue, or correct it there.",
                sku=sku,
            )

    def _forget_old(self) -> None:
        """As if there had been no catalogue."""
        self.old_unreadable = ""
        self._tally.clear()
        self._old_columns.clear()
        self._staging.forget_old()

    def _take_old(self, old: Snapshot) -> None:
        label = "Comparing with the present catalogue"
        for item, further in self._telling(old.entries, label, old.at_most):
            self._old_columns.update(dict.fromkeys(further))
            difference = self._staging.add_old(item, further)
            self._tally[difference.kind if difference else "kept"] += 1
            if difference and difference.new_price not in (None, difference.old_price):
                self._tally["repriced"] += 1

    def _counts(self) -> Counts:
        tally = self._tally
        added = self.items - tally["kept"] - tally["changed"]
        removed = 0 if self._merge else tally["removed"]
        return Counts(added, tally["changed"], tally["repriced"], removed)

    def _further(self) -> list[str]:
        """The columns to keep beside the four of every catalogue."""
        names = dict.fromkeys((*(self._old_columns if self._merge else ()), *self._columns))
        return [name for name in names if name not in COLUMNS]

    def _entries(self) -> Iterator[Entry]:
        """The catalogue to be."""
        entries = self._staging.entries(self._currency, merge=self._merge)
        kept = self._tally["removed"] if self._merge else 0
        with _temporary_files():
            yield from self._telling(entries, "Writing the catalogue", self.items + kept)

    def _telling(
        self, rows: Iterable[T], label: str, of: int, position: Callable[[], int] | None = None
    ) -> Iterator[T]:
        """`rows`; every so often it is told how far they have come: how many, or `position`."""
        number = 0
        for number, row in enumerate(rows, 1):
            yield row
            if self._told and number % _STEP == 0:
                self._told(label, position() if position and of else number, of)
        if self._told and number >= _STEP:
            self._told(label, of or number, of)


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
