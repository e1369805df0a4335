"""A product file is read once nobody writes it any more, and never half."""

from __future__ import annotations

import io
import os
from importlib import import_module
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO

import pytest

from cartcli.errors import FixInput, RetryLater
from cartcli.merchant.importing.plan import Plan
from cartcli.merchant.importing.source import open_source
from tests.helpers import write_long_ago
from tests.product_files import NOW, stock_of

HEADER = "sku,name,price,description\n"
HALF = HEADER + "SOFA,Sofa,1"
WHOLE = HALF + "499.00,\n"


def planned(folder: Path, path: Path, wait: float = 0) -> Plan:
    plan = Plan(stock_of(folder), "USD")
    with open_source(str(path), wait) as source:
        plan.read(source, None, NOW)
    return plan


def test_half_a_line_that_was_written_just_now_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text(HALF)
    with pytest.raises(RetryLater, match="is being written, or was just now") as refused:
        planned(tmp_path, path)
    assert refused.value.hint == "Nothing was written. Import it again when it is done."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_old_file_without_a_last_line_end_is_whole(tmp_path: Path, encoding: str) -> None:
    path = write_long_ago(tmp_path / "feed.csv", WHOLE.strip().encode(encoding))
    assert planned(tmp_path, path).items == 1


def test_a_file_that_somebody_has_open_to_write_is_waited_for(tmp_path: Path) -> None:
    path = write_long_ago(tmp_path / "feed.csv", HALF)
    with path.open("a") as writer:
        with pytest.raises(RetryLater):
            planned(tmp_path, path)

        def write_the_rest() -> None:
            writer.write("499.00,\n")
            writer.close()

        Timer(0.3, write_the_rest).start()
        plan = planned(tmp_path, path, wait=60)
    assert [entry.item.price.decimal for entry in plan._entries()] == ["1499.00"]


class Growing(io.FileIO):
    """A file that others lengthen whenever it is read."""

    def readinto(self, buffer: Any) -> int | None:
        read = super().readinto(buffer)
        with open(str(self.name), "a") as file:
            file.write("TEA,Tea,1.00,\n" * 10_000)
        return read


@pytest.mark.parametrize("rows", [1, 10_000])
def test_a_file_that_is_written_to_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    path = write_long_ago(
        tmp_path / "feed.csv", HEADER + "".join(f"S{n},Sofa,1499.00,\n" for n in range(rows))
    )

    def opened(path: str) -> BinaryIO:
        return io.BufferedReader(Growing(path))

    monkeypatch.setattr("cartcli.merchant.importing.source._opened", opened)
    with pytest.raises(RetryLater, match="is being written"):
        planned(tmp_path, path)


def test_a_pipe_is_whole_when_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    Timer(0.1, lambda: path.write_text(WHOLE.strip())).start()
    assert planned(tmp_path, path).items == 1


def test_half_a_workbook_is_no_workbook(tmp_path: Path) -> None:
    whole, half = tmp_path / "whole.xlsx", tmp_path / "half.xlsx"
    import_module("openpyxl").Workbook().save(whole)
    half.write_bytes(whole.read_bytes()[:-100])
    with pytest.raises(FixInput, match="not a well-formed Excel file"):
        planned(tmp_path, half)
