"""A real month through the library: the sums come out to the penny."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.benchmarks.replay import percentiles, replay, report
from tests.benchmarks.retail import invoices


@pytest.fixture
def quick_store(tmp_path: Path) -> Iterator[Path]:
    """A new store in memory where the system offers that: here it is the sums that count, and
    12,000 flushes to a disk can take a minute."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path / "store"
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder, "store")


def test_a_real_month_adds_up(quick_store: Path) -> None:
    month = invoices()
    played = replay(quick_store, month, at_once=True)
    assert played.rows == 26_157
    assert len(played.receipts) == 1_400
    assert len({invoice.customer for invoice in month}) == 885
    assert played.total == Decimal("572713.89")
    assert {receipt.amount.currency for receipt in played.receipts} == {"GBP"}
    assert [receipt.purchased for receipt in played.receipts] == [one.when for one in month]
    assert len(os.listdir(quick_store / "carts")) == 885
    assert report(played).startswith("26,157 lines, 1,400 receipts, GBP 572,713.89\n")


def test_line_by_line_comes_to_the_same(quick_store: Path) -> None:
    some = invoices()[:40]
    played = replay(quick_store, some)
    assert len(played.updates) == sum(len(invoice.contents) for invoice in some)
    contents = [{line.sku: line.quantity for line in one.lines} for one in played.receipts]
    assert contents == [invoice.contents for invoice in some]


def test_percentiles_are_in_milliseconds() -> None:
    assert percentiles([n / 1_000 for n in range(1, 100)]) == pytest.approx((50, 95, 99))
