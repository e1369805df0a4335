"""Quantities, user names, lines, carts and times."""

from __future__ import annotations

import pickle
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cartcli import Cart, Identity, Item, Line, Money
from cartcli.model.ids import is_cart_id, is_key, new_cart_id, new_key, short_id
from cartcli.model.lines import MAX_QUANTITY, check_quantity, parse_quantity
from cartcli.model.people import MAX_NAME_BYTES
from cartcli.model.times import parse_time, rfc3339
from tests.helpers import line

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
    ("name", "user"),
    [
        ("alice", "alice"),
        ("  Alice ", "alice"),
        ("ALICE", "alice"),
        ("Zoe\u0308", "zoë"),
        ("\uff21\uff2c\uff29\uff23\uff25", "alice"),  # full width
        ("Straße", "strasse"),
        ("ﬁsh", "fish"),
        ("\u00df\u0301", "s\u015b"),  # folding it once leaves something to fold
        ("玉露", "玉露"),
        ("a b", "a b"),
        ("../etc/passwd", "../etc/passwd"),
        ("x" * MAX_NAME_BYTES, "x" * MAX_NAME_BYTES),
    ],
)
def test_names_are_compared_in_one_form(name: str, user: str) -> None:
    assert Identity(name).user == user
    assert Identity(name) == Identity(user)
    assert hash(Identity(name)) == hash(Identity(user))


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "\t\n", "a\x00b", "a\nb", "\x1b[31m", "a\x7fb", "\ud800", "\ue000", "\u0378"),
        *("x" * (MAX_NAME_BYTES + 1), "ü" * 41, "玉" * 27, "\ufdfa" * 10, "x" * 10_000_000),
    ],
    ids=lambda name: ascii(name[:6]),
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="user name"):
        Identity(name)


@given(st.text(min_size=1, max_size=MAX_NAME_BYTES))
def test_a_name_has_one_form(name: str) -> None:
    try:
        identity = Identity(name)
    except ValueError:
        return
    user = identity.user
    assert Identity(user) == identity
    assert unicodedata.normalize("NFKC", user).casefold() == user
    assert 1 <= len(user.encode()) <= MAX_NAME_BYTES
    assert pickle.loads(pickle.dumps(identity)) == identity
    for spelling in (name.upper(), name.lower(), f" {name}", unicodedata.normalize("NFD", name)):
        assume(unicodedata.normalize("NFKC", spelling.strip()).casefold() == user)
        assert Identity(spelling) == identity


def test_an_identity_is_frozen() -> None:
    alice = Identity("alice")
    with pytest.raises(AttributeError):
        alice.user = "bob"
    with pytest.raises(AttributeError):
        del alice.user
    assert repr(alice) == "Identity('alice')"
    assert alice != "alice"


@pytest.mark.parametrize(
    ("price", "quantity", "total"),
    [("8.90", 2, "17.80"), ("0", 5, "0"), ("0.001", 3, "0.003"), ("9.99", 999_999, "9989990.01")],
)
def test_a_line_is_price_times_quantity(price: str, quantity: int, total: str) -> None:
    item = Item("MUG", "mug", Money(price, "USD"), "a mug")
    made = Line.of(item, quantity)
    assert made == Line("MUG", "mug", Money(price, "USD"), quantity)
    assert made.total == Money(total, "USD")


def test_a_cart_does_its_own_sums() -> None:
    lines = (line("MUG", 2), line("TEA", 1, "12.345"))
    cart = Cart("6f1c0d5e-8a43", "alice", "open", lines, "USD", NOW, NOW)
    assert cart.contents == {"MUG": 2, "TEA": 1}
    assert cart.total == Money("30.15", "USD")
    assert cart.short_id == short_id(cart.id) == "6f1c0d5e"


def test_an_empty_cart_comes_to_nothing() -> None:
    cart = Cart("6f1c0d5e-8a43", "alice", "open", (), "JPY", NOW, NOW)
    assert (cart.contents, cart.total) == ({}, Money(0, "JPY"))


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
