"""A product file, or standard input: opened, and told by its first bytes what it holds."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, NamedTuple

from cartcli.errors import FixInput
from cartcli.merchant.importing.offer import Table

NOTHING_WRITTEN: Final = "Nothing was written."

_ZIP: Final = b"PK\x03\x04"  # what an .xlsx file is inside
_PARQUET: Final = b"PAR1"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


class Source(NamedTuple):
    """A file to import; `name` is what people call it, `size` its bytes or 0 if nobody knows."""

    file: BinaryIO
    name: str
    size: int

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
def open_source(path: str) -> Iterator[Source]:
    """The file `path`, or standard input for `-`; FixInput when it cannot be read."""
    if path == "-":
        if sys.stdin is None:
            raise FixInput("standard input is closed", NOTHING_WRITTEN)
        yield _source(sys.stdin.buffer, "standard input")
        return
    try:
        file = open(path, "rb")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise FixInput(f"{path} cannot be read: {reason}", NOTHING_WRITTEN) from None
    with file:
        yield _source(file, path)


def _source(file: BinaryIO, name: str) -> Source:
    info = os.fstat(file.fileno())
    return Source(file, name, info.st_size if stat.S_ISREG(info.st_mode) else 0)
