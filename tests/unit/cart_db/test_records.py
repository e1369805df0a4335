"""Carts as plain values: what is stored is read again, and what no cart can be is refused."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Cart, Line, Money
from cartcli.cart_db.pickle.codec import decode, encode
from cartcli.cart_db.records import cart_of, cart_record
from cartcli.model.lines import MAX_QUANTITY
from tests.helpers import attempt_for, line, receipt_for

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
times = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC))
currencies = st.sampled_from(["USD", "JPY", "KWD", "CLF"])


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    """Carts in every state."""
    currency = draw(currencies)
    skus = draw(st.lists(texts, max_size=4, unique=True))
    lines = tuple(
        Line(
            sku,
            draw(texts),
            Money(draw(st.decimals(0, 999_999_999_999, places=4)), currency),
            draw(st.integers(1, MAX_QUANTITY)),
        )
        for sku in skus
    )
    cart = Cart(
        draw(st.uuids().map(str)), "alice", "open", lines, currency, draw(times), draw(times)
    )
    state = draw(st.sampled_from(["open", "pending", "purchased"]))
    if state == "open":
        return cart
    attempt = attempt_for(cart)
    cart = cart._replace(state="pending", attempt=attempt)
    if state == "pending":
        return cart
    return cart._replace(state="purchased", receipt=receipt_for(attempt, draw(texts)))


@given(carts())
def test_a_cart_survives_being_stored(cart: Cart) -> None:
    record = cart_record(cart)
    assert cart_of(decode("a path", encode(record)), "alice") == cart
    assert cart_record(cart_of(record, "alice")) == record


NOW = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)
OPEN = Cart("6f1c", "alice", "open", (line("MUG", 2), line("TEA")), "USD", NOW, NOW)
PENDING = OPEN._replace(state="pending", attempt=attempt_for(OPEN))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (["id"], 7),
        (["id"], None),
        (["state"], "sold"),
        (["state"], "open"),  # but it has an attempt
        (["state"], "purchased"),  # but it has no receipt
        (["currency"], "usd"),
        (["created"], "yesterday"),
        (["updated"], None),
        (["lines"], None),
        (["lines", 0], ["MUG", "mug", "8.90"]),
        (["lines", 0, 0], "TEA"),  # a SKU twice
        (["lines", 0, 1], None),
        (["lines", 0, 2], 8.9),
        (["lines", 0, 2], "-8.90"),
        (["lines", 0, 2], "NaN"),
        (["lines", 0, 3], 0),
        (["lines", 0, 3], -1),
        (["lines", 0, 3], MAX_QUANTITY + 1),
        (["lines", 0, 3], "2"),
        (["attempt"], None),
        (["attempt", "key"], None),
        (["attempt", "amount"], "1e3"),
        (["attempt", "amount"], 17.8),
        (["attempt", "created"], "now"),
        (["attempt", "lines", 0, 3], 0),
    ],
    ids=str,
)
def test_what_no_cart_can_be_is_refused(place: list[Any], value: object) -> None:
    record: Any = copy.deepcopy(cart_record(PENDING))
    assert cart_of(record, "alice") == PENDING
    inner = record
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises((ValueError, TypeError, KeyError)):
        cart_of(record, "alice")


@pytest.mark.parametrize("key", sorted(cart_record(OPEN)))
def test_no_field_may_be_missing(key: str) -> None:
    record = cart_record(OPEN)
    del record[key]
    with pytest.raises(KeyError):
        cart_of(record, "alice")
