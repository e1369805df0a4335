"""Rows of CSV, each with the line in which it starts: of catalogues, and of what becomes one.

Nothing is held but the row at hand, so a file of any length will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

try:  # csv would also load what it takes to guess: a hundredth of a short command's time
    from _csv import Error, reader
except ImportError:
    from csv import Error, reader


class FaultyLine(ValueError):
    """The `line` of a file at which reading ends, and the `reason`."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class NotUtf8(FaultyLine):
    """The line is not UTF-8 text."""


def split_lines(chunks: Iterable[bytes], longest: int | None = None) -> Iterator[bytes]:
    """The lines of a file that is given in `chunks`, each with its end: LF, CR LF, or a CR alone.
    FaultyLine for one of `longest` bytes or more. No chunk is longer than that; those that are just
    one line that ends with LF are passed on as they are."""
    rest, number = b"", 0
    for data in chunks:
        if not rest and b"\r" not in data and data.find(b"\n") == len(data) - 1:
            number += 1
            yield data
            continue
        *lines, rest = (rest + data).splitlines(keepends=True)
        if rest.endswith(b"\n"):
            lines.append(rest)
            rest = b""
        number += len(lines)
        yield from lines
        if longest and len(rest) >= longest:
            raise FaultyLine(number + 1, f"it is longer than {longest:,} bytes")
    if rest:
        yield rest


class TextLines:
    """The `lines` of a file in UTF-8 as text, without a byte-order mark. `end` tells how many bytes
    were given out so far. Iterating raises NotUtf8."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.end = 0
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        for number, data in enumerate(self._lines, 1):
            self.end += len(data)
            try:
                line = data.decode()
            except UnicodeDecodeError:
                raise NotUtf8(number, "it is not UTF-8 text") from None
            yield line.removeprefix("\ufeff") if number == 1 else line


def csv_rows(lines: Iterable[str], delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The fields of each row that is not blank, after the number of the line in which it starts;
    the first row is the header.

    Takes no more of `lines` than a row needs. FaultyLine for a row that is not well-formed, and
    whatever `lines` raises.
    """
    rows = reader(lines, delimiter=delimiter, strict=True)
    start = 1
    try:
        for row in rows:
            if row:
                yield start, row
            start = rows.line_num + 1
    except Error as error:
        raise FaultyLine(start, f"it is not well-formed CSV: {error}") from None
