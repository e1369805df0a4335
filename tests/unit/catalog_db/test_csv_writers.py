"""A catalogue that is being written in its place is never believed half."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Event, Thread

import pytest

from cartcli.catalog_db.csv_file import CsvCatalogDb
from cartcli.errors import FixInput, RetryLater
from tests.helpers import write_long_ago

OLD = "sku,name,description,price\nS1,Kettle,,19.99\nS2,Television,,1499.00\n"
NEW = "sku,name,description,price\nS1,Kettle,,29.99\nS2,Television,,1599.00\nS3,Lamp,,7.50\n"
WHOLE = {"S1": "29.99", "S2": "1599.00"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.csv"
    path.write_text(OLD)
    return path


def writing(path: Path, text: str, *, open_meanwhile: bool = True) -> Iterator[str]:
    """Write `text` in place of what is there, as `cp` does, byte by byte; what is there so far."""
    with path.open("ab") if open_meanwhile else nullcontext():
        path.write_bytes(b"")
        yield ""
        for number, byte in enumerate(text.encode(), 1):
            with path.open("ab") as file:
                file.write(bytes((byte,)))
            yield text[:number]


def prices(db: CsvCatalogDb) -> dict[str, str]:
    return {sku: str(one.price.amount) for sku, one in db.get_descriptions(["S1", "S2"]).items()}


@pytest.mark.parametrize("large", [0, 1 << 20], ids=["indexed", "parsed"])
@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize("open_meanwhile", [True, False])
def test_no_price_is_cut_wherever_the_writer_pauses(
    path: Path, tmp_path: Path, large: int, warm: bool, open_meanwhile: bool
) -> None:
    """What is seen is refused for now, or lacks the rows to come where a line has just ended."""
    kept = CsvCatalogDb(str(path), "USD", str(tmp_path), large=large)
    assert prices(kept) == {"S1": "19.99", "S2": "1499.00"}
    refused = 0
    for text in writing(path, NEW, open_meanwhile=open_meanwhile):
        db = kept if warm else CsvCatalogDb(str(path), "USD", str(tmp_path), large=large)
        try:
            seen = prices(db)
        except RetryLater:
            refused += 1
        except FixInput:  # there is no item yet
            assert text.endswith("\n")
        else:
            assert text.endswith("\n")
            assert seen.items() <= WHOLE.items()
    assert refused >= len(NEW) - NEW.count("\n")
    assert prices(kept) == WHOLE


@pytest.mark.parametrize("leases", [True, False])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_file_without_a_last_line_end_is_whole_when_it_has_stood_still(
    path: Path, codec: str, leases: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody has it open, where that can be known."""
    if not leases:
        monkeypatch.setattr("cartcli.files.writers._SET_LEASE", None)
    content = f"\ufeff{NEW.rstrip()}".encode(codec)
    path.write_bytes(content)
    for read in (CsvCatalogDb.search, CsvCatalogDb.everything):
        with pytest.raises(RetryLater, match="is being written"):
            read(CsvCatalogDb(str(path), "USD"))
    write_long_ago(path, content)
    assert prices(CsvCatalogDb(str(path), "USD")) == WHOLE
    assert CsvCatalogDb(str(path), "USD").everything().version


def test_of_one_that_somebody_has_open_nobody_knows_that_it_is_whole(path: Path) -> None:
    write_long_ago(path, NEW.rstrip())
    with path.open("ab"), pytest.raises(RetryLater, match="is being written"):
        prices(CsvCatalogDb(str(path), "USD"))
    assert prices(CsvCatalogDb(str(path), "USD")) == WHOLE


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_the_last_line_of_utf_16_has_its_end_in_two_bytes(path: Path, codec: str) -> None:
    """In letters of some scripts one of these bytes stands, too."""
    path.write_bytes(f"\ufeff{NEW}".encode(codec))
    assert prices(CsvCatalogDb(str(path), "USD")) == WHOLE
    assert CsvCatalogDb(str(path), "USD").everything().version
    for cut in (f"{NEW}S4,Lamp,\u0a0a", f"{NEW}S4,Lamp,\u0a0d", f"{NEW}S4,\u0d0d"):
        path.write_bytes(f"\ufeff{cut}".encode(codec))
        with pytest.raises(RetryLater):
            prices(CsvCatalogDb(str(path), "USD"))
    path.write_bytes(f"\ufeff{NEW}".encode(codec)[:-1])
    with pytest.raises(RetryLater):
        prices(CsvCatalogDb(str(path), "USD"))


def test_who_waits_long_enough_sees_it_stand_still(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartcli.catalog_db.csv_content._UNSETTLED", 300_000_000)
    path.write_text(NEW.rstrip())
    begun = time.monotonic()
    assert prices(CsvCatalogDb(str(path), "USD", lock_wait=60)) == WHOLE
    assert 0.2 < time.monotonic() - begun < 30


@pytest.mark.parametrize("ahead", [0, 3600])
def test_a_time_that_is_yet_to_come_keeps_nobody_waiting_for_it(
    path: Path, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    """Somebody has set that of the content, or the clock was set back `ahead` seconds."""
    path.write_text(NEW.rstrip())
    os.utime(path, (2_000_000_000 * 2, 2_000_000_000 * 2))
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() - ahead * 10**9)
    monkeypatch.setattr("cartcli.catalog_db.csv_content._UNSETTLED", 300_000_000)
    db = CsvCatalogDb(str(path), "USD")
    with pytest.raises(RetryLater):
        prices(db)
    assert prices(CsvCatalogDb(str(path), "USD", lock_wait=60)) == WHOLE
    assert prices(db) == WHOLE  # as it has stood still since it was asked before


@pytest.mark.parametrize("large", [0, 1 << 30], ids=["indexed", "parsed"])
def test_what_is_written_over_and_over_is_read_whole_all_the_same(
    path: Path, tmp_path: Path, large: int
) -> None:
    """By a reader that parses for longer than the file stands still."""
    rows = "".join(f"S{n},Name,{'x' * 60},1234567.99\n" for n in range(3_000))
    text = f"sku,name,description,price\n{rows}"
    path.write_text(text)
    db = CsvCatalogDb(str(path), "USD", str(tmp_path), lock_wait=60, large=large)
    over = Event()

    def write() -> None:
        while not over.wait(0.005):
            with path.open("w") as file:
                file.write(text[:-5])
                file.flush()
                over.wait(0.005)  # in the middle of the last price
                file.write(text[-5:])

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        try:
            for _ in range(10):
                items = db.search()
                assert len(items) == 3_000
                assert {item.price.decimal for item in items} == {"1234567.99"}
                assert len(db.get_descriptions(["S7", "S2999"])) == 2
        finally:
            over.set()
        writer.result(60)


def test_who_waits_sees_it_whole(path: Path) -> None:
    """A look begins in the middle of the last line to be written, and ends when that is whole."""
    steps = writing(path, NEW)
    for _ in range(len(NEW) - 10):
        next(steps)
    seen: list[dict[str, str]] = []
    db = CsvCatalogDb(str(path), "USD", lock_wait=60)
    looking = Thread(target=lambda: seen.append(prices(db)))
    looking.start()
    for _ in steps:
        pass
    looking.join(60)
    assert seen == [WHOLE]
