"""Sales by day, week and month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cartcli.merchant import By
from cartcli.merchant.reports.sales import sales, total
from cartcli.merchant.reports.span import Span
from tests.till import Till, rows


def test_carts_that_are_not_purchased_are_no_sales(till: Till) -> None:
    till.leave("alice", "2026-01-02T10:00", {"MUG": 1})
    till.hang("alice", "2026-01-02T10:00", {"MUG": 1})
    assert rows(sales(till.carts())) == []
    till.sell("alice", "2026-01-02T10:00", {"MUG": 2})
    assert rows(sales(till.carts())) == [("2026-01-02", 1, "17.80", "17.80", "USD")]


def test_a_day_begins_and_ends_at_midnight_in_utc(till: Till) -> None:
    for when in ("01T23:59:59.999999", "02T00:00", "02T23:59:59.999999", "03T00:00"):
        till.sell("alice", f"2026-01-{when}", {"MUG": 1})
    assert rows(sales(till.carts())) == [
        ("2026-01-01", 1, "8.90", "8.90", "USD"),
        ("2026-01-02", 2, "17.80", "8.90", "USD"),
        ("2026-01-03", 1, "8.90", "8.90", "USD"),
    ]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date.min, date.max, 4),
        (date(2026, 1, 2), date(2026, 1, 2), 2),
        (date(2026, 1, 2), date.max, 3),
        (date.min, date(2026, 1, 2), 3),
        (date(2026, 1, 4), date.max, 0),
    ],
)
def test_both_ends_of_a_span_are_included(
    till: Till, since: date, until: date, expected: int
) -> None:
    for when in ("01T23:59:59.999999", "02T00:00", "02T23:59:59.999999", "03T00:00"):
        till.sell("alice", f"2026-01-{when}", {"MUG": 1})
    assert sales(till.carts(), span=Span(since, until))["orders"].sum() == expected


@pytest.mark.parametrize(
    ("by", "periods"),
    [
        # 2025 ended on a Wednesday, so that its last days belong to the first week of 2026.
        ("day", ["2025-12-28", "2025-12-29", "2026-01-04", "2026-01-05"]),
        ("week", ["2025-W52", "2026-W01", "2026-W02"]),
        ("month", ["2025-12", "2026-01"]),
    ],
)
def test_weeks_are_those_of_iso_8601(till: Till, by: By, periods: list[str]) -> None:
    for day in ("2025-12-28", "2025-12-29", "2026-01-04", "2026-01-05"):
        till.sell("alice", f"{day}T12:00", {"MUG": 1})
    assert [*sales(till.carts(), by)["period"]] == periods


def test_revenue_is_what_was_charged(till: Till) -> None:
    """Each cart comes to 1.009, which was charged as 1.01."""
    for user in ("alice", "bob"):
        till.sell(user, "2026-01-02T10:00", {"FUEL": 1})
    assert rows(sales(till.carts())) == [("2026-01-02", 2, "2.02", "1.01", "USD")]


def test_currencies_are_never_summed_together(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    till.sell("alice", "2026-01-02T11:00", {"MUG": 1}, "EUR")
    till.sell("alice", "2026-01-03T11:00", {"MUG": 1}, "EUR")
    found = sales(till.carts())
    assert rows(found) == [
        ("2026-01-02", 1, "8.90", "8.90", "EUR"),
        ("2026-01-02", 1, "8.90", "8.90", "USD"),
        ("2026-01-03", 1, "8.90", "8.90", "EUR"),
    ]
    assert rows(total(found)) == [
        ("total", 2, "17.80", "8.90", "EUR"),
        ("total", 1, "8.90", "8.90", "USD"),
    ]


def test_an_average_is_rounded_half_up_to_the_minor_unit(till: Till) -> None:
    for quantity in (1, 2):  # 8.90 and 17.80: 13.35; with 12.80 more, 13.1666…
        till.sell("alice", "2026-01-02T10:00", {"MUG": quantity})
    assert [*sales(till.carts())["average"]] == [Decimal("13.35")]
    till.sell("alice", "2026-01-02T10:00", {"TEA": 1})
    assert [*sales(till.carts())["average"]] == [Decimal("13.17")]
    till.sell("alice", "2026-01-03T10:00", {"FUEL": 1})
    till.sell("alice", "2026-01-03T10:00", {"FUEL": 2})  # 1.01 and 2.02: 1.515
    assert sales(till.carts())["average"][1] == Decimal("1.52")


def test_nothing_sold_has_the_columns_of_something_sold(till: Till) -> None:
    empty = sales(till.carts())
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    full = sales(till.carts())
    assert [*empty.columns] == [*full.columns]
    assert [*total(empty).columns] == [*total(full).columns]
    assert len(empty) == len(total(empty)) == 0


# More digits than a float has, and than sums of decimals usually keep.
amounts = st.integers(1, 10**29).map(lambda units: Decimal(units).scaleb(-6))
most = Decimal("99999999999999999999999.999999")
orders = st.tuples(
    st.sampled_from(["2026-01-02", "2026-01-03"]), amounts, st.sampled_from(["USD", "EUR"])
)


@example([("2026-01-02", most, "USD"), ("2026-01-02", most, "USD"), ("2026-01-03", most, "USD")])
@given(st.lists(orders, min_size=1, max_size=30))
def test_sums_are_exact(sold: list[tuple[str, Decimal, str]]) -> None:
    carts = pandas.DataFrame(
        {
            "purchased": [True for _ in sold],
            "purchased_at": pandas.to_datetime([day for day, _, _ in sold], utc=True),
            "amount": pandas.Series([amount for _, amount, _ in sold], dtype=object),
            "currency": [currency for _, _, currency in sold],
        }
    )
    expected: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for day, amount, currency in sold:
        expected[day, currency].append(Fraction(amount))
        expected["total", currency].append(Fraction(amount))
    found = sales(carts)
    both = found.to_dict("records") + total(found).to_dict("records")
    assert {(row["period"], row["currency"]) for row in both} == {*expected}
    for row in both:
        parts = expected[row["period"], row["currency"]]
        assert Fraction(row["revenue"]) == sum(parts)
        assert row["orders"] == len(parts)
        error = Fraction(row["average"]) - sum(parts, Fraction()) / len(parts)
        assert -Fraction(1, 200) < error <= Fraction(1, 200)
