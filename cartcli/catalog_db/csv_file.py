"""The catalogue in a CSV file, read again when it changes.

Once a large one was found good as a whole, only the rows that are asked for are read, by way of an
index. What an index finds is read from the file all the same; what it does not find is searched
for in the file.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from cartcli.catalog_db import Progress, Sort
from cartcli.catalog_db.csv_parser import CsvParser
from cartcli.errors import FixInput
from cartcli.model.lines import Item
from cartcli.model.money import Money

if TYPE_CHECKING:
    from pandas import DataFrame

    from cartcli.catalog_db.csv_index import CsvIndex, Span, Stamp

_LARGE: Final = 64 << 10  # bytes; a smaller file is parsed sooner than an index is looked up
# Of ASCII, only blanks, quotes and commas stand around a field.
_FIELD: Final = rb"(?<![!#-+\--~])%b(?![!#-+\--~])"


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
        *,
        large: int = _LARGE,
    ) -> None:
        self.path = path
        self.currency = currency
        self._index_folder = index_folder
        self._progress = progress
        self._large = large
        self._stamp: Stamp | None = None
        self._known: dict[str, Item] = {}
        self._absent: set[str] = set()
        self._knows_all = False

    def get_descriptions(self, skus: Iterable[str]) -> dict[str, Item]:
        wanted = [*skus]
        self._forget_what_changed()
        unknown = {sku for sku in wanted if sku not in self._known} - self._absent
        if unknown and not self._knows_all:
            self._learn(unknown)
        return {sku: self._known[sku] for sku in wanted if sku in self._known}

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
        self._forget_what_changed()
        if not self._knows_all:
            self._learn_all()
        return self._known.values()

    def _forget_what_changed(self) -> None:
        try:
            stamp = _stamp(os.stat(self.path))
        except OSError:
            stamp = None
        if stamp is None or stamp != self._stamp:
            self._stamp, self._known, self._absent, self._knows_all = stamp, {}, set(), False

    def _learn(self, skus: set[str]) -> None:
        """Get to know the items of `skus`: by the index of a large file, else all of them."""
        if self._index_folder is None or not self._stamp or self._stamp[1] < self._large:
            self._learn_all()
            return
        from cartcli.catalog_db.csv_index import CsvIndex

        index = CsvIndex(self._index_folder, self.path)
        with _opened(self.path) as file:
            found = self._indexed(index, file, skus)
            missed = None if found is None else skus - found.keys()
            doubtful = missed is None or _may_hold(file, missed)
        if found is None or missed is None or doubtful:
            self._learn_all(index, missed)
        else:
            self._known.update(found)
            self._absent |= missed

    def _indexed(
        self, index: CsvIndex, file: BinaryIO, skus: Collection[str]
    ) -> dict[str, Item] | None:
        """Those items of `skus` that the index finds in `file`; None when it is of no use."""
        stamp = _stamp(os.fstat(file.fileno()))
        spans = index.spans(skus, stamp, lambda: _whole(file))
        if spans is None or stamp != self._stamp:  # what is known already is of another content
            return None
        head, rows = spans
        if not rows:
            return {}
        try:
            data = b"".join(_part(file, span) for span in (head, *rows.values()))
            return CsvParser(self.path, data, self.currency).items()
        except (FixInput, OSError, OverflowError):
            return None

    def _learn_all(self, index: CsvIndex | None = None, missed: set[str] | None = None) -> None:
        """Parse the whole file, and write its `index` if one is given, unless the SKUs that it
        `missed` are not on sale indeed."""
        with _opened(self.path) as file:
            stamp = _stamp(os.fstat(file.fileno()))
            data = _whole(file)
            parser = CsvParser(self.path, data, self.currency)
            progress = self._progress if len(data) >= self._large else None
            self._known, self._knows_all, self._stamp = parser.items(progress), True, stamp
            wrong = missed is None or not missed.isdisjoint(self._known)
            if index and wrong and stamp == _stamp(os.fstat(file.fileno())):
                index.save(data, stamp, parser.head, parser.spans)


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
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a FIFO must not hang us
        with open(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            yield file
    except OSError as error:
        reason = error.strerror or error
        raise FixInput(
            f"the catalogue {path} cannot be read: {reason}",
            "Nothing was changed.",
            catalog=path,
        ) from None


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _part(file: BinaryIO, span: Span) -> bytes:
    """The rows at `span`, each ended by a line end."""
    start, end = span
    file.seek(start)
    data = file.read(end - start)
    return data if data.endswith((b"\n", b"\r")) else data + b"\n"


def _may_hold(file: BinaryIO, skus: Collection[str]) -> bool:
    """Whether one of `skus` may be a field of the CSV `file`."""
    data = _whole(file) if skus else b""
    for sku in skus:
        raw = sku.encode(errors="surrogatepass")
        if '"' in sku or (raw in data and re.search(_FIELD % re.escape(raw), data)):
            return True
    return False
