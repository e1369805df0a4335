"""The catalogue in a CSV file, read again when it changes.

Once a large one was found good as a whole, only the rows that are asked for are read, by way of an
index. What an index finds is read from the file all the same; what it does not find is searched
for in the file.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from cartcli.catalog_db import Progress, Sort
from cartcli.catalog_db.csv_parser import ByteRange, CsvParser
from cartcli.errors import FixInput, RetryLater, VersionConflict
from cartcli.files.safety import opened
from cartcli.model.lines import Item
from cartcli.model.money import Money

if TYPE_CHECKING:
    from hashlib import blake2b

    from pandas import DataFrame

    from cartcli.catalog_db.csv_index import CsvIndex, Stamp
    from cartcli.catalog_db.snapshot import Entry, Snapshot

_LARGE: Final = 64 << 10  # bytes; a smaller file is parsed sooner than an index is looked up
# Of ASCII, only blanks, quotes and commas stand around a field.
_FIELD: Final = rb"(?<![!#-+\--~])%b(?![!#-+\--~])"


class _Known:
    """What is known of the content that the file had at `stamp`: some items, and some SKUs that it
    has not; with `whole`, all items in its order. It only ever grows, so threads share it."""

    def __init__(self, stamp: Stamp | None, items: dict[str, Item], *, whole: bool = False) -> None:
        self.stamp = stamp
        self.items = items
        self.absent: set[str] = set()
        self.whole = whole


class CsvCatalogDb:
    """The catalogue in the CSV file `path`, its prices in `currency`.

    The index of one of `large` bytes or more is kept in `index_folder`, if that is there.
    `progress` is told of each step of parsing such a one: bytes parsed, and how many there are.
    """

    def __init__(
        self,
        path: str,
        currency: str,
        index_folder: str | None = None,
        progress: Progress | None = None,
        lock_wait: float = 0,
        *,
        large: int = _LARGE,
    ) -> None:
        self.path = path
        self.currency = currency
        self._index_folder = index_folder
        self._progress = progress
        self._lock_wait = lock_wait
        self._large = large
        self._known = _Known(None, {})

    def get_descriptions(self, skus: Iterable[str]) -> dict[str, Item]:
        wanted = [*skus]
        known = self._present()
        unknown = {sku for sku in wanted if sku not in known.items} - known.absent
        if unknown and not known.whole:
            known = self._learn(known, unknown)
        return {sku: known.items[sku] for sku in wanted if sku in known.items}

    def search(
        self,
        words: Sequence[str] = (),
        *,
        sort: Sort | None = None,
        min_price: Money | None = None,
        max_price: Money | None = None,
        limit: int | None = None,
    ) -> list[Item]:
        found = [
            item
            for item in self._items()
            if (min_price is None or not item.price < min_price)
            and (max_price is None or not max_price < item.price)
            and _has_words(item, words)
        ]
        if sort == "name":
            found.sort(key=lambda item: item.name.casefold())
        elif sort:
            found.sort(key=lambda item: item.price.amount, reverse=sort == "-price")
        return found[:limit]

    def everything(self) -> Snapshot:
        from cartcli.catalog_db.snapshot import Snapshot  # few calls take a whole catalogue

        if not os.path.exists(self.path):
            return Snapshot("", 0, iter(()))
        with _opened(self.path) as file:
            digest, lines = _digest(), 0
            for line in _hashed(file, digest):
                lines += line.endswith(b"\n")
        return Snapshot(digest.hexdigest(), lines, self._entries(digest.hexdigest()))

    def replace(
        self,
        entries: Iterable[Entry],
        further_columns: Sequence[str] = (),
        *,
        if_version: str | None = None,
    ) -> str:
        from cartcli.catalog_db.csv_writer import csv_of  # few calls write a catalogue
        from cartcli.files import durable, locks

        path = os.path.abspath(self.path)
        busy = RetryLater(
            "another import is writing the catalogue", "Nothing was written. Try again in a moment."
        )
        with locks.locked(f"{os.path.splitext(path)[0]}.lock", self._lock_wait, busy):
            if if_version is not None and self.everything().version != if_version:
                raise self._conflict()
            digest = _digest()
            durable.replace_in_chunks(path, _hashed(csv_of(entries, further_columns), digest))
            self._known = _Known(None, {})
        return digest.hexdigest()

    def frame(self) -> DataFrame:
        import pandas

        rows = [
            (item.sku, item.name, item.price.amount, self.currency, item.description)
            for item in self._items()
        ]
        columns = ["sku", "name", "price", "currency", "description"]
        return pandas.DataFrame(rows, columns=columns).set_index("sku")

    def _items(self) -> Iterable[Item]:
        """All items, in the file's order."""
        known = self._present()
        if not known.whole:
            known = self._learn_all()
        return known.items.values()

    def _entries(self, version: str) -> Iterator[Entry]:
        """All that the file has, if it is still at this `version`."""
        digest = _digest()
        with _opened(self.path) as file:
            yield from CsvParser(self.path, _hashed(file, digest), self.currency).entries()
        if digest.hexdigest() != version:
            raise self._conflict()

    def _conflict(self) -> VersionConflict:
        return VersionConflict(
            "somebody else has changed the catalogue meanwhile",
            "Nothing was written. Try again in a moment.",
            catalog=self.path,
        )

    def _present(self) -> _Known:
        """What is known of the file as it is now."""
        known = self._known
        try:
            stamp = _stamp(os.stat(self.path))
        except OSError:
            stamp = None
        if stamp is None or stamp != known.stamp:
            known = self._known = _Known(stamp, {})
        return known

    def _learn(self, known: _Known, skus: set[str]) -> _Known:
        """Get to know the items of `skus`: by the index of a large file, else all of them."""
        if self._index_folder is None or not known.stamp or known.stamp[1] < self._large:
            return self._learn_all()
        from cartcli.catalog_db.csv_index import CsvIndex

        index = CsvIndex(self._index_folder, self.path)
        with _opened(self.path) as file:
            found = self._indexed(index, file, known.stamp, skus)
            missed = None if found is None else skus - found.keys()
            doubtful = missed is None or _may_hold(file, missed)
        if found is None or missed is None or doubtful:
            return self._learn_all(index, missed)
        known.items.update(found)
        known.absent.update(missed)
        return known

    def _indexed(
        self, index: CsvIndex, file: BinaryIO, known: Stamp, skus: Collection[str]
    ) -> dict[str, Item] | None:
        """Those items of `skus` that the index finds in `file`; None when it is of no use, or when
        this is not the content whose stamp is `known`."""
        stamp = _stamp(os.fstat(file.fileno()))
        ranges = index.ranges(skus, stamp, lambda: _digest(_whole(file)).hexdigest())
        if ranges is None or stamp != known:
            return None
        head, rows = ranges
        if not rows:
            return {}
        try:
            data = b"".join(_part(file, part) for part in (head, *rows.values()))
            items = CsvParser(self.path, io.BytesIO(data), self.currency).items({})
        except (FixInput, OSError):
            return None
        return {sku: items[sku] for sku in skus if sku in items}

    def _learn_all(self, index: CsvIndex | None = None, missed: set[str] | None = None) -> _Known:
        """Parse the whole file, and write its `index` if one is given, unless the SKUs that it
        `missed` are not on sale indeed."""
        with _opened(self.path) as file:
            stamp = _stamp(os.fstat(file.fileno()))
            data = _whole(file)
            parser = CsvParser(self.path, io.BytesIO(data), self.currency)
            progress = self._progress if len(data) >= self._large else None
            ranges: dict[str, ByteRange] = {}
            items = parser.items(ranges, progress, len(data))
            known = self._known = _Known(stamp, items, whole=True)
            wrong = missed is None or not missed.isdisjoint(items)
            if index and wrong and stamp == _stamp(os.fstat(file.fileno())):
                index.save(_digest(data).hexdigest(), stamp, parser.head, ranges)
        return known


def _stamp(info: os.stat_result) -> Stamp:
    """What changes when the file does."""
    return info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns


def _has_words(item: Item, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = f"{item.sku} {item.name} {item.description}".casefold()
    return all(word.casefold() in text for word in words)


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """The regular file `path` to read from; FixInput when that cannot be done."""
    try:
        with open(opened(path, follow=True), "rb") as file:
            yield file
    except OSError as error:
        reason = f"{path} cannot be read: {error.strerror or error}"
        raise FixInput(
            f"the catalogue {reason}", "Nothing was changed.", catalog=path, reason=reason
        ) from None


def _digest(data: bytes = b"") -> blake2b:
    """What tells one content from another."""
    from hashlib import blake2b  # loads OpenSSL, which most calls need not

    return blake2b(data, digest_size=32)


def _hashed(parts: Iterable[bytes], digest: blake2b) -> Iterator[bytes]:
    """The `parts`, each put into the `digest` as it passes."""
    for part in parts:
        digest.update(part)
        yield part


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _part(file: BinaryIO, part: ByteRange) -> bytes:
    """The rows in this `part`, the last one ended by a line end."""
    first, after = part
    file.seek(first)
    data = file.read(after - first)
    return data if data.endswith((b"\n", b"\r")) else data + b"\n"


def _may_hold(file: BinaryIO, skus: Collection[str]) -> bool:
    """Whether one of `skus` may be a field of the CSV `file`."""
    data = _whole(file) if skus else b""
    for sku in skus:
        raw = sku.encode(errors="surrogatepass")
        if '"' in sku or (raw in data and re.search(_FIELD % re.escape(raw), data)):
            return True
    return False
