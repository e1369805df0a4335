"""The catalogue in a CSV file, read again when it changes.

Once a large one was found good as a whole, only the rows that are asked for are read, by way of an
index. What an index finds is read from the file all the same; what it does not find is searched
for in the file.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar

from cartcli.catalog_db import Progress, Sort
from cartcli.catalog_db.csv_content import (
    UTF16,
    BeingWritten,
    CsvContent,
    Watch,
    new_digest,
    stamp_of,
)
from cartcli.catalog_db.csv_parser import ByteRange, CsvParser
from cartcli.errors import FixInput, RestoreData, RetryLater, VersionConflict
from cartcli.files import locks
from cartcli.files.safety import check_kept, opened_with_info
from cartcli.model.lines import Item, same_sku
from cartcli.model.money import Money

if TYPE_CHECKING:
    from hashlib import blake2b

    from pandas import DataFrame

    from cartcli.catalog_db.csv_before import Before
    from cartcli.catalog_db.csv_index import CsvIndex
    from cartcli.catalog_db.snapshot import Entry, Snapshot

T = TypeVar("T")

_LARGE: Final = 64 << 10  # bytes; a smaller file is parsed sooner than an index is looked up
_MOST_KEPT: Final = 1_000  # SKUs that were looked up in an index


class _Known:
    """What is known of one content of the file: some items, and some SKUs that it has not; with
    `whole`, all items in its order. It never changes, so threads share it."""

    def __init__(
        self,
        content: CsvContent | None,
        items: Mapping[str, Item],
        absent: frozenset[str] = frozenset(),
        *,
        whole: bool = False,
    ) -> None:
        self.items: Final = items
        self.absent: Final = absent
        self.whole: Final = whole
        self._stamp: Final = content.stamp if content else None
        # As long as its stamp might also be that of another one, the content itself.
        self._data: Final = content.whole() if content and not content.settled else None

    def tells(self, skus: Collection[str] | None) -> bool:
        """Whether it tells of each of `skus`, or with None of all there are."""
        if self.whole or skus is None:
            return self.whole
        return all(sku in self.items or sku in self.absent for sku in skus)

    def is_of(self, content: CsvContent) -> bool:
        """Whether it is this `content` of which it is known."""
        if self._data is None:
            return self._stamp == content.stamp
        return self._data == content.whole()

    def is_of_file(self, path: str) -> bool:
        """Whether a look at the stamp of the file `path` is enough to see that it has that
        content."""
        try:
            return self._data is None and self._stamp == stamp_of(os.stat(path))
        except OSError:
            return False

    def renewed(self, content: CsvContent) -> _Known:
        """The same, known of the same `content` as it was read last."""
        return _Known(content, self.items, self.absent, whole=self.whole)


_NOTHING: Final = _Known(None, {})


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
        self._known = _NOTHING
        self._watch: Final = Watch()

    def get_descriptions(self, skus: Iterable[str]) -> dict[str, Item]:
        wanted = {sku: same_sku(sku) for sku in skus}
        items = self._present(wanted.values()).items if wanted else {}
        return {sku: items[same] for sku, same in wanted.items() if same in items}

    def search(
        self,
        words: Sequence[str] = (),
        *,
        sort: Sort | None = None,
        min_price: Money | None = None,
        max_price: Money | None = None,
        after: str = "",
        limit: int | None = None,
    ) -> list[Item]:
        from cartcli.catalog_db.search import search  # few calls search

        return search(
            self._present().items.values(),
            words,
            sort=sort,
            min_price=min_price,
            max_price=max_price,
            after=same_sku(after),
            limit=limit,
        )

    def everything(self) -> Snapshot:
        from cartcli.catalog_db.snapshot import Snapshot  # few calls take a whole catalogue

        if not os.path.exists(self.path):
            return Snapshot("", 0, iter(()))
        version, lines = self._finished(CsvContent.version_and_lines)
        return Snapshot(version, lines, self._entries(version))

    def replace(
        self,
        entries: Iterable[Entry],
        further_columns: Sequence[str] = (),
        *,
        if_version: str | None = None,
        keep: bool = False,
    ) -> str:
        from cartcli.catalog_db.csv_writer import csv_of  # few calls write a catalogue
        from cartcli.files import durable

        with self._alone(if_version) as path:
            if keep:
                self._keep(if_version)
            digest = new_digest()
            durable.replace_in_chunks(path, _hashed(csv_of(entries, further_columns), digest))
        return digest.hexdigest()

    def before(self) -> Snapshot:
        return CsvCatalogDb(self._before.path, self.currency, self._index_folder).everything()

    def put_back(self, *, if_version: str | None, before: str) -> None:
        with self._alone(if_version) as path:
            kept = self.before().version
            if not kept or kept != before:
                raise self._conflict()
            self._before.put_back(self._bytes(if_version) if os.path.exists(path) else None)

    @contextmanager
    def _alone(self, if_version: str | None) -> Iterator[str]:
        """Keep all others out who write the catalogue, which is at this version, if one is given;
        its path."""
        path = os.path.abspath(self.path)
        busy = partial(
            RetryLater,
            "another import is writing the catalogue",
            "Nothing was written. Try again in a moment.",
        )
        with locks.locked(f"{os.path.splitext(path)[0]}.lock", self._lock_wait, busy):
            if if_version is not None and self.everything().version != if_version:
                raise self._conflict()
            yield path

    @property
    def _before(self) -> Before:
        from cartcli.catalog_db.csv_before import Before  # imports alone have to do with it

        return Before(os.path.abspath(self.path))

    def _keep(self, version: str | None) -> None:
        """Keep what there is, at this version if one is given; nothing when it cannot be read."""
        if not os.path.exists(self.path):
            self._before.forget()
            return
        try:
            self._before.keep(self._bytes(version))
        except (FixInput, RestoreData):
            self._before.forget()

    def _bytes(self, version: str | None) -> Iterator[bytes]:
        """What is in the file, line by line, if it is still at this version."""
        digest = new_digest()
        with self._opened() as file:
            yield from _hashed(file, digest)
        if version is not None and digest.hexdigest() != version:
            raise self._conflict()

    def frame(self) -> DataFrame:
        import pandas

        rows = [
            (item.sku, item.name, item.price.amount, self.currency, item.description)
            for item in self._present().items.values()
        ]
        columns = ["sku", "name", "price", "currency", "description"]
        return pandas.DataFrame(rows, columns=columns).set_index("sku")

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """The regular file to read from; FixInput when that cannot be done, RestoreData when it is
        stored beside the index, and others may have written it."""
        path = self.path
        try:
            fd, info = opened_with_info(path, follow=True)
            with open(fd, "rb") as file:
                if self._index_folder and path.startswith(f"{self._index_folder}{os.sep}"):
                    check_kept(path, info)
                yield file
        except OSError as error:
            reason = f"{path} cannot be read: {error.strerror or error}"
            raise FixInput(
                f"the catalogue {reason}", "Nothing was changed.", catalog=path, reason=reason
            ) from None

    def _entries(self, version: str) -> Iterator[Entry]:
        """All that the file has, if it is still at this `version`."""
        digest = new_digest()
        with self._opened() as file:
            lines: Iterator[bytes] = _hashed(file, digest)
            first = next(lines, b"")
            lines = chain([first], lines)
            if first.startswith(UTF16):
                lines = io.BytesIO(_as_utf8(b"".join(lines)))
            yield from CsvParser(self.path, lines, self.currency).entries()
        if digest.hexdigest() != version:
            raise self._conflict()

    def _conflict(self) -> VersionConflict:
        return VersionConflict(
            "somebody else has changed the catalogue meanwhile",
            "Nothing was written. Try again in a moment.",
            catalog=self.path,
        )

    def _present(self, skus: Collection[str] | None = None) -> _Known:
        """What is known of the file as it is now: of `skus`, or of all there are, everything."""
        known = self._known
        if known.tells(skus) and known.is_of_file(self.path):
            return known
        self._known = known = self._finished(lambda content: self._read(content, known, skus))
        return known

    def _finished(self, read: Callable[[CsvContent], T]) -> T:
        """What `read` makes of the file's content, once that is whole. RetryLater when it still is
        not after a while, FixInput when it breaks a rule."""
        for _ in locks.turns(self._lock_wait):
            with self._opened() as file, suppress(BeingWritten):
                return read(CsvContent(file, self._watch))
        raise RetryLater(
            f"the catalogue {self.path} is being written, or was just now",
            "Nothing was changed. Try again when it is done.",
            catalog=self.path,
        )

    def _read(self, content: CsvContent, known: _Known, skus: Collection[str] | None) -> _Known:
        """What is `known`, if it is of this `content`, and besides all about `skus`."""
        known = known.renewed(content) if known.is_of(content) else _NOTHING
        return known if known.tells(skus) else self._learned(content, known, skus)

    def _learned(self, content: CsvContent, known: _Known, skus: Collection[str] | None) -> _Known:
        """What is `known`, and besides all about `skus`: by the index of a large file, else by
        parsing it."""
        if skus is None or self._index_folder is None or content.size < self._large:
            return self._parsed(content)
        from cartcli.catalog_db.csv_index import CsvIndex

        if len(known.items) + len(known.absent) > _MOST_KEPT:
            known = _NOTHING
        index = CsvIndex(self._index_folder, self.path)
        wanted = {sku for sku in skus if sku not in known.items} - known.absent
        found = self._indexed(index, content, wanted)
        missed = None if found is None else wanted - found.keys()
        if found is None or missed is None or content.may_hold(missed):
            return self._parsed(content, index, missed)
        return _Known(content, {**known.items, **found}, known.absent | missed)

    def _indexed(
        self, index: CsvIndex, content: CsvContent, skus: Collection[str]
    ) -> dict[str, Item] | None:
        """Those items of `skus` that the index finds in the `content`; None when it is of no use,
        or when the file was written to meanwhile, so that its rows may be elsewhere."""
        ranges = index.ranges(skus, content)
        if ranges is None:
            return None
        head, rows = ranges
        try:
            data = b"".join(content.part(part) for part in (head, *rows.values()))
            items = CsvParser(self.path, io.BytesIO(data), self.currency).items({}) if rows else {}
        except (FixInput, OSError):
            return None
        if content.written_to():
            return None
        return {sku: items[sku] for sku in skus if sku in items}

    def _parsed(
        self, content: CsvContent, index: CsvIndex | None = None, missed: set[str] | None = None
    ) -> _Known:
        """All that is in the `content`. Its `index` is written if one is given, unless the SKUs
        that it `missed` are not on sale indeed."""
        data = content.whole()
        if data.startswith(UTF16):
            data, index = _as_utf8(data), None  # of which no index could tell where a row is
        parser = CsvParser(self.path, io.BytesIO(data), self.currency)
        progress = self._progress if len(data) >= self._large else None
        ranges: dict[str, ByteRange] = {}
        items = parser.items(ranges, progress, len(data))
        if index and (missed is None or not missed.isdisjoint(items)):
            index.save(content, parser.head, ranges)
        return _Known(content, items, whole=True)


def _as_utf8(data: bytes) -> bytes:
    """The UTF-16 text as UTF-8; as it is, to be refused, when it is none."""
    from cartcli import texts  # hardly any catalogue is in UTF-16

    try:
        return texts.decoded(data).encode()
    except ValueError:
        return data


def _hashed(parts: Iterable[bytes], digest: blake2b) -> Iterator[bytes]:
    """The `parts`, each put into the `digest` as it passes."""
    for part in parts:
        digest.update(part)
        yield part
