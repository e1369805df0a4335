"""The pictures: what they show, as far as a program can see."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree

import pandas
import pytest

from cartcli.merchant import By
from cartcli.merchant.reports.customers import customers
from cartcli.merchant.reports.items import items
from cartcli.merchant.reports.open_carts import open_carts
from cartcli.merchant.reports.plots import (
    MOST_BARS,
    SUFFIXES,
    open_plot,
    ranking_plot,
    sales_plot,
)
from cartcli.merchant.reports.sales import sales
from tests.till import Till

NOW: Final = datetime(2026, 3, 1, tzinfo=UTC)
WHEN: Final = "all time (UTC)"


def texts(svg: bytes) -> list[str]:
    """All texts in the picture."""
    found = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()) for text in found]


def size(png: bytes) -> tuple[int, int]:
    """Width and height of the picture."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_sales_name_the_currency_the_periods_and_the_sum(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 200})
    till.sell("alice", "2026-01-04T10:00", {"MUG": 1})
    found = texts(sales_plot(sales(till.carts()), "day", WHEN, "svg").data)
    assert "Sales by day: all time (UTC): 1,788.90 USD in 2 orders" in found
    assert {"Revenue per day (USD)", "Orders per day", "2026-01-02", "2026-01-04"} <= {*found}


@pytest.mark.parametrize(
    ("by", "period"), [("day", "2026-01-01"), ("week", "2026-W01"), ("month", "2026-01")]
)
def test_one_period_can_be_drawn(till: Till, by: By, period: str) -> None:
    till.sell("alice", "2026-01-01T10:00", {"MUG": 1})
    assert period in texts(sales_plot(sales(till.carts(), by), by, WHEN, "svg").data)


def test_many_periods_are_named_at_round_distances(till: Till) -> None:
    days = pandas.date_range("2026-01-01", periods=90, freq="D", tz="UTC")
    till.sell("alice", "2026-01-01T10:00", {"MUG": 1})
    one = till.carts()
    many = pandas.concat([one] * len(days)).assign(purchased_at=days)
    found = texts(sales_plot(sales(many), "day", WHEN, "svg").data)
    assert {"01 Jan", "15 Jan", "01 Feb", "15 Mar", "2026"} <= {*found}
    assert "2026-01-01" not in found


def test_each_currency_has_panels_of_its_own(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    alone = size(sales_plot(sales(till.carts()), "day", WHEN, "png").data)
    till.sell("alice", "2026-01-02T10:00", {"TEA": 1}, "EUR")
    both = sales(till.carts())
    assert size(sales_plot(both, "day", WHEN, "png").data) == (alone[0], 2 * alone[1])
    found = texts(sales_plot(both, "day", WHEN, "svg").data)
    assert {"Revenue per day (EUR)", "Revenue per day (USD)"} <= {*found}


def test_items_and_customers_are_named_with_their_revenue(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 3, "TEA": 1})
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    found = texts(ranking_plot(items(till.carts()), "items", WHEN, "svg").data)
    assert {"Revenue (USD)", "Mug", "35.60  (4 sold)", "煎茶 Tea", "12.80  (1 sold)"} <= {*found}
    found = texts(ranking_plot(customers(till.carts()), "customers", WHEN, "svg").data)
    assert {"Revenue (USD)", "alice", "48.40  (2 orders)"} <= {*found}


def test_names_are_drawn_as_they_are_written(till: Till) -> None:
    """No formulas, no markup, nothing that cannot be drawn, and no more than there is room for."""
    till.offer(
        ("A", "$5 & <b> x^2 \\frac{1} $6", "3", ""),
        ("B", "Bell\x07\tmug", "2", ""),
        ("C", "long " * 20, "1", ""),
    )
    till.sell("alice", "2026-01-02T10:00", {"A": 1, "B": 1, "C": 1})
    rows = items(till.carts())
    found = texts(ranking_plot(rows, "items", WHEN, "svg").data)
    assert {"$5 & <b> x^2 \\frac{1} $6", "Bell\ufffd mug"} <= {*found}
    (long,) = (text for text in found if text.startswith("long"))
    assert len(long) <= 40
    assert long.endswith("long…")
    size(ranking_plot(rows, "items", WHEN, "png").data)


def test_more_bars_than_can_be_told_apart_are_left_out(till: Till) -> None:
    skus = [f"S{number:03}" for number in range(MOST_BARS + 1)]
    till.offer(*((sku, f"name of {sku}", "1.00", "") for sku in skus))
    till.sell("alice", "2026-01-02T10:00", dict.fromkeys(skus, 1))
    found = texts(ranking_plot(items(till.carts()), "items", WHEN, "svg").data)
    assert sum(text.startswith("name of") for text in found) == MOST_BARS
    assert f"Best items by revenue, the first {MOST_BARS}: {WHEN}" in found


def test_open_and_pending_carts_are_counted_by_age(till: Till) -> None:
    for _ in range(3):
        till.leave("alice", "2026-02-27T10:00", {"MUG": 1})
    till.hang("alice", "2026-01-01T10:00", {"MUG": 1})
    found = texts(open_plot(open_carts(till.carts(), NOW), WHEN, "svg").data)
    assert {"open", "pending", "today", "1 to 6 days", "1 to 4 weeks", "older", "3"} <= {*found}


def test_nothing_can_be_drawn_too(till: Till) -> None:
    carts = till.carts()
    for svg in (
        sales_plot(sales(carts), "day", WHEN, "svg").data,
        ranking_plot(items(carts), "items", WHEN, "svg").data,
        ranking_plot(customers(carts), "customers", WHEN, "svg").data,
        open_plot(open_carts(carts, NOW), WHEN, "svg").data,
    ):
        assert texts(svg) == ["Nothing to show in that time"]


def test_equal_sales_give_equal_files(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    rows = sales(till.carts())
    for suffix in SUFFIXES:
        first = sales_plot(rows, "day", WHEN, suffix)
        assert sales_plot(rows, "day", WHEN, suffix) == first
        assert len(first.data) > 1_000


def test_what_no_font_has_is_told(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    till.offer(("A", "Pot", "3", ""), ("B", "\U0001f9ff\U0001fad6", "3", ""))
    till.sell("alice", "2026-01-02T10:00", {"A": 1})
    assert not ranking_plot(items(till.carts()), "items", WHEN, "png").has_boxes
    till.sell("alice", "2026-01-02T10:00", {"B": 1})
    monkeypatch.setattr("cartcli.merchant.reports.plots._WIDE_FONTS", ())
    assert ranking_plot(items(till.carts()), "items", WHEN, "png").has_boxes
