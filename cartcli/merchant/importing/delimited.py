"""CSV and TSV files, and those with semicolons that Excel writes in half of Europe.

No value is interpreted: a SKU keeps its leading zeros, a price never passes through a float, and
"NA" is a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Final

from cartcli.catalog_db.csv_rows import FaultyLine, NotUtf8, TextLines, csv_rows
from cartcli.merchant.importing.offer import Table
from cartcli.merchant.importing.source import Source

_LONGEST: Final = 16 << 20  # bytes of one line


def read_delimited(source: Source) -> Table:
    """The table of a delimited file; rows are numbered by the line they start in."""
    first = source.file.readline(_LONGEST)
    delimiter = max(",", "\t", ";", key=lambda text: first.count(text.encode()))
    rows = csv_rows(_without_nul(TextLines(_bounded(source, first))), delimiter)
    with _refusing(source):
        _, header = next(rows, (0, None))
    if header is None:
        raise source.refused("it is empty")
    return Table(header, _rows(source, rows, len(header)), "line")


def _rows(
    source: Source, rows: Iterator[tuple[int, list[str]]], width: int
) -> Iterator[tuple[int, Sequence[str] | str]]:
    with _refusing(source):
        for line, row in rows:
            if len(row) == width:
                yield line, row
            elif len(row) > width:
                yield line, f"it has more fields than the header, which has {width}"
            else:
                yield line, f"it has {len(row)} fields and the header {width}"


def _bounded(source: Source, first: bytes) -> Iterator[bytes]:
    """The lines of the file, of which the `first` was read already; FaultyLine for one that would
    fill the memory."""
    lines = iter(lambda: source.file.readline(_LONGEST), b"")
    for number, line in enumerate(chain(filter(None, (first,)), lines), 1):
        if len(line) == _LONGEST:
            raise FaultyLine(number, f"it is longer than {_LONGEST:,} bytes")
        yield line


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise FaultyLine(number, "it contains a NUL character")
        yield line


@contextmanager
def _refusing(source: Source) -> Iterator[None]:
    """A line at which reading ends, as the error for the whole file."""
    try:
        yield
    except FaultyLine as fault:
        advice = "; save it as such (in Excel: CSV UTF-8)" if isinstance(fault, NotUtf8) else ""
        raise source.refused(f"line {fault.line}: {fault.reason}{advice}") from None
