"""Where each row of a large CSV catalogue is, so that one SKU is found without reading the others.

    <folder>/catalog-<0..f>.index     one of sixteen, by the catalogue's path; may be deleted
    <folder>/catalog-<0..f>.lock      guards the writing of it, never removed

The first line tells of which content it is the index, and how long the lines after it are. Each
of those tells the places of some SKUs. Every line is sealed, as all that the store holds. What
is damaged, from another version or of another content counts for nothing and is written anew.
The index only says where to look: what is sold, and at what price, is read from the catalogue.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from cartcli.errors import CartError
from cartcli.files import durable, locks, sealed

Span = tuple[int, int]  # from and up to, in bytes
Stamp = tuple[int, int, int, int]  # inode, size, times of the last change (ns) of content and inode

_RULES: Final = 1  # raised when the rules for a catalogue change: what was good may be bad now
_SKUS_A_LINE: Final = 64
_FIRST_READ: Final = 64 << 10
_LONGEST_LINE: Final = 16 << 20
_UNSETTLED: Final = 2_000_000_000  # ns: so coarse are the times of some file systems


class CsvIndex:
    """The index of the catalogue `csv_path`, kept in `folder`, which nobody else may write to."""

    def __init__(self, folder: str, csv_path: str) -> None:
        self._csv_path = os.path.abspath(csv_path)
        name = f"catalog-{zlib.crc32(os.fsencode(self._csv_path)) % 16:x}"
        self._folder = folder
        self._path = os.path.join(folder, f"{name}.index")
        self._lock = os.path.join(folder, f"{name}.lock")

    def spans(
        self, skus: Iterable[str], stamp: Stamp, content: Callable[[], bytes]
    ) -> tuple[Span, dict[str, Span]] | None:
        """The place of the header, and of the rows of those `skus` that have one. None when there
        is no index of this content, which is read only when `stamp` leaves a doubt."""
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            line = _first_line(fd)
            header = sealed.unseal(self._path, line)
            if not self._is_of(header, stamp, content):
                return None
            return _span(header["head"]), self._rows(fd, len(line), header["lines"], skus)
        except (CartError, OSError, LookupError, TypeError, ValueError, ArithmeticError):
            return None
        finally:
            os.close(fd)

    def save(self, data: bytes, stamp: Stamp, head: Span, rows: Mapping[str, Span]) -> None:
        """Index `data`, the content of the file when it had `stamp`. Where that cannot be written,
        everything goes on without it."""
        parts: list[dict[str, Span]] = [{} for _ in range(len(rows) // _SKUS_A_LINE + 1)]
        for sku, span in rows.items():
            parts[_place(sku, len(parts))][sku] = span
        lines = [sealed.seal({"rows": part}) for part in parts]
        header = {
            "rules": _RULES,
            "path": self._csv_path,
            "digest": _digest(data),
            "head": head,
            "lines": [len(line) for line in lines],
        }
        self._write(header, stamp, b"".join(lines))

    def _is_of(self, header: dict[str, Any], stamp: Stamp, content: Callable[[], bytes]) -> bool:
        """Whether the index that begins with `header` is of this file's content."""
        if header["rules"] != _RULES or header["path"] != self._csv_path:
            return False
        if header["stamp"] == [*stamp]:
            return True
        if header["digest"] != _digest(content()):
            return False
        if _is_settled(stamp):
            data = durable.read(self._path)
            self._write(header, stamp, data[len(_up_to_line_end(data)) :])
        return True

    def _rows(self, fd: int, at: int, sizes: list[int], skus: Iterable[str]) -> dict[str, Span]:
        """The places of the rows, from the lines of `sizes` that begin `at`."""
        wanted: dict[int, list[str]] = {}
        for sku in skus:
            wanted.setdefault(_place(sku, len(sizes)), []).append(sku)
        found = {}
        for place, some in wanted.items():
            line = os.pread(fd, min(sizes[place], _LONGEST_LINE), at + sum(sizes[:place]))
            rows = sealed.unseal(self._path, line)["rows"]
            found.update({sku: _span(rows[sku]) for sku in some if sku in rows})
        return found

    def _write(self, header: dict[str, Any], stamp: Stamp, lines: bytes) -> None:
        first = sealed.seal({**header, "stamp": stamp if _is_settled(stamp) else None})
        if not os.path.isdir(self._folder):
            return
        with suppress(OSError, CartError), locks.locked(self._lock, 0):
            durable.replace(self._path, first + lines)


def _is_settled(stamp: Stamp) -> bool:
    """Whether a change from now on would show: it may not when the last one was only just made."""
    return time.time_ns() - max(stamp[2:]) > _UNSETTLED


def _place(sku: str, places: int) -> int:
    """The line that tells of `sku`."""
    return zlib.crc32(sku.encode(errors="surrogatepass")) % places


def _span(value: Any) -> Span:
    start, end = value
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        raise ValueError("this is not a place in a file")
    return start, end


def _first_line(fd: int) -> bytes:
    data = os.read(fd, _FIRST_READ)
    while b"\n" not in data and len(data) < _LONGEST_LINE and (more := os.read(fd, _FIRST_READ)):
        data += more
    return _up_to_line_end(data)


def _up_to_line_end(data: bytes) -> bytes:
    return data[: data.find(b"\n") + 1]


def _digest(data: bytes) -> str:
    from hashlib import blake2b  # loads OpenSSL, which most commands need not

    return blake2b(data, digest_size=32).hexdigest()
