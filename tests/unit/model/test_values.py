"""Quantities, lines, carts, cursors, times and ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Cart, Item, Line, Money
from cartcli.model.cart import cursor_of, parse_cursor
from cartcli.model.ids import is_cart_id, is_key, new_cart_id, new_key, short_id
from cartcli.model.lines import MAX_QUANTITY, check_quantity, parse_quantity
from cartcli.model.quote import Quote
from cartcli.model.times import parse_time, rfc3339
from tests.helpers import attempt_for, line

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("1", 1), ("007", 7), ("999999", MAX_QUANTITY), ("000000999999", 999_999)],
)
def test_quantities_are_read(text: str, quantity: int) -> None:
    assert parse_quantity(text) == quantity


@pytest.mark.parametrize(
    "text",
    [
        *("0", "-1", "-0", "+1", "1_000", "1,000", "٣", "\uff13", "²", "1e3", "1.5", "1.0", "nan"),
        *("inf", "", " ", " 1", "1 ", "1\n", "1000000", "0x1", "one", "1" * 5_000, "0" * 13 + "1"),
    ],
)
def test_other_quantities_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a whole number from 1 to 999,999"):
        parse_quantity(text)


@pytest.mark.parametrize("quantity", [0, -1, MAX_QUANTITY + 1, True, 1.0, "1", None], ids=repr)
def test_what_is_no_quantity_is_refused(quantity: Any) -> None:
    with pytest.raises(ValueError, match="not a whole number from 1 to 999,999"):
        check_quantity(quantity)
    with pytest.raises(ValueError, match="not a whole number from 1 to 999,999"):
        Line.of(Item("MUG", "mug", Money("8.90", "USD"), ""), quantity)


@given(st.integers(1, MAX_QUANTITY))
def test_every_quantity_survives_being_written_and_read(quantity: int) -> None:
    assert parse_quantity(str(quantity)) == check_quantity(quantity) == quantity


@given(st.text(max_size=14))
def test_a_quantity_is_digits_or_nothing(text: str) -> None:
    try:
        quantity = parse_quantity(text)
    except ValueError:
        assert not (text and set(text) <= set("0123456789") and 1 <= int(text) <= MAX_QUANTITY)
    else:
        assert set(text) <= set("0123456789")
        assert quantity == int(text)


@pytest.mark.parametrize(
    ("price", "quantity", "total"),
    [("8.90", 2, "17.80"), ("0", 5, "0"), ("0.001", 3, "0.003"), ("9.99", 999_999, "9989990.01")],
)
def test_a_line_is_price_times_quantity(price: str, quantity: int, total: str) -> None:
    item = Item("MUG", "mug", Money(price, "USD"), "a mug")
    made = Line.of(item, quantity)
    assert made == Line("MUG", "mug", Money(price, "USD"), quantity)
    assert made.total == Money(total, "USD")


def test_a_cart_tells_what_is_in_it() -> None:
    cart = Cart("6f1c0d5e-8a43", "alice", "open", (line("MUG", 2), line("TEA")), "USD", NOW, NOW)
    assert cart.contents == {"MUG": 2, "TEA": 1}
    assert cart.short_id == short_id(cart.id) == "6f1c0d5e"
    assert cart._replace(lines=()).contents == {}


def test_a_cart_comes_to_what_it_was_quoted() -> None:
    lines = (line("MUG", 2),)
    cart = Cart("6f1c0d5e-8a43", "alice", "open", lines, "USD", NOW, NOW)
    with pytest.raises(ValueError, match="6f1c0d5e-8a43 has no quote"):
        _ = cart.total
    today = Quote.of([line("MUG", 2, "9.90")], "USD", was=lines)
    shown = cart._replace(today=today)
    assert (shown.quote, shown.total) == (today, Money("19.80", "USD"))
    pending = shown._replace(state="pending", attempt=attempt_for(cart))
    assert (pending.quote, pending.total) == (Quote.of(lines, "USD"), Money("17.80", "USD"))


carts = st.builds(
    lambda number, time: Cart(str(number), "alice", "open", (), "USD", time, time),
    st.uuids(),
    st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),
)


@given(carts, carts)
def test_a_cursor_is_the_place_of_its_cart(cart: Cart, other: Cart) -> None:
    assert parse_cursor(cursor_of(cart)) == (cart.created, cart.id)
    assert (parse_cursor(cursor_of(cart)) < parse_cursor(cursor_of(other))) == (
        (cart.created, cart.id) < (other.created, other.id)
    )


@pytest.mark.parametrize("text", ["", "x", "/", "6f1c", "now/6f1c", "2026-01-02/6f1c"])
def test_what_is_no_cursor(text: str) -> None:
    with pytest.raises(ValueError, match=r"no place in a list|time|isoformat"):
        parse_cursor(text)


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30)),
    st.timedeltas(timedelta(hours=-23), timedelta(hours=23)),
)
def test_a_time_survives_being_written_and_read(time: datetime, offset: timedelta) -> None:
    time = time.replace(tzinfo=timezone(offset))
    assert parse_time(rfc3339(time)) == time
    assert rfc3339(time).endswith("Z")


def test_a_time_is_rfc_3339() -> None:
    assert rfc3339(NOW) == "2026-01-02T03:04:05.678901Z"
    east = timezone(timedelta(hours=5, minutes=45))
    assert rfc3339(NOW.astimezone(east)) == "2026-01-02T03:04:05.678901Z"


@pytest.mark.parametrize(
    "text", ["", "now", "2026-01-02", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678901+00:00"]
)
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|isoformat"):
        parse_time(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "6f1c0d5e", "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f", "6f1c0d5e-8a43-4c39-9a55"),
        "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f20",
        "6F1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2",
        "6f1c0d5e_8a43-4c39-9a55-3d9bd0a4b7f2",
        "6f1c0d5-e8a43-4c39-9a55-3d9bd0a4b7f2",
        "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4-7f2",
        "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f\n",
        "٣f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2",
        "../1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f",
    ],
)
def test_what_is_no_id_of_a_cart(text: str) -> None:
    assert not is_cart_id(text)


@pytest.mark.parametrize("text", ["", "0" * 31, "0" * 33, "F" * 32, "0" * 31 + "\n", "٣" * 32])
def test_what_is_no_idempotency_key(text: str) -> None:
    assert not is_key(text)


def test_new_ids_and_keys_are_what_they_must_be_and_differ() -> None:
    ids, keys = {new_cart_id() for _ in range(100)}, {new_key() for _ in range(100)}
    assert len(ids) == len(keys) == 100
    assert all(map(is_cart_id, ids))
    assert all(map(is_key, keys))
