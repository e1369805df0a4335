"""The best customers."""

from __future__ import annotations

from datetime import date

from cartcli.merchant.reports.customers import customers
from cartcli.merchant.reports.span import Span
from tests.till import Till, rows


def test_best_customers_come_first(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    till.sell("bob", "2026-01-05T10:00", {"TEA": 1})
    till.sell("bob", "2026-01-03T10:00", {"MUG": 1})
    till.sell("carol", "2026-01-02T10:00", {"MUG": 1})
    till.leave("dave", "2026-01-02T10:00", {"MUG": 99})
    found = customers(till.carts())
    assert rows(found.drop(columns="last")) == [
        ("bob", 2, "21.70", "10.85", "USD"),
        ("alice", 1, "8.90", "8.90", "USD"),
        ("carol", 1, "8.90", "8.90", "USD"),
    ]
    assert [time.isoformat() for time in found["last"]] == [
        "2026-01-05T10:00:00+00:00",
        "2026-01-02T10:00:00+00:00",
        "2026-01-02T10:00:00+00:00",
    ]


def test_customers_of_a_span(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    till.sell("bob", "2026-01-03T10:00", {"MUG": 1})
    span = Span(date(2026, 1, 3), date(2026, 1, 3))
    assert [*customers(till.carts(), span)["user"]] == ["bob"]


def test_a_customer_has_a_row_for_each_currency(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    till.sell("alice", "2026-01-03T10:00", {"TEA": 1}, "EUR")
    till.sell("bob", "2026-01-03T10:00", {"TEA": 2})
    found = customers(till.carts())
    assert rows(found.drop(columns="last")) == [
        ("alice", 1, "12.80", "12.80", "EUR"),
        ("bob", 1, "25.60", "25.60", "USD"),
        ("alice", 1, "8.90", "8.90", "USD"),
    ]
    assert [time.day for time in found["last"]] == [3, 3, 2]


def test_nobody_has_bought_anything(till: Till) -> None:
    found = customers(till.carts())
    assert len(found) == 0
    assert [*found.columns] == ["user", "orders", "revenue", "average", "last", "currency"]
