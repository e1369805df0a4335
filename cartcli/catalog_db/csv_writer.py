"""A catalogue as CSV, made piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cartcli import texts
from cartcli.catalog_db.rules import COLUMNS
from cartcli.catalog_db.snapshot import Entry
from cartcli.errors import FixInput

_BLOCK: Final = 1 << 20  # characters


def csv_of(entries: Iterable[Entry], further_columns: Sequence[str]) -> Iterator[bytes]:
    """The content of the file, in pieces of about a megabyte; FixInput when there are no entries,
    because a catalogue without items is refused by who reads it."""
    block: list[str] = []
    size = 0
    for line in texts.csv_lines(_rows(entries, further_columns)):
        block.append(line)
        size += len(line)
        if size > _BLOCK:
            yield "".join(block).encode()
            block, size = [], 0
    yield "".join(block).encode()


def _rows(entries: Iterable[Entry], further_columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    yield *COLUMNS, *further_columns
    none = True
    for (sku, name, price, description), further in entries:
        none = False
        rest = (further.get(column, "") for column in further_columns)
        yield sku, name, price.decimal, description, *rest
    if none:
        raise FixInput("a catalogue needs at least one item", "Nothing was written.")
