"""Carts as plain values: what is stored is read again, and what no cart can be is refused."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Cart, Line, Money
from cartcli.cart_db.pickle.codec import decode, encode
from cartcli.cart_db.records import cart_of, cart_record
from cartcli.model.lines import MAX_QUANTITY
from cartcli.model.order import Waiting
from cartcli.model.quote import Quote
from tests.helpers import attempt_for, line, receipt_for

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
times = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC))
currencies = st.sampled_from(["USD", "JPY", "KWD", "CLF"])
prices = st.decimals(0, 999_999_999_999, places=4)
waits = st.none() | st.builds(Waiting, texts, texts, st.none() | times)
requests = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    """Carts in every state."""
    currency = draw(currencies)
    put_in = tuple(
        Line(sku, draw(texts), Money(draw(prices), currency), draw(st.integers(1, MAX_QUANTITY)))
        for sku in draw(st.lists(texts, max_size=4, unique=True))
    )
    cart = Cart(
        draw(st.uuids().map(str)),
        "alice",
        "open",
        put_in,
        currency,
        draw(times),
        draw(times),
        draw(st.integers(1, 1 << 30)),
        requests=draw(requests),
    )
    state = draw(st.sampled_from(["open", "pending", "purchased"]))
    if state == "open":
        return cart
    today = [line._replace(price=Money(draw(prices), currency)) for line in put_in]
    quote = Quote.of(today, currency, was=put_in[: draw(st.integers(0, 4))])
    attempt = attempt_for(cart)._replace(
        quote=quote,
        amount=quote.total,
        processor=draw(texts),
        reference=draw(texts),
        waiting=draw(waits),
    )
    cart = cart._replace(state="pending", attempt=attempt)
    if state == "pending":
        return cart
    return cart._replace(state="purchased", receipt=receipt_for(attempt, draw(st.none() | texts)))


@given(carts())
def test_a_cart_survives_being_stored(cart: Cart) -> None:
    record = cart_record(cart)
    assert cart_of(decode("a path", encode(record)), "alice") == cart
    assert cart_record(cart_of(record, "alice")) == record


NOW: Final = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)
OPEN: Final = Cart(
    "6f1c",
    "alice",
    "open",
    (line("MUG", 2), line("TEA")),
    "USD",
    NOW,
    NOW,
    requests=(("r1", "0" * 32),),
)
BOUGHT: Final = OPEN._replace(
    state="purchased",
    attempt=(attempt := attempt_for(OPEN)._replace(waiting=Waiting("the bank asks", "", NOW))),
    receipt=receipt_for(attempt),
)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (["id"], 7),
        (["id"], None),
        (["state"], "sold"),
        (["state"], "open"),  # but it has an attempt
        (["state"], "pending"),  # but it has a receipt
        (["version"], 0),
        (["version"], True),
        (["version"], "1"),
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
        (["requests"], None),
        (["requests", 0], "r1"),
        (["requests", 0], ["r1"]),
        (["requests", 0, 0], 1),
        (["requests", 0, 1], None),
        (["receipt"], None),
        (["receipt", "payment"], 1),
        (["receipt", "key"], "a key"),
        (["receipt", "reference"], None),
        (["receipt", "amount"], "-1"),
        (["receipt", "brand"], None),
        (["receipt", "last4"], 4242),
        (["receipt", "purchased"], None),
        (["attempt"], None),
        (["attempt", "key"], None),
        (["attempt", "amount"], "1e3"),
        (["attempt", "amount"], 17.8),
        (["attempt", "processor"], None),
        (["attempt", "reference"], None),
        (["attempt", "brand"], 1),
        (["attempt", "created"], "now"),
        (["attempt", "waiting"], "the bank"),
        (["attempt", "waiting", "why"], None),
        (["attempt", "waiting", "url"], None),
        (["attempt", "waiting", "until"], ""),
        (["attempt", "quote"], None),
        (["attempt", "quote", "lines", 0, 3], 0),
    ],
    ids=str,
)
def test_what_no_cart_can_be_is_refused(place: list[Any], value: object) -> None:
    record: Any = copy.deepcopy(cart_record(BOUGHT))
    assert cart_of(record, "alice") == BOUGHT
    inner = record
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises((ValueError, TypeError, KeyError)):
        cart_of(record, "alice")


@pytest.mark.parametrize("place", ["", "attempt", "receipt", "attempt waiting", "attempt quote"])
def test_no_field_may_be_missing(place: str) -> None:
    names: Any = cart_record(BOUGHT)
    for key in place.split():
        names = names[key]
    for name in names:
        record: Any = copy.deepcopy(cart_record(BOUGHT))
        inner = record
        for key in place.split():
            inner = inner[key]
        del inner[name]
        with pytest.raises(KeyError):
            cart_of(record, "alice")
