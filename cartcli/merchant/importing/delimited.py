"""CSV and TSV files, and those with semicolons that Excel writes in half of Europe.

No value is interpreted: a SKU keeps its leading zeros, a price never passes through a float, and
"NA" is a name.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import BinaryIO

from cartcli import texts
from cartcli.catalog_db.csv_rows import FaultyLine, NotUtf8, TextLines, csv_rows, split_lines
from cartcli.merchant.importing.bounds import LINE
from cartcli.merchant.importing.offer import Table
from cartcli.merchant.importing.source import Source


def read_delimited(source: Source) -> Table:
    """The table of a delimited file; rows are numbered by the line they start in."""
    with _refusing(source):
        lines = _lines(source)
        first = next(lines, "")
        delimiter = max(",", "\t", ";", key=first.count)
        rows = csv_rows(_without_nul(chain(filter(None, (first,)), lines)), delimiter)
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


def _lines(source: Source) -> Iterator[str]:
    """The lines of the file as text; FaultyLine for one that is none, or would fill the memory."""
    head = source.file.peek()  # type: ignore[attr-defined]
    utf16 = head.startswith(texts.UTF16_MARKS)
    chunks = _from_utf16(source.file) if utf16 else iter(lambda: source.file.readline(LINE), b"")
    return iter(TextLines(split_lines(chunks, LINE)))


def _from_utf16(file: BinaryIO) -> Iterator[bytes]:
    """The text in UTF-8, in pieces that end anywhere."""
    pieces = iter(lambda: file.read(LINE // 4), b"")  # three bytes in UTF-8 are two in UTF-16
    try:
        for text in codecs.iterdecode(pieces, "utf-16"):
            yield text.encode()
    except UnicodeDecodeError:
        raise NotUtf8(1, "it is not text") from None


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
