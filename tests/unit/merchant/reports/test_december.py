"""A real month: what the reports say equals what the data says, counted by other means."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from cartcli.merchant import By
from tests.benchmarks.retail import DATA
from tests.helpers import run_cart

TOTAL: Final = Decimal("572713.89")
ORDERS: Final = 1_400


class Row(NamedTuple):
    """A line of an invoice."""

    invoice: str
    when: datetime
    customer: str
    sku: str
    name: str
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price


@cache
def data() -> list[Row]:
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        return [_row(**line) for line in csv.DictReader(file)]


def _row(
    invoice: str, when: str, customer: str, sku: str, name: str, quantity: str, price: str
) -> Row:
    sold_as = f"{sku}@{price}"  # as the replay sells it
    time = datetime.fromisoformat(when)
    return Row(invoice, time, customer, sold_as, name, int(quantity), Decimal(price))


class Sum(NamedTuple):
    revenue: Decimal
    orders: int

    @property
    def average(self) -> Decimal:
        return (self.revenue / self.orders).quantize(Decimal("0.01"), ROUND_HALF_UP)


def sums(key: Callable[[Row], str]) -> dict[str, Sum]:
    """Revenue and number of invoices of each `key` in the data."""
    revenue: defaultdict[str, Decimal] = defaultdict(Decimal)
    orders: defaultdict[str, set[str]] = defaultdict(set)
    for row in data():
        revenue[key(row)] += row.amount
        orders[key(row)].add(row.invoice)
    return {name: Sum(amount, len(orders[name])) for name, amount in revenue.items()}


PERIODS: Final[dict[By, Callable[[date], str]]] = {
    "day": lambda day: day.isoformat()[:10],
    "week": lambda day: f"{day.isocalendar().year}-W{day.isocalendar().week:02}",
    "month": lambda day: day.isoformat()[:7],
}


@cache
def report(store: Path, *args: str) -> list[dict[str, str]]:
    """What `cart report` prints, as CSV."""
    ran = run_cart("report", *args, "-o", "csv", store=store)
    assert ran.returncode == 0, ran.stderr
    return [*csv.DictReader(ran.stdout.splitlines())]


def test_the_month_adds_up(december: Path) -> None:
    days = report(december, "--by", "day")
    assert sum(Decimal(day["revenue"]) for day in days) == TOTAL
    assert sum(int(day["orders"]) for day in days) == ORDERS
    assert {day["currency"] for day in days} == {"GBP"}


def test_the_table_tells_the_total(december: Path) -> None:
    ran = run_cart("report", "--by", "month", store=december)
    assert ran.stdout.splitlines() == [
        "Sales by month: all time (UTC)",
        "",
        "Month    Orders         Revenue     Average",
        "-------  ------  --------------  ----------",
        "2010-12   1,400  572,713.89 GBP  409.08 GBP",
        "total     1,400  572,713.89 GBP  409.08 GBP",
    ]


@pytest.mark.parametrize("by", PERIODS)
def test_each_period_equals_the_datas(december: Path, by: By) -> None:
    expected = sums(lambda row: PERIODS[by](row.when))
    found = {
        row["period"]: Sum(Decimal(row["revenue"]), int(row["orders"]))
        for row in report(december, "--by", by)
    }
    assert found == expected
    assert [*found] == sorted(found)


def test_averages_equal_the_datas(december: Path) -> None:
    expected = sums(lambda row: PERIODS["day"](row.when))
    for row in report(december, "--by", "day"):
        assert Decimal(row["average"]) == expected[row["period"]].average


def test_a_span_equals_the_datas(december: Path) -> None:
    days = sums(lambda row: PERIODS["day"](row.when))
    expected = [days[f"2010-12-{day:02}"].revenue for day in (7, 8, 9, 10)]  # none on the 11th
    found = report(december, "--since", "2010-12-07", "--until", "2010-12-11")
    assert [Decimal(row["revenue"]) for row in found] == expected


def test_the_top_ten_items_equal_the_datas(december: Path) -> None:
    expected = sums(lambda row: row.sku)
    quantity: Counter[str] = Counter()
    for row in data():
        quantity[row.sku] += row.quantity
    best = sorted(expected, key=lambda sku: (-expected[sku].revenue, sku))[:10]
    names = {row.sku: row.name for row in data()}
    assert [
        (row["sku"], row["name"], int(row["quantity"]), int(row["orders"]), Decimal(row["revenue"]))
        for row in report(december, "items", "--top", "10")
    ] == [
        (sku, names[sku].strip(), quantity[sku], expected[sku].orders, expected[sku].revenue)
        for sku in best
    ]


def test_all_items_add_up(december: Path) -> None:
    found = report(december, "items", "--top", "9999")
    assert sum(Decimal(row["revenue"]) for row in found) == TOTAL
    assert sum(int(row["quantity"]) for row in found) == sum(row.quantity for row in data())
    assert {row["sku"] for row in found} == {row.sku for row in data()}


def test_the_top_ten_customers_equal_the_datas(december: Path) -> None:
    expected = sums(lambda row: row.customer)
    last = {row.customer: row.when for row in data()}
    best = sorted(expected, key=lambda user: (-expected[user].revenue, user))[:10]
    assert [
        (row["user"], Sum(Decimal(row["revenue"]), int(row["orders"])), row["average"], row["last"])
        for row in report(december, "customers", "--top", "10")
    ] == [
        (
            user,
            expected[user],
            str(expected[user].average),
            f"{last[user]:%Y-%m-%dT%H:%M:%S}.000000Z",
        )
        for user in best
    ]
