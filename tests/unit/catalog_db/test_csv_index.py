"""The index of a large catalogue: never seen in an answer, whatever became of it."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Item, Money
from cartcli.catalog_db import csv_index
from cartcli.catalog_db.csv_file import CsvCatalogDb
from cartcli.errors import FixInput
from cartcli.files import durable, sealed
from tests.helpers import write_catalog

ROWS = [(f"SKU-{n}", f"Thing {n}", f"{n}.50", f"the thing\nafter SKU-{n - 1}") for n in range(200)]


class Reader:
    """Opens one catalogue again and again, as so many processes would."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder
        self.parsed_whole = False

    def get(self, *skus: str) -> dict[str, Item]:
        """The items; `parsed_whole` tells whether all rows had to be read for them."""
        self.parsed_whole = False
        db = CsvCatalogDb(str(self.path), "USD", str(self.folder), self._progress, large=1)
        return db.get_descriptions(skus)

    def price(self, sku: str) -> str:
        return self.get(sku)[sku].price.decimal

    def _progress(self, done: int, of: int) -> None:
        assert 0 < done <= of == self.path.stat().st_size
        self.parsed_whole = True

    @property
    def index(self) -> Path:
        """The index's file."""
        (found,) = self.folder.glob("catalog-*.index")
        return found


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every catalogue for one that was last changed long ago."""
    monkeypatch.setattr(csv_index, "_UNSETTLED", -(10**18))


@pytest.fixture
def reader(tmp_path: Path, store: Path) -> Reader:
    """A catalogue with its index."""
    store.mkdir()
    reader = Reader(write_catalog(tmp_path / "catalog.csv", ROWS), store)
    assert reader.price("SKU-7") == "7.50"
    assert reader.parsed_whole
    return reader


def test_one_sku_is_read_without_the_others(reader: Reader) -> None:
    assert reader.get("SKU-7", "SKU-199") == {
        "SKU-7": Item("SKU-7", "Thing 7", Money("7.50", "USD"), "the thing\nafter SKU-6"),
        "SKU-199": Item("SKU-199", "Thing 199", Money("199.50", "USD"), "the thing\nafter SKU-198"),
    }
    assert not reader.parsed_whole


@pytest.mark.usefixtures("settled")
def test_a_settled_catalogue_is_known_by_its_stamp(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.index.unlink()
    reader.price("SKU-1")
    monkeypatch.setattr(csv_index, "_digest", lambda data: pytest.fail("it was read whole"))
    assert reader.price("SKU-7") == "7.50"
    assert not reader.parsed_whole


@pytest.mark.usefixtures("settled")
def test_a_touched_catalogue_is_known_by_its_digest_and_stamped_anew(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(reader.path, (1, 1))
    assert reader.price("SKU-7") == "7.50"
    assert not reader.parsed_whole
    monkeypatch.setattr(csv_index, "_digest", lambda data: pytest.fail("it was read whole"))
    assert reader.price("SKU-9") == "9.50"
    assert not reader.parsed_whole


def test_a_stamp_counts_only_when_the_last_change_is_two_seconds_old(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stamp() -> object:
        return sealed.unseal("", reader.index.read_bytes().split(b"\n")[0] + b"\n")["stamp"]

    assert stamp() is None
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + 1_900_000_000)
    reader.price("SKU-7")
    assert stamp() is None
    monkeypatch.setattr(time, "time_ns", lambda: now + 2_100_000_000)
    reader.price("SKU-7")
    info = reader.path.stat()
    assert stamp() == [info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns]
    assert not reader.parsed_whole


def test_a_change_of_equal_size_at_once_is_seen(reader: Reader) -> None:
    data = reader.path.read_bytes()
    with reader.path.open("r+b") as file:  # in place: the same inode, size, and perhaps time
        file.write(data.replace(b",7.50,", b",8.25,"))
    assert reader.price("SKU-7") == "8.25"
    with reader.path.open("r+b") as file:
        file.write(data.replace(b",7.50,", b",x.50,"))
    with pytest.raises(FixInput, match="price of SKU-7"):
        reader.get("SKU-9")


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("row", ["SKU-7,again,1,", "SKU-1000,a price,1.2.3,", "one field"])
def test_a_refused_catalogue_is_refused_whatever_is_asked_for(reader: Reader, row: str) -> None:
    with reader.path.open("a") as file:
        file.write(f"{row}\n")
    for _ in range(2):
        with pytest.raises(FixInput, match="is refused: line 402"):
            reader.get("SKU-9")


def test_progress_is_told_to_the_end_even_of_a_refused_catalogue(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    rows = [(f"SKU-{n}", "Thing", "1", "") for n in range(2_500)]
    path = write_catalog(tmp_path / "catalog.csv", [*rows, rows[7]])
    size = path.stat().st_size
    with pytest.raises(FixInput, match="is also in line 9"):
        CsvCatalogDb(str(path), "USD", None, lambda *step: told.append(step), large=1).search()
    assert told == sorted(told)
    assert [of for _, of in told] == [size] * 3
    assert told[-1] == (size, size)
    assert 0 < told[0][0] < told[1][0] < size


def test_unknown_skus_are_searched_for_in_the_file(reader: Reader) -> None:
    assert list(reader.get("SKU", "SKU-70000", "sku-7", "\ud800", "SKU-7")) == ["SKU-7"]
    assert not reader.parsed_whole
    assert reader.get("thing") == {}  # a word of the descriptions: only parsing tells
    assert reader.parsed_whole


def change(index: Path, header: Callable[[dict[str, Any]], None]) -> None:
    """Change the index's header, with a checksum that matches."""
    first, rest = index.read_bytes().split(b"\n", 1)
    record = sealed.unseal("", first + b"\n")
    header(record)
    index.write_bytes(sealed.seal(record) + rest)


def lie(index: Path, rows: Callable[[dict[str, Any]], None]) -> None:
    """Change what the index says of each row, with checksums that match."""
    lines = index.read_bytes().splitlines(keepends=True)
    records = [sealed.unseal("", line) for line in lines]
    for record in records[1:]:
        rows(record["rows"])
    lines = [sealed.seal(record) for record in records[1:]]
    index.write_bytes(
        sealed.seal({**records[0], "lines": [len(line) for line in lines]}) + b"".join(lines)
    )


def shift(rows: dict[str, Any]) -> None:
    for sku, (start, end) in rows.items():
        rows[sku] = [start + 1, end]


def swap(rows: dict[str, Any]) -> None:
    rows.update(zip(rows, [*rows.values()][::-1], strict=True))


def spread(rows: dict[str, Any]) -> None:
    for sku, (start, end) in rows.items():
        rows[sku] = [start, end + 60]


def nonsense(value: object) -> Callable[[dict[str, Any]], None]:
    return lambda rows: rows.update(dict.fromkeys(rows, value))


def newer(index: Path) -> None:
    index.write_bytes(index.read_bytes().replace(b'"format": 1', b'"format": 2'))


def newer_sealed(index: Path) -> None:
    lines = index.read_bytes().splitlines(keepends=True)
    body = json.dumps({**json.loads(lines[0]), "format": 99})
    index.write_bytes(sealed.seal(json.loads(body)) + b"".join(lines[1:]))


def replace(index: Path, make: Callable[[], None]) -> None:
    index.unlink()
    make()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "deleted": lambda index: index.unlink(),
    "empty": lambda index: index.write_bytes(b""),
    "cut in the first line": lambda index: os.truncate(index, 100),
    "cut at the end": lambda index: os.truncate(index, index.stat().st_size // 3),
    "zeros": lambda index: index.write_bytes(bytes(100_000)),
    "newer, unsealed": newer,
    "newer": newer_sealed,
    "other rules": lambda index: change(index, lambda header: header.update(rules=0)),
    "of another file": lambda index: change(index, lambda header: header.update(path="/x")),
    "no lines": lambda index: change(index, lambda header: header.update(lines=[])),
    "endless lines": lambda index: change(index, lambda header: header.update(lines=[10**30])),
    "huge lines": lambda index: change(index, lambda header: header.update(lines=[10**13])),
    "negative lines": lambda index: change(index, lambda header: header.update(lines=[-5])),
    "lines of text": lambda index: change(index, lambda header: header.update(lines="abc")),
    "head beyond": lambda index: change(index, lambda header: header.update(head=[10**9, 10**20])),
    "rows moved": lambda index: lie(index, shift),
    "rows swapped": lambda index: lie(index, swap),
    "rows too long": lambda index: lie(index, spread),
    "rows left out": lambda index: lie(index, lambda rows: rows.clear()),
    "rows beyond": lambda index: lie(index, nonsense([10**9, 10**20])),
    "rows negative": lambda index: lie(index, nonsense([-9, 3])),
    "rows of text": lambda index: lie(index, nonsense("ab")),
    "rows of nothing": lambda index: lie(index, nonsense(None)),
    "a link": lambda index: replace(index, lambda: index.symlink_to("/dev/zero")),
    "a FIFO": lambda index: replace(index, lambda: os.mkfifo(index)),
    "a folder": lambda index: replace(index, index.mkdir),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_or_lying_index_changes_no_answer(reader: Reader, damage: str) -> None:
    DAMAGE[damage](reader.index)
    assert {sku: item.price.decimal for sku, item in reader.get("SKU-7", "SKU-30").items()} == {
        "SKU-7": "7.50",
        "SKU-30": "30.50",
    }
    assert reader.parsed_whole


@pytest.mark.parametrize("damage", sorted({*DAMAGE} - {"a folder"}))
def test_a_damaged_index_is_written_anew(reader: Reader, damage: str) -> None:
    DAMAGE[damage](reader.index)
    reader.get("SKU-7")
    reader.get("SKU-7")
    assert not reader.parsed_whole


def test_a_flipped_bit_anywhere_changes_no_answer(reader: Reader) -> None:
    good = reader.index.read_bytes()
    for at in range(0, len(good), 97):
        reader.index.write_bytes(good[:at] + bytes([good[at] ^ 4]) + good[at + 1 :])
        assert reader.price("SKU-7") == "7.50", at


def test_without_a_store_nothing_is_made(tmp_path: Path) -> None:
    reader = Reader(write_catalog(tmp_path / "catalog.csv", ROWS), tmp_path / "none")
    assert reader.price("SKU-7") == "7.50"
    assert not reader.folder.exists()


def test_where_no_index_can_be_written_it_goes_on_without(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str, data: bytes) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(durable, "replace", refuse)
    reader.index.unlink()
    for _ in range(2):
        assert reader.price("SKU-7") == "7.50"
        assert reader.parsed_whole


def test_many_catalogues_share_sixteen_indexes(reader: Reader, tmp_path: Path) -> None:
    for n in range(40):
        path = write_catalog(tmp_path / f"{n}.csv", [("SKU-7", "Other", f"{n}", "")])
        assert Reader(path, reader.folder).price("SKU-7") == f"{n}.00"
        assert reader.price("SKU-7") == "7.50"
    assert len([*reader.folder.glob("*.index")]) <= 16


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\r",é玉'))
names = texts.filter(str.strip)
unique = st.lists(
    st.tuples(st.text("ab-\"' ,é玉1", min_size=1).map(str.strip).filter(bool), names, texts),
    min_size=1,
    unique_by=lambda row: row[0],
)


@given(unique, st.sampled_from(["", "\ufeff"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_answers_are_those_of_parsing_everything(
    rows: list[tuple[str, str, str]], mark: str, end: str
) -> None:
    def quoted(values: Iterable[str]) -> str:
        return ",".join('"' + value.replace('"', '""') + '"' for value in values)

    lines = [quoted((sku, name, "1", text)) for sku, name, text in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "catalog.csv")
        content = mark + "sku,name,price,description" + end + end + (end + end).join(lines)
        path.write_bytes(content.encode())
        items = CsvCatalogDb(str(path), "USD").search()
        reader = Reader(path, Path(folder))
        reader.get("b")
        for item in items:
            assert reader.get(item.sku) == {item.sku: item}
            assert not reader.parsed_whole
        everything = reader.get(*(item.sku for item in items), "ab", "-")
        assert [*everything.values()] == [*items, *(i for i in items if i.sku in ("ab", "-"))][
            : len(items)
        ]
