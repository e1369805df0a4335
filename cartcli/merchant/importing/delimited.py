"""CSV and TSV files, and those with semicolons that Excel writes in half of Europe: read by pandas
as text, a block of rows at a time.

No value is interpreted: a SKU keeps its leading zeros, a price never passes through a float, and
"NA" is a name. pandas counts no lines, so they are counted here, as they go to it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas
from pandas.errors import ParserError

from cartcli.errors import FixInput
from cartcli.merchant.importing.offer import Table
from cartcli.merchant.importing.source import Source

_BLOCK: Final = 5_000  # rows
_LONGEST: Final = 16 << 20  # bytes of one line
# With a callable for bad lines, pandas drops what is not well-formed in the lines that it looks at
# before the first block. These blank ones are what it looks at.
_LOOKED_AT: Final = 3


def read_delimited(source: Source) -> Table:
    """The table of a delimited file; rows are numbered by the line they start in."""
    lines = _Lines(source)
    first = next(lines, "")
    delimiter = max(",\t;", key=first.count)
    lines.unread(first)
    try:
        header = next(filter(None, csv.reader(lines, delimiter=delimiter, strict=True)), None)
    except csv.Error as error:
        at = lines.malformed(delimiter)
        raise source.refused(f"line {at}: it is not well-formed CSV: {error}") from None
    if header is None:
        raise source.refused("it is empty")
    return Table(header, _rows(source, lines, len(header), delimiter), "line")


def _rows(
    source: Source, lines: _Lines, width: int, delimiter: str
) -> Iterator[tuple[int, Sequence[str] | str]]:
    start = lines.begin_block()
    lines.unread(*["\n"] * _LOOKED_AT)
    start -= _LOOKED_AT
    frames = _frames(lines, width, delimiter)
    while True:
        try:
            frame = next(frames, None)
        except (csv.Error, ParserError) as error:
            at = lines.malformed(delimiter)
            raise source.refused(f"line {at}: it is not well-formed CSV: {error}") from None
        if frame is None:
            return
        folded = lines.count + 1 - start > len(frame)  # some row takes more than one line
        for given, row in zip(frame.notna().sum(axis=1), _tuples(frame), strict=True):
            if given == width:
                yield start, row[:width]
            elif given > width:
                yield start, f"it has more fields than the header, which has {width}"
            elif given:
                yield start, f"it has {given} fields and the header {width}"
            start += 1 + (sum(cell.count("\n") for cell in row[:given]) if folded else 0)
        start = lines.begin_block()


def _frames(lines: _Lines, width: int, delimiter: str) -> Iterator[pandas.DataFrame]:
    """Blocks of rows as text, with one column more than the header: for what a row has too much.
    Missing fields are NaN, empty ones are not."""
    frames: Any = pandas.read_csv(
        lines,  # type: ignore[call-overload]
        sep=delimiter,
        header=None,
        names=range(width + 1),
        index_col=False,
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
        chunksize=_BLOCK,
        engine="python",
        on_bad_lines=lambda fields: [*fields[:width], "".join(fields[width:])],
    )
    return iter(frames)


def _tuples(frame: pandas.DataFrame) -> Iterator[tuple[str, ...]]:
    return zip(*(frame[column].tolist() for column in frame), strict=True)


class _Lines:
    """The lines of a UTF-8 file, counted; those of the present block are remembered."""

    def __init__(self, source: Source) -> None:
        self.count = 0
        self._source = source
        self._block: list[str] = []
        self._first = 1
        self._unread: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._unread:
            return self._unread.pop(0)
        data = self._source.file.readline(_LONGEST)
        if not data:
            raise StopIteration
        self.count += 1
        try:
            line = data.decode("utf-8-sig" if self.count == 1 else "utf-8")
        except UnicodeDecodeError:
            reason = "it is not UTF-8 text; save it as such (in Excel: CSV UTF-8)"
            raise self._refused(reason) from None
        if "\0" in line:
            raise self._refused("it contains a NUL character")
        if len(data) == _LONGEST:
            raise self._refused(f"it is longer than {_LONGEST:,} bytes")
        self._block.append(line)
        return line

    def readline(self) -> str:
        return next(self, "")

    read = readline  # pandas asks for such a method, and never calls it

    def unread(self, *lines: str) -> None:
        """Give these lines once more, without counting them."""
        self._unread.extend(lines)

    def begin_block(self) -> int:
        """Forget the lines so far; the number of the next one."""
        self._block.clear()
        self._first = self.count + 1
        return self._first

    def malformed(self, delimiter: str) -> int:
        """The line in which the first row of the block starts that is not well-formed."""
        reader = csv.reader(self._block, delimiter=delimiter, strict=True)
        start = 0
        try:
            for _ in reader:
                start = reader.line_num
        except csv.Error:
            pass
        return self._first + start

    def _refused(self, reason: str) -> FixInput:
        return self._source.refused(f"line {self.count}: {reason}")
