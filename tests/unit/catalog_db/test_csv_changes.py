"""The CSV file changes, at any time: no answer is older than its call, and none is a mixture."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import pytest

from cartcli import Item
from cartcli.catalog_db import csv_content, csv_file
from cartcli.catalog_db.csv_content import CsvContent, Stamp
from cartcli.catalog_db.csv_file import CsvCatalogDb
from cartcli.catalog_db.csv_index import CsvIndex
from cartcli.catalog_db.csv_parser import CsvParser
from tests.helpers import at_once

SECOND: Final = 1_000_000_000
SKUS: Final = [f"S-{n}" for n in range(40)]
Open = Callable[[], CsvCatalogDb]
Read = Callable[[CsvCatalogDb], str]


def content(price: str) -> bytes:
    """A catalogue in which everything has this `price`."""
    rows = (f"{sku},name of {sku},{price},the next one is dearer\n" for sku in SKUS)
    return b"sku,name,price,description\n" + "".join(rows).encode()


def shifted(price: str) -> bytes:
    """As long as `content`, without S-7: the end of another row looks like its row did there."""
    return content(price).replace(b"name of S-6", b"name of").replace(b"\nS-7,", b"\nBAD-S-7,")


def price_of(items: Iterable[Item]) -> str:
    """That all these items have."""
    (price,) = {item.price.decimal for item in items}
    return price


def look_up(db: CsvCatalogDb) -> str:
    return price_of(db.get_descriptions(["S-7", "S-30"]).values())


def list_all(db: CsvCatalogDb) -> str:
    return price_of(db.search())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.csv"
    path.write_bytes(content("10.00"))
    return path


@pytest.fixture(params=["parsed", "indexed"])
def opens(request: pytest.FixtureRequest, path: Path, tmp_path: Path) -> Open:
    """Opens the catalogue; of an indexed one, there is an index already."""
    folder = str(tmp_path) if request.param == "indexed" else None
    CsvCatalogDb(str(path), "USD", folder, lock_wait=20, large=0).get_descriptions(["S-1"])
    return lambda: CsvCatalogDb(str(path), "USD", folder, lock_wait=20, large=0)


class Disk:
    """Its times are two seconds apart. The clock stands still until it is moved."""

    def __init__(self) -> None:
        self.clock = 1_800_000_000 * SECOND
        self._written = self.clock

    def put(self, path: Path, data: bytes) -> None:
        """Write over the file, in place."""
        with path.open("r+b") as file:
            file.write(data)
        self._written = self.clock // (2 * SECOND) * (2 * SECOND)

    def stamp(self, info: os.stat_result) -> Stamp:
        return info.st_ino, info.st_size, self._written, self._written


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(csv_content, "stamp_of", disk.stamp)
    monkeypatch.setattr(csv_file, "stamp_of", disk.stamp)
    monkeypatch.setattr(time, "time_ns", lambda: disk.clock)
    return disk


@pytest.mark.parametrize("read", [look_up, list_all])
@pytest.mark.parametrize("pause", [0, SECOND])
def test_a_change_of_equal_size_at_the_same_time_is_seen(
    opens: Open, path: Path, disk: Disk, read: Read, pause: int
) -> None:
    db = opens()
    for price in ("20.00", "30.00", "40.00"):
        disk.put(path, content(price))
        disk.clock += pause
        assert read(db) == look_up(db) == price
        disk.put(path, content("99.00"))
        assert read(db) == look_up(db) == "99.00"
        disk.clock += 10 * SECOND
        assert read(db) == "99.00"
        disk.put(path, content("98.00"))
        assert read(db) == "98.00"
    assert look_up(opens()) == "98.00"


@pytest.mark.parametrize("read", [look_up, list_all])
def test_what_was_read_of_a_file_just_written_is_not_believed_later(
    opens: Open, path: Path, disk: Disk, read: Read
) -> None:
    """Not even when nobody has looked until it was old."""
    db = opens()
    disk.put(path, content("20.00"))
    assert read(db) == "20.00"
    disk.put(path, content("30.00"))
    disk.clock += 10 * SECOND
    assert read(db) == read(opens()) == "30.00"


def test_a_change_while_the_file_is_parsed_is_seen(
    opens: Open, path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both changes have the same time, and when all is parsed that was long ago."""
    slow = CsvParser.items

    def items(parser: CsvParser, ranges: dict[str, tuple[int, int]], *rest: int) -> object:
        found = slow(parser, ranges)
        monkeypatch.setattr(CsvParser, "items", slow)
        disk.put(path, shifted("30.00"))
        disk.clock += 10 * SECOND
        return found

    disk.put(path, content("20.00"))
    monkeypatch.setattr(CsvParser, "items", items)
    db = opens()
    assert look_up(db) == "20.00"
    for found in (db.get_descriptions(["S-7"]), opens().get_descriptions(["S-7"])):
        assert found == {}
    assert look_up(db) == list_all(db) == "30.00"


@pytest.mark.parametrize("read", [look_up, list_all])
def test_a_file_written_long_ago_is_read_once(
    opens: Open, disk: Disk, monkeypatch: pytest.MonkeyPatch, read: Read
) -> None:
    disk.clock += 10 * SECOND
    db = opens()
    assert read(db) == "10.00"
    monkeypatch.setattr(
        csv_file, "opened_with_info", lambda path, **_: pytest.fail("it was opened again")
    )
    assert read(db) == "10.00"


@pytest.mark.parametrize("read", [look_up, list_all])
def test_a_file_just_written_is_read_again_and_not_parsed_again(
    opens: Open, disk: Disk, monkeypatch: pytest.MonkeyPatch, read: Read
) -> None:
    db = opens()
    assert read(db) == "10.00"
    monkeypatch.setattr(CsvParser, "items", lambda *_: pytest.fail("it was parsed again"))
    assert read(db) == "10.00"
    disk.clock += 10 * SECOND
    assert read(db) == "10.00"
    monkeypatch.setattr(CsvContent, "whole", lambda _: pytest.fail("it was read again"))
    assert read(db) == "10.00"


def test_what_was_slow_to_parse_does_not_take_the_place_of_what_is_newer(
    opens: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One has read the old file; meanwhile it is replaced, and another has read the new one."""
    db, init = opens(), CsvParser.__init__
    monkeypatch.setattr(csv_content, "_UNSETTLED", -(10**18))

    def parser(self: CsvParser, *args: object) -> None:
        monkeypatch.setattr(CsvParser, "__init__", init)
        path.with_suffix(".new").write_bytes(content("20.00"))
        path.with_suffix(".new").rename(path)
        assert look_up(db) == "20.00"
        init(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(CsvParser, "__init__", parser)
    assert look_up(db) == "10.00"
    assert look_up(db) == list_all(db) == "20.00"


def test_what_other_threads_keep_meanwhile_changes_no_answer(
    opens: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a call has put there, something else is there at once."""
    monkeypatch.setattr(
        CsvCatalogDb,
        "_known",
        property(lambda _: csv_file._NOTHING, lambda *_: None),
        raising=False,
    )
    db = opens()
    assert [*db.get_descriptions(["S-7", "no such", "S-9"])] == ["S-7", "S-9"]
    assert [item.sku for item in db.search()] == SKUS


def test_rows_are_not_looked_for_in_a_file_that_was_written_to_meanwhile(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_content, "_UNSETTLED", -(10**18))
    CsvCatalogDb(str(path), "USD", str(tmp_path), lock_wait=20, large=0).get_descriptions(["S-1"])
    ranges = CsvIndex.ranges

    def then_changed(index: CsvIndex, skus: Iterable[str], file: CsvContent) -> object:
        found = ranges(index, skus, file)
        assert found
        monkeypatch.setattr(CsvIndex, "ranges", ranges)
        path.write_bytes(shifted("10.00"))
        return found

    monkeypatch.setattr(CsvIndex, "ranges", then_changed)
    found = CsvCatalogDb(str(path), "USD", str(tmp_path), lock_wait=20, large=0).get_descriptions(
        ["S-7", "S-8"]
    )
    assert [*found] == ["S-8"]


def test_the_looked_up_are_not_kept_without_end(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "_MOST_KEPT", 5)
    monkeypatch.setattr(csv_content, "_UNSETTLED", -(10**18))
    for _ in range(2):  # first it is parsed, and indexed
        db = CsvCatalogDb(str(path), "USD", str(tmp_path), lock_wait=20, large=0)
        db.get_descriptions(["S-1"])
    for n in range(1, len(SKUS)):
        wanted = [SKUS[n], SKUS[n - 1], f"no-{n}"]
        assert [*db.get_descriptions(wanted)] == wanted[:2]
        assert len(db._known.items) + len(db._known.absent) <= 5 + len(wanted)


# Replaces the catalogue named first again and again, until its standard input ends.
REPLACING: Final = """\
import os, select, sys, time
path, number = sys.argv[1], 10
while not select.select([sys.stdin], [], [], 0)[0]:
    number += 1
    with open(path) as file:
        data = file.read().replace(f",{number - 1}.00,", f",{number}.00,")
    with open(f"{path}.new", "w") as file:
        file.write(data)
        os.fsync(file.fileno())
    os.rename(f"{path}.new", path)
    time.sleep(0.015)  # the name and the time of a file come back no sooner
"""


@pytest.mark.parametrize("unsettled", [csv_content._UNSETTLED, -(10**18)], ids=["young", "old"])
def test_eight_threads_read_what_another_process_replaces(
    opens: Open, path: Path, monkeypatch: pytest.MonkeyPatch, unsettled: int
) -> None:
    monkeypatch.setattr(csv_content, "_UNSETTLED", unsettled)
    db, end = opens(), time.monotonic() + 60

    def read(thread: int) -> set[str]:
        seen = ["10.00"]
        while len({*seen}) < 20 and time.monotonic() < end:
            for read in (look_up, look_up, list_all):
                seen.append(read(db))
                assert len(db.get_descriptions(SKUS[thread::8])) == 5
        assert sorted(seen, key=float) == seen
        return {*seen}

    with subprocess.Popen(
        [sys.executable, "-c", REPLACING, str(path)], stdin=subprocess.PIPE
    ) as process:
        found = at_once(8, read)
        assert process.stdin
        process.stdin.close()
        assert process.wait(60) == 0
    assert [len(seen) >= 20 for seen in found if isinstance(seen, set)] == [True] * 8, found
    assert f",{look_up(db)}," in path.read_text()
    assert look_up(db) == list_all(db) == look_up(opens())
