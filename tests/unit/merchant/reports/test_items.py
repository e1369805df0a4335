"""The best sellers."""

from __future__ import annotations

from datetime import date

from cartcli import Identity
from cartcli.merchant.reports.items import items
from cartcli.merchant.reports.span import Span
from tests.helpers import CARD
from tests.till import Till, rows


def test_best_sellers_by_revenue_come_first(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 3, "TEA": 1})
    till.sell("bob", "2026-01-03T10:00", {"MUG": 1, "FUEL": 40})
    assert rows(items(till.carts())) == [
        ("FUEL", "Fuel", 40, 1, "40.36", "USD"),
        ("MUG", "Mug", 4, 2, "35.60", "USD"),
        ("TEA", "煎茶 Tea", 1, 1, "12.80", "USD"),
    ]


def test_of_equal_revenue_the_sku_decides(till: Till) -> None:
    till.offer(("B", "b", "1.00", ""), ("A", "a", "2.00", ""))
    till.sell("alice", "2026-01-02T10:00", {"B": 2, "A": 1})
    assert [*items(till.carts())["sku"]] == ["A", "B"]


def test_an_items_prices_and_names_are_those_when_sold(till: Till) -> None:
    till.sell("bob", "2026-01-02T10:00", {"MUG": 1})
    till.offer(("MUG", "Better mug", "10.00", ""))
    till.sell("alice", "2026-01-03T10:00", {"MUG": 1})
    till.offer(("MUG", "Best mug", "99.00", ""))
    assert rows(items(till.carts())) == [("MUG", "Better mug", 2, 2, "18.90", "USD")]


def test_an_item_is_sold_at_the_price_that_was_charged(till: Till) -> None:
    """Not at the one at which it was put into the cart."""
    cart = till.leave("alice", "2026-01-02T10:00", {"MUG": 2})
    till.offer(("MUG", "Better mug", "10.00", ""))
    till.shop().checkout_cart(Identity("alice"), cart.id, CARD)
    assert rows(items(till.carts())) == [("MUG", "Better mug", 2, 1, "20.00", "USD")]


def test_items_of_carts_that_are_not_purchased_are_not_sold(till: Till) -> None:
    till.leave("alice", "2026-01-02T10:00", {"MUG": 1})
    till.hang("alice", "2026-01-02T10:00", {"MUG": 1})
    assert rows(items(till.carts())) == []
    assert [*items(till.carts()).columns] == [
        *("sku", "name", "quantity", "orders", "revenue", "currency")
    ]


def test_items_of_a_span(till: Till) -> None:
    for day in ("01", "02", "03"):
        till.sell("alice", f"2026-01-{day}T10:00", {"MUG": 1})
    span = Span(date(2026, 1, 2), date(2026, 1, 3))
    assert rows(items(till.carts(), span)) == [("MUG", "Mug", 2, 2, "17.80", "USD")]


def test_each_currency_has_best_sellers_of_its_own(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 9, "TEA": 1})
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1, "TEA": 1}, "EUR")
    assert rows(items(till.carts())) == [
        ("TEA", "煎茶 Tea", 1, 1, "12.80", "EUR"),
        ("MUG", "Mug", 1, 1, "8.90", "EUR"),
        ("MUG", "Mug", 9, 1, "80.10", "USD"),
        ("TEA", "煎茶 Tea", 1, 1, "12.80", "USD"),
    ]


def test_revenue_of_more_digits_than_a_float_has_is_exact(till: Till) -> None:
    till.offer(("GEM", "Gem", "999999999999.9999", ""), ("DUST", "Dust", "0.0001", ""))
    till.sell("alice", "2026-01-02T10:00", {"GEM": 90, "DUST": 1})
    till.sell("alice", "2026-01-02T10:00", {"GEM": 90})
    revenue = items(till.carts())["revenue"]
    assert [str(value) for value in revenue] == ["179999999999999.982", "0.0001"]
