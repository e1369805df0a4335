"""The rules for a catalogue in CSV: a header, and one row an item.

It is checked as a whole: a catalogue with one faulty row sells nothing, because nobody can know
what else is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from cartcli.catalog_db import Progress
from cartcli.catalog_db.csv_rows import FaultyLine, TextLines, csv_rows, split_lines
from cartcli.catalog_db.rules import (
    COLUMNS,
    SeenSkus,
    checked_item,
    column_names,
    further_columns,
    require,
)
from cartcli.errors import FixInput
from cartcli.model.lines import Item

if TYPE_CHECKING:
    from cartcli.catalog_db.snapshot import Entry

ByteRange = tuple[int, int]  # from the first byte up to the one after the last

_ROWS_A_STEP: Final = 1_000


class CsvParser:
    """Parses the catalogue in the CSV file `path` once, its prices in `currency`; `file` gives its
    content as `open` does, split at LF. What it gives raises FixInput with file, line and reason
    when a rule is broken.

    After a row it knows where in the file that is, `at`, and where the header is, `head`; blank
    lines belong to the row below them.
    """

    def __init__(self, path: str, file: Iterable[bytes], currency: str) -> None:
        self.head: ByteRange = (0, 0)
        self.at: ByteRange = (0, 0)
        self._path = path
        self._lines = TextLines(split_lines(file))
        self._currency = currency

    def items(
        self, ranges: dict[str, ByteRange], progress: Progress | None = None, size: int = 0
    ) -> dict[str, Item]:
        """The items by SKU, in the file's order; where their rows are is put into `ranges`.
        `progress` is told how many bytes of `size` are parsed, and of all of them when it ends,
        whichever way."""
        items: dict[str, Item] = {}
        try:
            for item, _ in self._rows(further=False):
                items[item.sku] = item
                ranges[item.sku] = self.at
                if progress and len(items) % _ROWS_A_STEP == 0:
                    progress(self.at[1], size)
        finally:
            if progress:
                progress(size, size)
        return items

    def entries(self) -> Iterator[Entry]:
        """The items, each with its further columns, in the file's order and one at a time."""
        from cartcli.catalog_db.snapshot import Entry  # few calls take a whole catalogue

        return (Entry(item, columns) for item, columns in self._rows(further=True))

    def _rows(self, *, further: bool) -> Iterator[tuple[Item, dict[str, str]]]:
        layout: _Layout | None = None
        seen = SeenSkus("line")
        line = 1
        try:
            for line, row in csv_rows(self._lines):
                self.at = self.at[1], self._lines.end
                if layout is None:
                    layout, self.head = _Layout(row, further), self.at
                    continue
                item, columns = layout.read(row, self._currency)
                seen.add(item.sku, line)
                yield item, columns
            if not seen.skus:
                nothing = "there are no items below the header" if layout else "the file is empty"
                raise ValueError(nothing)
        except FaultyLine as fault:
            raise self._refused(fault.line, fault.reason) from None
        except ValueError as error:
            raise self._refused(line, str(error)) from None

    def _refused(self, line: int, reason: str) -> FixInput:
        return FixInput(
            f"the catalogue {self._path} is refused: line {line}: {reason}",
            "Nothing was changed.",
            catalog=self._path,
            line=line,
            reason=f"line {line}: {reason}",
        )


class _Layout:
    """Where the columns of a file are; ValueError when its header breaks a rule. Of the `further`
    ones nothing is asked, and nothing kept, by those who only sell."""

    def __init__(self, header: list[str], further: bool) -> None:
        names = column_names(header)
        require(names, *COLUMNS)
        self._width = len(names)
        self._facts = [names.index(name) for name in COLUMNS]
        kept = further_columns(names) if further else ()
        self._further = [(name, names.index(name)) for name in kept]

    def read(self, row: list[str], currency: str) -> tuple[Item, dict[str, str]]:
        """The item of a `row`, and its further columns; ValueError when it breaks a rule."""
        if len(row) != self._width:
            raise ValueError(f"it has {len(row)} fields and the header {self._width}")
        sku, name, price, description = [row[at].strip() for at in self._facts]
        item = checked_item(sku, name, price, description, currency)
        return item, {name: row[at].strip() for name, at in self._further} if self._further else {}
