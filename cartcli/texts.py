"""Text from outside, in whatever an editor, a shell or a spreadsheet writes it: UTF-8, with or
without a byte-order mark, or UTF-16 with one; lines end with LF, CR LF or CR. And text to outside
that all of them read."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_EITHER: Final = "\r\n"


def decoded(data: bytes) -> str:
    """The text, without its mark. ValueError says which line is none."""
    if data.startswith(UTF16_MARKS):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise ValueError("it is not UTF-16 text, as it says") from None
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = len([*lines(data[: error.start].decode(errors="replace") + "?")])
        raise ValueError(f"line {line} is not UTF-8 text") from None


def lines(text: str) -> Iterator[str]:
    """The lines of `text`, each but perhaps the last one ended by a line feed."""
    return iter(io.StringIO(text, newline=None))


def first_line(file: BinaryIO, limit: int) -> str:
    """The first line of the `file`, without its end, of at most `limit` bytes; ValueError when it
    is none. No more is waited for than that line."""
    data = file.readline(limit)
    if data.startswith(UTF16_MARKS):  # where a byte like a line end may be half of a character
        while len(data) < limit and "\n" not in data.decode("utf-16", "ignore"):
            more = file.read(1) if len(data) % 2 else file.readline(limit - len(data))
            if not more:
                break
            data += more
        data = data[: len(data) // 2 * 2]
    return next(lines(decoded(data)), "").rstrip("\n")


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The `rows` as CSV, each ended by a line feed; what has a line end of any kind is quoted."""
    import csv  # most texts are something else

    writer = csv.writer(_Lines(), lineterminator=_EITHER)  # which quotes what has a part of it
    for row in rows:
        yield writer.writerow(row).removesuffix(_EITHER) + "\n"


class _Lines:
    """A file that gives back what would be written to it."""

    def write(self, line: str) -> str:
        return line
