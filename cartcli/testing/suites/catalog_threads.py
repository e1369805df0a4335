"""What every catalog DB promises to threads, and to a child process, while it is replaced."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from threading import Event
from typing import Final

import pytest

from cartcli import Item, Money
from cartcli.catalog_db import CatalogDb
from cartcli.catalog_db.snapshot import Entry
from cartcli.testing.fixtures import StockShop
from cartcli.testing.values import at_once

ITEMS: Final = 30
TIMES: Final = 30
NOW_AND_THEN: Final = "ODD"  # is on sale in every other catalogue


def entries(number: int) -> Iterator[Entry]:
    """The catalogue with this `number`, which is the price of everything in it. All are of one
    length, but for what only the odd ones have."""
    names = [f"S-{place}" for place in range(ITEMS)] + [NOW_AND_THEN] * (number % 2)
    for sku in names:
        yield Entry(Item(sku, "name", Money(number, "USD"), ""), {})


def number_of(items: Iterable[Item]) -> int:
    """Of the one catalogue in which all these items are."""
    (price,) = {item.price.decimal for item in items}
    return int(float(price))


@pytest.fixture(autouse=True)
def _threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def look_up(catalog_db: CatalogDb, step: int) -> int:
    """The number of the catalogue that is seen."""
    always = [f"S-{step % ITEMS}", f"S-{step * 7 % ITEMS}"]
    found = catalog_db.get_descriptions([NOW_AND_THEN, *always, "no such"])
    number = number_of(found.values())
    assert {*found} == {*always, *[NOW_AND_THEN] * (number % 2)}
    return number


def list_all(catalog_db: CatalogDb, step: int) -> int:
    """The number of the catalogue that is seen."""
    found = catalog_db.search(sort="-price", after="S-0" if step % 2 else "")
    number = number_of(found)
    assert len(found) == ITEMS + number % 2 - step % 2
    return number


@pytest.mark.parametrize("shared", [True, False], ids=["their object", "another one"])
def test_every_answer_is_of_one_catalogue_and_never_of_an_earlier_one(
    stock: StockShop, shared: bool
) -> None:
    """Eight threads read while it is replaced again and again."""
    readers = stock(None, "USD")
    writer = readers if shared else stock(None, "USD")
    writer.replace(entries(100))
    replaced, ended = [100], Event()

    def run(thread: int) -> int:
        try:
            return read(thread) if thread else write()
        finally:
            ended.set()

    def write() -> int:
        for number in range(101, 101 + TIMES):
            writer.replace(entries(number))
            replaced[0] = number
            assert look_up(writer, number) == list_all(writer, number) == number
        return 0

    def read(thread: int) -> int:
        step, seen = thread, {0}
        while not ended.is_set():
            step += 1
            before = replaced[0]
            number = (list_all if step % 4 == 0 else look_up)(readers, step)
            assert before <= number <= replaced[0] + 1
            seen.add(number)
        assert look_up(readers, step) == replaced[0]
        return len(seen)

    written, *seen = at_once(9, run)
    assert written == 0
    assert [failed for failed in seen if isinstance(failed, Exception)] == []
    assert max(number for number in seen if isinstance(number, int)) > 3  # they read meanwhile


@pytest.mark.filterwarnings("ignore:.*fork")  # from Python 3.12 on: threads may hold locks
def test_a_child_reads_and_replaces_what_its_parent_has_read(stock: StockShop) -> None:
    catalog_db = stock(None, "USD")
    catalog_db.replace(entries(100))
    assert look_up(catalog_db, 1) == 100
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        before = look_up(catalog_db, 1)
        catalog_db.replace(entries(101))
        os._exit(0 if (before, look_up(catalog_db, 1)) == (100, 101) else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert look_up(catalog_db, 1) == list_all(catalog_db, 1) == 101
