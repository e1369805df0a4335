"""A catalogue that is being written in its place is never believed half."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from cartcli.catalog_db.csv_file import CsvCatalogDb
from cartcli.errors import FixInput, RetryLater

OLD = "sku,name,description,price\nS1,Kettle,,19.99\nS2,Television,,1499.00\n"
NEW = "sku,name,description,price\nS1,Kettle,,29.99\nS2,Television,,1599.00\nS3,Lamp,,7.50\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.csv"
    path.write_text(OLD)
    return path


def writing(path: Path, text: str) -> Iterator[str]:
    """Write `text` in place of what is there, as `cp` does, byte by byte; what is there so far."""
    with path.open("wb", buffering=0) as file:
        yield ""
        for number, byte in enumerate(text.encode(), 1):
            file.write(bytes((byte,)))
            yield text[:number]


def prices(db: CsvCatalogDb) -> dict[str, str]:
    return {sku: str(one.price.amount) for sku, one in db.get_descriptions(["S1", "S2"]).items()}


@pytest.mark.parametrize("large", [0, 1 << 20], ids=["indexed", "parsed"])
@pytest.mark.parametrize("warm", [True, False])
def test_no_price_is_cut_wherever_the_writer_pauses(
    path: Path, tmp_path: Path, large: int, warm: bool
) -> None:
    """What is seen is refused for now, or lacks the rows to come where a line has just ended."""
    whole = {"S1": "29.99", "S2": "1599.00"}
    kept = CsvCatalogDb(str(path), "USD", str(tmp_path), large=large)
    assert prices(kept) == {"S1": "19.99", "S2": "1499.00"}
    refused = 0
    for text in writing(path, NEW):
        db = kept if warm else CsvCatalogDb(str(path), "USD", str(tmp_path), large=large)
        try:
            seen = prices(db)
        except RetryLater:
            refused += 1
        except FixInput:  # there is no item yet
            assert text.endswith("\n")
        else:
            assert text.endswith("\n")
            assert seen.items() <= whole.items()
    assert refused >= len(NEW) - NEW.count("\n")
    assert prices(kept) == whole


def test_a_file_without_a_last_line_end_is_whole_when_nobody_writes_it(path: Path) -> None:
    path.write_text(NEW.rstrip("\n"))
    assert prices(CsvCatalogDb(str(path), "USD")) == {"S1": "29.99", "S2": "1599.00"}


def test_where_writers_cannot_be_seen_it_is_when_it_has_stood_still(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartcli.files.writers._SET_LEASE", None)
    path.write_text(NEW.rstrip("\n"))
    with pytest.raises(RetryLater, match="is being written"):
        CsvCatalogDb(str(path), "USD").get_descriptions(["S1"])
    long_ago = path.stat().st_mtime_ns - 10**10
    os.utime(path, ns=(long_ago, long_ago))
    monkeypatch.setattr("cartcli.catalog_db.csv_content._UNSETTLED", -(10**18))
    assert prices(CsvCatalogDb(str(path), "USD")) == {"S1": "29.99", "S2": "1599.00"}


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
    """A look begins while the file is half written, and ends when it is whole."""
    steps = writing(path, NEW)
    for _ in range(40):
        next(steps)
    seen: list[dict[str, str]] = []
    db = CsvCatalogDb(str(path), "USD", lock_wait=60)
    looking = Thread(target=lambda: seen.append(prices(db)))
    looking.start()
    for _ in steps:
        pass
    looking.join(60)
    assert seen == [{"S1": "29.99", "S2": "1599.00"}]
