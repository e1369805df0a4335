"""The index of a large catalogue: never seen in an answer, whatever became of it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Item, Money
from cartcli.catalog_db import csv_content, csv_index
from cartcli.catalog_db.csv_content import CsvContent
from cartcli.catalog_db.csv_file import CsvCatalogDb
from cartcli.errors import FixInput
from cartcli.files import durable, locks
from tests.helpers import write_catalog, write_long_ago

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
        (found,) = self.folder.glob("catalog-*.db")
        return found


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every catalogue for one that was last changed long ago."""
    monkeypatch.setattr(csv_content, "_UNSETTLED", -(10**18))


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
    monkeypatch.setattr(CsvContent, "whole", lambda content: pytest.fail("it was read whole"))
    assert reader.price("SKU-7") == "7.50"
    assert not reader.parsed_whole


@pytest.mark.usefixtures("settled")
def test_a_touched_catalogue_is_known_by_its_digest_and_stamped_anew(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(reader.path, (1, 1))
    assert reader.price("SKU-7") == "7.50"
    assert not reader.parsed_whole
    monkeypatch.setattr(CsvContent, "whole", lambda content: pytest.fail("it was read whole"))
    assert reader.price("SKU-9") == "9.50"
    assert not reader.parsed_whole


def test_a_stamp_counts_only_when_the_last_change_is_seconds_old(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stamp() -> object:
        with closing(sqlite3.connect(reader.index)) as db:
            return db.execute("SELECT stamp FROM head").fetchone()[0]

    assert stamp() == ""
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + 2_400_000_000)
    reader.price("SKU-7")
    assert stamp() == ""
    monkeypatch.setattr(time, "time_ns", lambda: now + 2_600_000_000)
    reader.price("SKU-7")
    info = reader.path.stat()
    assert stamp() == repr((info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns))
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


def run(index: Path, *statements: str) -> None:
    """Change the index, with no regard to its checksums."""
    with closing(sqlite3.connect(index)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def change(index: Path, column: str, value: object) -> None:
    """Change what the index says of its content, with a checksum that matches."""
    with closing(sqlite3.connect(index)) as db:
        db.execute(f"UPDATE head SET {column} = ?", (value,))
        *head, _ = db.execute("SELECT * FROM head").fetchone()
        db.execute("UPDATE head SET seal = ?", (csv_index._seal(*head),))
        db.commit()


def lie(index: Path, told: Callable[[int, int], tuple[object, object]]) -> None:
    """Change what the index says of each row, with checksums that match."""
    with closing(sqlite3.connect(index)) as db:
        (digest,) = db.execute("SELECT digest FROM head").fetchone()
        for key, first, after in db.execute("SELECT sku, first, after FROM ranges").fetchall():
            values = told(first, after)
            seal = csv_index._seal(digest, key, *values)
            db.execute(
                "UPDATE ranges SET first = ?, after = ?, seal = ? WHERE sku = ?",
                (*values, seal, key),
            )
        db.commit()


def swap(index: Path) -> None:
    """Each row where another one is."""
    with closing(sqlite3.connect(index)) as db:
        there = iter(db.execute("SELECT first, after FROM ranges ORDER BY first DESC").fetchall())
    lie(index, lambda first, after: next(there))


def rebuild(index: Path, *statements: str) -> None:
    """Another database in the place of the index."""
    replace(index, lambda: run(index, *statements))


def replace(index: Path, make: Callable[[], None]) -> None:
    index.unlink()
    make()


ENDLESS = (
    "WITH RECURSIVE r(sku, first, after, seal) AS"
    " (SELECT x'00', 0, 1, 0 UNION ALL SELECT sku, first + 1, after, seal FROM r) SELECT * FROM r"
)

DAMAGE: dict[str, Callable[[Path], object]] = {
    "deleted": lambda index: index.unlink(),
    "empty": lambda index: index.write_bytes(b""),
    "cut in the first page": lambda index: os.truncate(index, 100),
    "cut after the first page": lambda index: os.truncate(index, 4096),
    "cut at the end": lambda index: os.truncate(index, index.stat().st_size // 2),
    "zeros": lambda index: index.write_bytes(bytes(100_000)),
    "text": lambda index: index.write_text("sku,name,price\n" * 1_000),
    "another database": lambda index: rebuild(index, "CREATE TABLE head (rules)"),
    "one table more": lambda index: run(index, "CREATE TABLE more (sku)"),
    "a view that never ends": lambda index: run(
        index, "DROP TABLE ranges", f"CREATE VIEW ranges AS {ENDLESS}"
    ),
    "no head": lambda index: run(index, "DELETE FROM head"),
    "head unsealed": lambda index: run(
        index, "UPDATE head SET after = (SELECT min(after) FROM ranges)"
    ),
    "rows unsealed": lambda index: run(index, "UPDATE ranges SET first = first + 1"),
    "rows of another content": lambda index: run(index, "UPDATE ranges SET seal = seal + 1"),
    "other rules": lambda index: change(index, "rules", 0),
    "of another file": lambda index: change(index, "path", b"/x"),
    "of another content": lambda index: change(index, "digest", "x"),
    "head beyond": lambda index: change(index, "after", 2**62),
    "head of text": lambda index: change(index, "first", "x"),
    "head moved": lambda index: change(index, "first", 5),
    "rows moved": lambda index: lie(index, lambda first, after: (first + 1, after)),
    "rows swapped": swap,
    "rows too long": lambda index: lie(index, lambda first, after: (first, after + 60)),
    "rows left out": lambda index: run(index, "DELETE FROM ranges"),
    "rows beyond": lambda index: lie(index, lambda first, after: (10**9, 2**62)),
    "rows negative": lambda index: lie(index, lambda first, after: (-9, 3)),
    "rows of text": lambda index: lie(index, lambda first, after: ("a", "b")),
    "rows of nothing": lambda index: lie(index, lambda first, after: (None, None)),
    "rows between bytes": lambda index: lie(index, lambda first, after: (first + 0.5, after)),
    "rows without end": lambda index: run(
        index, "UPDATE ranges SET after = zeroblob(2000000) WHERE sku = x'534B552D37'"
    ),
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
    for at in range(0, len(good), 61):
        reader.index.write_bytes(good[:at] + bytes([good[at] ^ 1 << at % 8]) + good[at + 1 :])
        found = reader.get("SKU-7", "SKU-190", "SKU-70000")
        assert [item.price.decimal for item in found.values()] == ["7.50", "190.50"], at


def test_overwritten_pages_change_no_answer(reader: Reader) -> None:
    good = reader.index.read_bytes()
    size = len(good) // 4096
    assert size * 4096 == len(good)
    for page in range(size):
        for other in (b"\xff" * 4096, *(good[n * 4096 :][:4096] for n in range(size))):
            data = good[: page * 4096] + other + good[(page + 1) * 4096 :]
            reader.index.write_bytes(data)
            assert reader.price("SKU-7") == "7.50", page


def test_a_link_to_a_good_index_is_not_followed(reader: Reader, tmp_path: Path) -> None:
    index = reader.index
    index.symlink_to(index.rename(tmp_path / "elsewhere"))
    assert reader.price("SKU-7") == "7.50"
    assert reader.parsed_whole
    assert not reader.index.is_symlink()


@pytest.mark.parametrize(("limit", "least"), [("_STEPS", 1), ("_LONGEST", 60)])
def test_an_index_that_takes_too_much_is_given_up(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, limit: str, least: int
) -> None:
    monkeypatch.setattr(csv_index, limit, least)
    assert reader.price("SKU-7") == "7.50"
    assert reader.parsed_whole


def test_nothing_lies_beside_the_index_but_its_lock(reader: Reader) -> None:
    reader.get("SKU-7")
    names = {path.name for path in reader.folder.iterdir()}
    assert names == {reader.index.name, reader.index.with_suffix(".lock").name}
    assert reader.index.stat().st_mode & 0o777 == 0o600


def test_a_folder_may_be_called_anything(tmp_path: Path) -> None:
    folder = tmp_path / "50% of #1? \udcff"
    folder.mkdir()
    reader = Reader(write_catalog(folder / "catalog.csv", ROWS), folder)
    for _ in range(2):
        assert reader.price("SKU-7") == "7.50"
    assert not reader.parsed_whole


def test_two_do_not_write_one_index_at_once(reader: Reader) -> None:
    index = reader.index
    index.unlink()
    with locks.locked(str(index.with_suffix(".lock")), 0):
        assert reader.price("SKU-7") == "7.50"
        assert not [*reader.folder.glob("*.db")]


def test_without_a_store_nothing_is_made(tmp_path: Path) -> None:
    reader = Reader(write_catalog(tmp_path / "catalog.csv", ROWS), tmp_path / "none")
    assert reader.price("SKU-7") == "7.50"
    assert not reader.folder.exists()


def test_where_no_index_can_be_written_it_goes_on_without(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str, chunks: object) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(durable, "replace_in_chunks", refuse)
    reader.index.unlink()
    for _ in range(2):
        assert reader.price("SKU-7") == "7.50"
        assert reader.parsed_whole


def test_many_catalogues_share_sixteen_indexes(reader: Reader, tmp_path: Path) -> None:
    for n in range(40):
        path = write_catalog(tmp_path / f"{n}.csv", [("SKU-7", "Other", f"{n}", "")])
        assert Reader(path, reader.folder).price("SKU-7") == f"{n}.00"
        assert reader.price("SKU-7") == "7.50"
    assert len([*reader.folder.glob("*.db")]) <= 16


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
        content = mark + "sku,name,price,description" + end + end + (end + end).join(lines)
        path = write_long_ago(Path(folder, "catalog.csv"), content)
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
