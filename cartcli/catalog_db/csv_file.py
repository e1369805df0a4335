"""A catalogue in a CSV file with a header: sku, name, price, description, and further columns.

Read again when the file changes, and checked as a whole: a catalogue with one faulty row sells
nothing, because nobody can know what else is wrong with it.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from cartcli.catalog_db import Sort
from cartcli.errors import FixInput
from cartcli.model import Item, Money

if TYPE_CHECKING:
    from pandas import DataFrame

_COLUMNS: Final = ("sku", "name", "price", "description")


class CsvCatalogDb:
    """The catalogue in the CSV file `path`, its prices in `currency`."""

    def __init__(self, path: str, currency: str) -> None:
        self.path = path
        self.currency = currency
        self._stamp: tuple[int, int, int] | None = None
        self._known: dict[str, Item] = {}

    def get_descriptions(self, skus: Iterable[str]) -> dict[str, Item]:
        items = self._items()
        return {sku: items[sku] for sku in skus if sku in items}

    def search(
        self,
        words: Sequence[str] = (),
        *,
        sort: Sort | None = None,
        min_price: Money | None = None,
        max_price: Money | None = None,
        limit: int | None = None,
    ) -> list[Item]:
        found = [
            item
            for item in self._items().values()
            if (min_price is None or not item.price < min_price)
            and (max_price is None or not max_price < item.price)
            and _has_words(item, words)
        ]
        if sort == "name":
            found.sort(key=lambda item: item.name.casefold())
        elif sort:
            found.sort(key=lambda item: item.price.amount, reverse=sort == "-price")
        return found[:limit]

    def frame(self) -> DataFrame:
        import pandas

        rows = [
            (item.sku, item.name, item.price.amount, self.currency, item.description)
            for item in self._items().values()
        ]
        columns = ["sku", "name", "price", "currency", "description"]
        return pandas.DataFrame(rows, columns=columns).set_index("sku")

    def _items(self) -> dict[str, Item]:
        stamp = _stamp(self.path)
        if stamp is None or stamp != self._stamp:
            self._known = read_items(self.path, self.currency)
            self._stamp = stamp
        return self._known


def _stamp(path: str) -> tuple[int, int, int] | None:
    """What changes when the file does; None when it cannot be told."""
    try:
        info = os.stat(path)
    except OSError:
        return None
    return info.st_ino, info.st_size, info.st_mtime_ns


def _has_words(item: Item, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = f"{item.sku} {item.name} {item.description}".casefold()
    return all(word.casefold() in text for word in words)


def read_items(path: str, currency: str) -> dict[str, Item]:
    """The items of the CSV file `path` by SKU, in the file's order.

    FixInput names file, line and reason when a rule is broken.
    """
    items: dict[str, Item] = {}
    lines: dict[str, int] = {}
    for line, item in _rows(path, _text(path), currency):
        if item.sku in items:
            reason = f"the SKU {item.sku!r} is also in line {lines[item.sku]}"
            raise refused(path, line, reason)
        items[item.sku] = item
        lines[item.sku] = line
    if not items:
        raise refused(path, 1, "there are no items below the header")
    return items


def refused(path: str, line: int, reason: str) -> FixInput:
    """The error for a catalogue that breaks a rule in `line`."""
    return FixInput(
        f"the catalogue {path} is refused: line {line}: {reason}",
        "Nothing was changed. Correct the file, or name another one with --catalog.",
    )


def _text(path: str) -> str:
    data = _bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused(path, line, "it is not UTF-8 text") from None


def _bytes(path: str) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a FIFO must not hang us
        with open(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            return file.read()
    except OSError as error:
        reason = error.strerror or error
        raise FixInput(
            f"the catalogue {path} cannot be read: {reason}",
            "Nothing was changed. Name another file with --catalog.",
        ) from None


def _rows(path: str, text: str, currency: str) -> Iterator[tuple[int, Item]]:
    """Each row as an item, with the line it starts in."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    start = 1
    try:
        for row in reader:
            if not header:
                header = _header(path, row)
            elif row:
                yield start, _item(path, start, header, row, currency)
            start = reader.line_num + 1
    except csv.Error as error:
        raise refused(path, start, f"it is not well-formed CSV: {error}") from None
    if not header:
        raise refused(path, 1, "the file is empty")


def _header(path: str, row: list[str]) -> list[str]:
    """The column names; an unnamed first column, as in the original catalogue, is the SKU."""
    header = [name.strip().casefold() for name in row]
    if header and not header[0]:
        header[0] = "sku"
    for name in _COLUMNS:
        if (count := header.count(name)) != 1:
            problem = "is missing" if not count else f"is there {count} times"
            raise refused(path, 1, f"the column {name!r} {problem}")
    return header


def _item(path: str, line: int, header: list[str], row: list[str], currency: str) -> Item:
    if len(row) != len(header):
        raise refused(path, line, f"it has {len(row)} fields and the header {len(header)}")
    sku, name, price, description = (row[header.index(column)].strip() for column in _COLUMNS)
    for column, value in (("SKU", sku), ("name", name)):
        if not value:
            raise refused(path, line, f"the {column} is empty")
    if "\0" in sku or not sku.isprintable():
        raise refused(path, line, f"the SKU {sku!r} contains a control character")
    try:
        return Item(sku, name, Money.parse(price, currency), description)
    except ValueError as error:
        raise refused(path, line, f"price of {sku}: {error}") from None
