"""Carts that wait to be bought."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas
import pytest

from cartcli import CartError, Identity
from cartcli.merchant.reports.open_carts import bands, open_carts
from cartcli.merchant.reports.span import Span
from tests.helpers import LOST_ANSWER_CARD
from tests.till import Till, rows

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_open_and_pending_carts_oldest_first(till: Till) -> None:
    till.sell("alice", "2026-01-01T10:00", {"MUG": 1})
    young = till.leave("alice", "2026-02-28T12:00:01", {"MUG": 2, "TEA": 1})
    old = till.hang("bob", "2026-02-01T12:00", {"MUG": 1})
    empty = till.leave("carol", "2026-02-28T12:00", {})
    found = open_carts(till.carts(), NOW)
    assert rows(found.drop(columns="updated")) == [
        (old.id, "bob", "pending", 1, "8.90", "USD", 28, 0),
        (empty.id, "carol", "open", 0, "0.00", "USD", 1, 0),
        (young.id, "alice", "open", 3, "30.60", "USD", 0, 0),
    ]
    assert [*found["updated"]] == [old.updated, empty.updated, young.updated]


def test_a_cart_is_as_old_as_its_last_change(till: Till) -> None:
    cart = till.leave("alice", "2026-02-01T10:00", {"MUG": 1})
    till.leave("bob", "2026-02-28T10:00", {"MUG": 1})
    till.shop().update_cart(Identity(cart.owner), cart.id, {"MUG": 2})
    assert [*open_carts(till.carts(), NOW)["days"]] == [1, 1]


def test_a_total_is_todays_until_its_payment_has_begun(till: Till) -> None:
    left = till.leave("alice", "2026-01-02T10:00", {"MUG": 1})
    waiting = till.leave("bob", "2026-01-03T10:00", {"MUG": 1})
    till.offer(("MUG", "Mug", "10.00", ""))
    with pytest.raises(CartError):
        till.shop().checkout_cart(Identity("bob"), waiting.id, LOST_ANSWER_CARD)
    till.offer(("MUG", "Mug", "11.00", ""))
    found = open_carts(till.carts(), NOW)
    assert [*zip(found["cart"], map(str, found["total"]), strict=True)] == [
        (left.id, "11.00"),
        (waiting.id, "10.00"),
    ]


def test_what_is_no_longer_sold_is_counted_apart(till: Till) -> None:
    some = till.leave("alice", "2026-01-02T10:00", {"MUG": 2, "TEA": 3})
    none = till.leave("bob", "2026-01-03T10:00", {"TEA": 4})
    till.offer(("MUG", "Mug", "8.90", ""))
    columns = ["cart", "quantity", "total", "unsold"]
    assert rows(open_carts(till.carts(), NOW)[columns]) == [
        (some.id, 2, "17.80", 3),
        (none.id, 0, "0.00", 4),
    ]
    for cart in (some, none):  # as their owners see them
        (shown,) = till.shop().get_carts(Identity(cart.owner))
        assert shown.total.amount == till.carts().loc[cart.id]["total"]


def test_a_clock_that_went_back_makes_no_cart_younger_than_new(till: Till) -> None:
    till.leave("alice", "2026-03-05T10:00", {"MUG": 1})
    assert [*open_carts(till.carts(), NOW)["days"]] == [0]


def test_carts_changed_within_a_span(till: Till) -> None:
    carts = [till.leave("alice", f"2026-01-{day:02}T10:00", {"MUG": 1}) for day in (1, 2, 3)]
    span = Span(date(2026, 1, 2), date(2026, 1, 2))
    assert [*open_carts(till.carts(), NOW, span)["cart"]] == [carts[1].id]


def test_the_carts_that_are_not_purchased_are_all_it_needs(till: Till) -> None:
    till.sell("alice", "2026-01-01T10:00", {"MUG": 1})
    till.hang("alice", "2026-01-02T10:00", {"MUG": 1})
    found = open_carts(till.carts("unpurchased"), NOW)
    assert len(found) == 1
    pandas.testing.assert_frame_equal(found, open_carts(till.carts(), NOW))


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, "today"),
        (1, "1 to 6 days"),
        (6, "1 to 6 days"),
        (7, "1 to 4 weeks"),
        (28, "1 to 4 weeks"),
        (29, "older"),
        (4_000, "older"),
    ],
)
def test_bands_of_age(till: Till, days: int, band: str) -> None:
    till.leave("alice", (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M"), {"MUG": 1})
    counts = bands(open_carts(till.carts(), NOW))
    assert counts["open"].to_dict() == {name: int(name == band) for name in counts.index}
    assert [*counts["pending"]] == [0, 0, 0, 0]


def test_bands_of_no_carts(till: Till) -> None:
    counts = bands(open_carts(till.carts(), NOW))
    assert counts.to_numpy().tolist() == [[0, 0]] * 4
