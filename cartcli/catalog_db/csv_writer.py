"""A catalogue as CSV, made piece by piece."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cartcli.catalog_db.rules import COLUMNS
from cartcli.catalog_db.snapshot import Entry
from cartcli.errors import FixInput

_BLOCK: Final = 1 << 20  # characters


def csv_of(entries: Iterable[Entry], further_columns: Sequence[str]) -> Iterator[bytes]:
    """The content of the file, in pieces of about a megabyte; FixInput when there are no entries,
    because a catalogue without items is refused by who reads it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow((*COLUMNS, *further_columns))
    none = True
    for (sku, name, price, description), further in entries:
        none = False
        rest = [further.get(column, "") for column in further_columns]
        writer.writerow((sku, name, price.decimal, description, *rest))
        if buffer.tell() > _BLOCK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if none:
        raise FixInput("a catalogue needs at least one item", "Nothing was written.")
    yield buffer.getvalue().encode()
