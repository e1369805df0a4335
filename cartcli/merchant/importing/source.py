"""A product file, or standard input: opened once nobody writes it any more, and told by its first
bytes what it holds."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, NamedTuple, TypeVar

from cartcli.catalog_db.csv_content import CsvContent, Watch
from cartcli.errors import FixInput, RetryLater
from cartcli.merchant.importing.offer import Table

NOTHING_WRITTEN: Final = "Nothing was written."

_ZIP: Final = b"PK\x03\x04"  # what an .xlsx file is inside
_PARQUET: Final = b"PAR1"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_ENDED: Final = (_ZIP, _PARQUET, _OLD_EXCEL)  # half of such a file is told by its lack of an end
_PAUSE: Final = 0.05  # seconds
_ROWS_A_LOOK: Final = 5_000

_Row = TypeVar("_Row")


class Source(NamedTuple):
    """A file to import; `name` is what people call it, `size` its bytes or 0 if nobody knows. Its
    `content`, if it is a regular file, tells whether that has changed."""

    file: BinaryIO
    name: str
    size: int
    content: CsvContent | None = None

    def table(self) -> Table:
        """Its header and rows. FixInput when there is none, CartError when a library that reads
        such a file is not installed."""
        magic = self.file.peek(4)[:4]  # type: ignore[attr-defined]
        if magic == _OLD_EXCEL:
            raise self.refused("it is in the old Excel format; save it as .xlsx or as CSV")
        if magic == _ZIP:
            from cartcli.merchant.importing.spreadsheet import read_excel

            return read_excel(self)
        if magic == _PARQUET:
            from cartcli.merchant.importing.parquet import read_parquet

            return read_parquet(self)
        from cartcli.merchant.importing.delimited import read_delimited

        return read_delimited(self)

    def unchanged(self, rows: Iterable[_Row]) -> Iterator[_Row]:
        """Its `rows`; RetryLater at the end, or long before it, when it was written to meanwhile:
        reading one that others never stop to lengthen would not end."""
        for number, row in enumerate(rows, 1):
            yield row
            if number % _ROWS_A_LOOK == 0:
                self._check_unchanged()
        self._check_unchanged()

    def _check_unchanged(self) -> None:
        if self.content and self.content.written_to():
            raise _being_written(self.name)

    def position(self) -> int:
        """How many bytes of it were read."""
        return self.file.tell()

    def seekable(self) -> BinaryIO:
        """The file, or if it came through a pipe a temporary copy of it."""
        if self.file.seekable():
            return self.file
        copy: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed when nobody reads it
        shutil.copyfileobj(self.file, copy)
        copy.seek(0)
        return copy

    def refused(self, reason: str) -> FixInput:
        """The error for a file of which nothing can be imported."""
        return FixInput(f"{self.name} is refused: {reason}", f"{NOTHING_WRITTEN} Correct the file.")


@contextmanager
def open_source(path: str, wait: float = 0) -> Iterator[Source]:
    """The file `path`, or standard input for `-`; FixInput when it cannot be read, RetryLater when
    it may still be being written after `wait` seconds."""
    if path == "-":
        if sys.stdin is None:
            raise FixInput("standard input is closed", NOTHING_WRITTEN)
        yield _source(sys.stdin.buffer, "standard input", Watch())
        return
    watch, deadline = Watch(), time.monotonic() + wait
    while True:
        with _opened(path) as file:
            source = _source(file, path, watch)
            if _is_finished(source):
                yield source
                return
        if time.monotonic() > deadline:
            raise _being_written(path)
        time.sleep(_PAUSE)


def _opened(path: str) -> BinaryIO:
    try:
        return open(path, "rb")
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise FixInput(f"{path} cannot be read: {reason}", NOTHING_WRITTEN) from None


def _source(file: BinaryIO, name: str, watch: Watch) -> Source:
    info = os.fstat(file.fileno())
    if not stat.S_ISREG(info.st_mode):
        return Source(file, name, 0)
    return Source(file, name, info.st_size, CsvContent(file, watch))


def _is_finished(source: Source) -> bool:
    """Whether the file is whole, as far as can be known before it is read. What comes through a
    pipe is, when whoever writes it closes that."""
    if source.content is None or os.pread(source.file.fileno(), 4, 0) in _ENDED:
        return True
    return source.content.is_finished()


def _being_written(name: str) -> RetryLater:
    return RetryLater(
        f"{name} is being written, or was just now",
        f"{NOTHING_WRITTEN} Import it again when it is done.",
    )
