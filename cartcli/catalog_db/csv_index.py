"""Where each row of a large CSV catalogue is, so that one SKU is found without reading the others.

    <folder>/catalog-<0..f>.db      one of sixteen, by the catalogue's path; may be deleted
    <folder>/catalog-<0..f>.lock    guards the writing of it, never removed

An SQLite database that is never changed: it is built elsewhere and put in place whole. Its `head`
tells of which content it is the index, and where the header is; its `ranges` tell where the rows
are. SQLite sees some damage and overlooks other, so every row is sealed by a checksum. What is
damaged, from another version or of another content counts for nothing and is written anew.
The index only says where to look: what is sold, and at what price, is read from the catalogue.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any, Final, NamedTuple

from cartcli.catalog_db.csv_content import CsvContent
from cartcli.catalog_db.csv_parser import ByteRange
from cartcli.errors import CartError
from cartcli.files import durable, locks
from cartcli.files.safety import check_kept, opened_with_info

Sealed = tuple[bytes, int, int, int]  # a SKU, the range of its row, and the seal of these

_RULES: Final = 4  # raised when the rules for a catalogue change: what was good may be bad now
_SCHEMA: Final = (
    "CREATE TABLE head (rules, path, digest, stamp, first, after, seal)",
    "CREATE TABLE ranges (sku BLOB PRIMARY KEY, first, after, seal) WITHOUT ROWID",
)
_COPIED: Final = 1 << 20  # bytes at once

# What an honest index never comes near to; a hostile one is given up at that.
_LONGEST: Final = 1 << 20  # bytes of one value
_STEPS: Final = 200_000_000  # of SQLite's machine: about what ten million rows take


class _Head(NamedTuple):
    """Which content an index is of: `stamp` is what the file's was then, or empty if the file had
    only just changed; `first` and `after` are the range of the header."""

    rules: int
    path: bytes
    digest: str
    stamp: str
    first: int
    after: int


class CsvIndex:
    """The index of the catalogue `csv_path`, kept in `folder`, which nobody else may write to."""

    def __init__(self, folder: str, csv_path: str) -> None:
        self._csv_path = os.fsencode(os.path.abspath(csv_path))
        name = f"catalog-{zlib.crc32(self._csv_path) % 16:x}"
        self._folder = folder
        self._path = os.path.join(folder, f"{name}.db")
        self._lock = os.path.join(folder, f"{name}.lock")

    def ranges(
        self, skus: Iterable[str], content: CsvContent
    ) -> tuple[ByteRange, dict[str, ByteRange]] | None:
        """The range of the header, and of the rows of those `skus` that have one. None when there
        is no index of this content, which is read only when its stamp leaves a doubt."""
        try:
            with _reading(self._path) as db:
                head = _head(db)
                if not self._is_of(head, content, db):
                    return None
                found = ((sku, _range_of(sku, db, head.digest)) for sku in skus)
                rows = {sku: _within(content.size, *range_) for sku, range_ in found if range_}
                return _within(content.size, head.first, head.after), rows
        except (CartError, OSError, sqlite3.Error, TypeError, ValueError, ArithmeticError):
            return None

    def save(self, content: CsvContent, head: ByteRange, ranges: Mapping[str, ByteRange]) -> None:
        """Index the `content`: where its header is, and each row. Where that cannot be written,
        everything goes on without it."""
        digest = content.digest()
        rows = ((_key(sku), *range_) for sku, range_ in ranges.items())
        sealed = sorted((*row, _seal(digest, *row)) for row in rows)
        self._write(_Head(_RULES, self._csv_path, digest, _settled(content), *head), sealed)

    def _is_of(self, head: _Head, content: CsvContent, db: sqlite3.Connection) -> bool:
        """Whether the index that begins with `head` is of this file's content."""
        if (head.rules, head.path) != (_RULES, self._csv_path):
            return False
        if head.stamp == repr(content.stamp):
            return True
        if head.digest != content.digest():
            return False
        if settled := _settled(content):
            self._write(head._replace(stamp=settled), db.execute("SELECT * FROM ranges"))
        return True

    def _write(self, head: _Head, sealed: Iterable[Sealed]) -> None:
        if not os.path.isdir(self._folder):
            return
        from tempfile import NamedTemporaryFile  # few calls write an index

        with (
            suppress(CartError, OSError, sqlite3.Error),
            locks.locked(self._lock, 0),
            NamedTemporaryFile() as file,
        ):
            _build(file.name, head, sealed)
            durable.replace_in_chunks(self._path, iter(lambda: file.read(_COPIED), b""))


@contextmanager
def _reading(path: str) -> Iterator[sqlite3.Connection]:
    """The index `path` as a database that can do no harm, whoever made it; OSError, sqlite3.Error
    or ValueError when it is none."""
    fd, info = opened_with_info(path)  # SQLite itself would follow a link, and wait at a FIFO
    os.close(fd)
    check_kept(path, info)
    name = path.translate({ord("%"): "%25", ord("?"): "%3f", ord("#"): "%23"})
    uri = f"file://{os.path.abspath(name)}?mode=ro&immutable=1"  # reads nothing beside it
    with closing(sqlite3.connect(uri, uri=True)) as db:
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        db.set_progress_handler(lambda: True, _STEPS)
        # With these two plain tables there is no code in it that could run.
        schema = db.execute("SELECT sql FROM sqlite_master ORDER BY rowid")
        if schema.fetchmany(len(_SCHEMA) + 1) != [(sql,) for sql in _SCHEMA]:
            raise ValueError("this is not an index")
        yield db


def _build(path: str, head: _Head, sealed: Iterable[Sealed]) -> None:
    """Make a new database at `path`, where an empty file is."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        for sql in _SCHEMA:
            db.execute(sql)
        db.execute("INSERT INTO head VALUES (?, ?, ?, ?, ?, ?, ?)", (*head, _seal(*head)))
        db.executemany("INSERT INTO ranges VALUES (?, ?, ?, ?)", sealed)
        db.execute("COMMIT")


def _head(db: sqlite3.Connection) -> _Head:
    *values, seal = db.execute("SELECT * FROM head").fetchone()
    if seal != _seal(*values):
        raise ValueError("its head is damaged")
    return _Head(*values)


def _range_of(sku: str, db: sqlite3.Connection, digest: str) -> tuple[Any, Any] | None:
    """The range of the row of `sku`, if it has one."""
    key = _key(sku)
    query = "SELECT first, after, seal FROM ranges WHERE sku = ?"
    for first, after, seal in db.execute(query, (key,)):
        if seal != _seal(digest, key, first, after):
            raise ValueError("a row is damaged")
        return first, after
    return None


def _within(size: int, first: Any, after: Any) -> ByteRange:
    """This range, if there can be one in a file of `size` bytes; else ValueError."""
    whole = isinstance(first, int) and isinstance(after, int)
    if not (whole and 0 <= first < after <= size):
        raise ValueError("this is not a range in the file")
    return first, after


def _key(sku: str) -> bytes:
    return sku.encode(errors="surrogatepass")


def _seal(*values: object) -> int:
    """The checksum of a row; in those of `ranges` the digest stands before the values, so that
    none passes for one of another content."""
    return zlib.crc32(repr(values).encode())


def _settled(content: CsvContent) -> str:
    """The stamp by which to know the `content` again; nothing if it may not tell."""
    return repr(content.stamp) if content.settled else ""
