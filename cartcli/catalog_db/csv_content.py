"""What a CSV file has in it at one time, and how that is told from what it has at another.

A file's stamp alters with its content, unless two changes follow each other so fast that the file
system gives both the same time. So a stamp is believed only if it was old already when the reading
began; until then, nothing but the content itself tells.

Whoever writes a file in its place lets others see half of it: a price without its last digits, or
nothing at all. So a content counts once the file stands still, and ends with a line end. Without
one it counts as well, when nobody has the file open to write to it, and it has stood still for as
long as it takes to believe a stamp: who has closed it may be about to open it again. Half a file
that ends with a line end, whose writer pauses there, cannot be told from a whole one: the rows to
come are not on sale until they do, and no price is wrong.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, BinaryIO, Final

from cartcli.files.durable import UNSETTLED

if TYPE_CHECKING:
    from hashlib import blake2b

    from cartcli.catalog_db.csv_parser import ByteRange

Stamp = tuple[int, int, int, int]  # inode, size, times of the last change (ns) of content and inode

_UNSETTLED: Final = UNSETTLED
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")  # its byte-order marks
# Of ASCII, only blanks, quotes and commas stand around a field.
_FIELD: Final = rb"(?<![!#-+\--~])%b(?![!#-+\--~])"


class BeingWritten(Exception):
    """What was read of the file may be a part of what it is going to be."""


class Watch:
    """Since when a file has the stamp that it has, as far as was seen. Threads may share it."""

    def __init__(self) -> None:
        self._seen: tuple[Stamp | None, int] = None, 0

    def standing(self, stamp: Stamp) -> int:
        """For how long (ns) nothing but this `stamp` was seen."""
        now = time.monotonic_ns()
        last, since = self._seen
        if last != stamp:
            self._seen = stamp, now
            return 0
        return now - since


class CsvContent:
    """What is in the opened `file`, which has the `stamp`; `settled` tells whether every change
    from now on will alter that. `watch` knows what was seen of the file before. An object serves
    one thread, and only while the file is open."""

    def __init__(self, file: BinaryIO, watch: Watch) -> None:
        self.stamp = stamp_of(os.fstat(file.fileno()))
        self.settled = time.time_ns() - max(self.stamp[2:]) > _UNSETTLED
        self._file = file
        self._watch = watch
        self._whole: bytes | None = None

    @property
    def size(self) -> int:
        """In bytes, by the stamp."""
        return self.stamp[1]

    def whole(self) -> bytes:
        """All of it, which is read once; BeingWritten when that may be a part."""
        if self._whole is None:
            self._file.seek(0)
            data = self._file.read()
            if not self._is_finished(data, data) or not (self.settled or self._reads_so(data)):
                raise BeingWritten
            self._whole = data
        return self._whole

    def digest(self) -> str:
        """What tells it from any other."""
        return new_digest(self.whole()).hexdigest()

    def part(self, part: ByteRange) -> bytes:
        """The rows in this `part`, the last one ended by a line end."""
        first, after = part
        if self._whole is None:
            self._file.seek(first)
            data = self._file.read(after - first)
        else:
            data = self._whole[first:after]
        return data if data.endswith((b"\n", b"\r")) else data + b"\n"

    def may_hold(self, skus: Collection[str]) -> bool:
        """Whether one of `skus` may be a field of it."""
        import re

        data = self.whole() if skus else b""
        if not all(sku.isascii() for sku in skus) and not _is_composed(data):
            return True  # it may be there in another spelling
        for sku in skus:
            raw = sku.encode(errors="surrogatepass")
            if '"' in sku or (raw in data and re.search(_FIELD % re.escape(raw), data)):
                return True
        return False

    def version_and_lines(self) -> tuple[str, int]:
        """Its digest, and how many lines it has. It may be larger than memory, so that it is read
        in pieces; BeingWritten as for `whole`, but for changes that a stamp may hide."""
        digest, lines, line = new_digest(), 0, b""
        self._file.seek(0)
        start = self._file.read(len(UTF16[0]))
        self._file.seek(0)
        for line in self._file:
            digest.update(line)
            lines += line.endswith(b"\n")
        if not self._is_finished(start, line):
            raise BeingWritten
        return digest.hexdigest(), lines

    def is_finished(self) -> bool:
        """Whether the file, of which nothing was read yet, is whole, as far as can be known."""
        fd, last = self._file.fileno(), max(self.size - 2, 0)
        return self._is_finished(os.pread(fd, 2, 0), os.pread(fd, 2, last))

    def _is_finished(self, start: bytes, end: bytes) -> bool:
        """Whether the file that was read from its `start` to its `end` is whole, as far as can be
        known, and has not changed meanwhile."""
        if not self._ends_a_line(start, end):
            from cartcli.files.writers import has_writer  # most files end with a line end

            if self._is_new() or has_writer(self._file.fileno()):
                return False
        return not self.written_to()

    def _ends_a_line(self, start: bytes, end: bytes) -> bool:
        if not start.startswith(UTF16):
            return end.endswith((b"\n", b"\r"))
        codec = "utf-16-le" if start.startswith(UTF16[0]) else "utf-16-be"
        last = os.pread(self._file.fileno(), 2, self.size - 2)  # an LF byte may be half a letter
        return self.size % 2 == 0 and last in ("\n".encode(codec), "\r".encode(codec))

    def _is_new(self) -> bool:
        """Whether the file was changed just now. One that seems to be changed in times to come may
        be, unless it was seen to stand still: a clock was set back, or is another machine's."""
        # The earlier one: the time of the content can be set, to any time, and the inode has its
        # own from then on, and from when the file was moved.
        age = time.time_ns() - min(self.stamp[2:])
        return age <= _UNSETTLED and self._watch.standing(self.stamp) <= _UNSETTLED

    def _reads_so(self, data: bytes) -> bool:
        """Whether reading the file once more gives the same `data`; in one tick of a clock its
        stamp may hide a change."""
        self._file.seek(0)
        return self._file.read() == data

    def written_to(self) -> bool:
        """Whether the file was written to since it was opened; being replaced is no such thing."""
        return stamp_of(os.fstat(self._file.fileno()))[:3] != self.stamp[:3]


def _is_composed(data: bytes) -> bool:
    """Whether all of `data` is text in NFC."""
    from unicodedata import is_normalized

    try:
        return is_normalized("NFC", data.decode())
    except UnicodeDecodeError:
        return False


def stamp_of(info: os.stat_result) -> Stamp:
    """What alters when the file does."""
    return info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns


def new_digest(data: bytes = b"") -> blake2b:
    """What tells one content from another, of `data` so far."""
    from hashlib import blake2b  # loads OpenSSL, which most calls need not

    return blake2b(data, digest_size=32)
