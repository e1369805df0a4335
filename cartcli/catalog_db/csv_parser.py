"""The rules for a catalogue in CSV: a header with the columns sku, name, price and description,
perhaps among others, and one row an item.

It is checked as a whole: a catalogue with one faulty row sells nothing, because nobody can know
what else is wrong with it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cartcli.catalog_db import Progress
from cartcli.catalog_db.rules import checked_item
from cartcli.errors import FixInput
from cartcli.model.lines import Item

if TYPE_CHECKING:
    from cartcli.catalog_db.csv_index import Span

_COLUMNS: Final = ("sku", "name", "price", "description")
_BOM: Final = b"\xef\xbb\xbf"
_ROWS_A_STEP: Final = 1_000


class CsvParser:
    """Parses `data`, the content of the CSV file `path`, once. Afterwards it knows where in `data`
    the header is, `head`, and each SKU's row, `spans`."""

    def __init__(self, path: str, data: bytes, currency: str) -> None:
        self.head: Span = (0, 0)
        self.spans: dict[str, Span] = {}
        self._path = path
        self._data = data
        self._currency = currency
        self._at = len(_BOM) if data.startswith(_BOM) else 0

    def items(self, progress: Progress | None = None) -> dict[str, Item]:
        """The items by SKU, in the file's order; `progress` is told how many bytes of how many
        are parsed, and of all of them when it ends, whichever way. FixInput names file, line and
        reason when a rule is broken."""
        try:
            return self._items(progress)
        finally:
            if progress:
                progress(len(self._data), len(self._data))

    def _items(self, progress: Progress | None) -> dict[str, Item]:
        items: dict[str, Item] = {}
        lines: dict[str, int] = {}
        for line, span, item in self._rows():
            sku = item.sku
            if sku in items:
                raise self._refused(line, f"the SKU {sku!r} is also in line {lines[sku]}")
            items[sku] = item
            lines[sku] = line
            self.spans[sku] = span
            if progress and len(items) % _ROWS_A_STEP == 0:
                progress(span[1], len(self._data))
        if not items:
            raise self._refused(1, "there are no items below the header")
        return items

    def _rows(self) -> Iterator[tuple[int, Span, Item]]:
        """Each row as an item, with the line it starts in and its place."""
        reader = csv.reader(self._lines(), strict=True)
        header: list[str] = []
        columns: list[int] = []
        line, start = 1, self._at
        try:
            for row in reader:
                if not header:
                    header = self._header(row)
                    columns = [header.index(name) for name in _COLUMNS]
                    self.head = start, self._at
                elif row:
                    if len(row) != len(header):
                        reason = f"it has {len(row)} fields and the header {len(header)}"
                        raise self._refused(line, reason)
                    item = self._item(line, *(row[column].strip() for column in columns))
                    yield line, (start, self._at), item
                line, start = reader.line_num + 1, self._at
        except csv.Error as error:
            raise self._refused(line, f"it is not well-formed CSV: {error}") from None
        if not header:
            raise self._refused(1, "the file is empty")

    def _lines(self) -> Iterator[str]:
        """The lines of the file; `_at` follows them."""
        try:
            text = self._data[self._at :].decode()
        except UnicodeDecodeError as error:
            line = self._data.count(b"\n", 0, self._at + error.start) + 1
            raise self._refused(line, "it is not UTF-8 text") from None
        for part in io.StringIO(text, newline=""):
            self._at += len(part) if part.isascii() else len(part.encode())
            yield part

    def _header(self, row: list[str]) -> list[str]:
        """The column names; an unnamed first one, as in the original catalogue, is the SKU."""
        header = [name.strip().casefold() for name in row]
        if header and not header[0]:
            header[0] = "sku"
        for name in _COLUMNS:
            if (count := header.count(name)) != 1:
                problem = "is missing" if not count else f"is there {count} times"
                raise self._refused(1, f"the column {name!r} {problem}")
        return header

    def _item(self, line: int, sku: str, name: str, price: str, description: str) -> Item:
        try:
            return checked_item(sku, name, price, description, self._currency)
        except ValueError as error:
            raise self._refused(line, str(error)) from None

    def _refused(self, line: int, reason: str) -> FixInput:
        return FixInput(
            f"the catalogue {self._path} is refused: line {line}: {reason}",
            "Nothing was changed.",
            catalog=self._path,
            line=line,
        )
