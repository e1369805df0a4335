"""Values that a well-formed record with a right checksum cannot have: told, never believed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest

from cartcli.cli.login_file import SavedLogin
from cartcli.errors import LogIn, RestoreData
from tests.helpers import ALICE, PASSWORD
from tests.promises.damage.sample import FILES, Sample, key_of, rewrite
from tests.promises.damage.test_flips import READERS

Change = Callable[[dict[str, Any]], None]

_NO_TIMES: Final = ("", "now", "2026-02-30T00:00:00.000000Z", "2026-01-01", 5, None, "\ud800")
_DEEP: Final[list[object]] = []
for _ in range(100):
    _DEEP[:] = [[*_DEEP]]


def _set(field: str, *values: object) -> list[Change]:
    """Changes that give the record each of the values in turn."""

    def change(record: dict[str, Any], value: object) -> None:
        record[field] = value

    return [partial(change, value=value) for value in values]


def _cart(field: str, *values: object) -> list[Change]:
    """The same for the first cart in the file, which is pending or purchased."""

    def change(record: dict[str, Any], set_: Change) -> None:
        set_(record["carts"][0])

    return [partial(change, set_=set_) for set_ in _set(field, *values)]


def _line(at: int, *values: object) -> list[Change]:
    """The same for a field of the first line of the first cart."""

    def change(record: dict[str, Any], value: object) -> None:
        record["carts"][0]["lines"][0][at] = value

    return [partial(change, value=value) for value in values]


def _frozen(part: str, field: str, *values: object) -> list[Change]:
    """The same for the attempt or the receipt of the first cart that has one."""

    def change(record: dict[str, Any], set_: Change) -> None:
        set_(next(cart[part] for cart in record["carts"] if cart[part]))

    return [partial(change, set_=set_) for set_ in _set(field, *values)]


def _double_line(record: dict[str, Any]) -> None:
    record["carts"][0]["lines"] *= 2


def _currency_of_nothing(record: dict[str, Any]) -> None:
    """An open cart without lines has no amount whose currency could be wrong."""
    record["carts"][0].update(state="open", attempt=None, lines=[], currency="ZZZ")


CARTS: Final[list[Change]] = [
    *_line(3, 0, -1, 1_000_000, 1 << 30, "1", 1.5, None, True, []),
    *_line(2, "1e3", "-1.00", "NaN", "", "1" * 13, "0.00001", " 1", 5, "\N{FULLWIDTH DIGIT ONE}"),
    *_line(0, None, 5, [], "half \ud800", _DEEP, ["x" * 1_000_000]),
    *_line(1, None, 5, [], "half \ud800", _DEEP),
    *_cart("currency", "ZZZ", "usd", "", None, 5, ["USD"]),
    *_cart("state", "paid", "", None, ["pending"], "open", "purchased"),
    *_cart("id", "", "../../x", "0" * 36, 5, None, _DEEP),
    *_cart("created", *_NO_TIMES),
    *_cart("updated", "9999-12-31T23:59:59.999999-23:59", []),
    *_cart("lines", None, "", {}, "abcd", [[]], [["a", "b", "1.00"]], [None]),
    *_cart("attempt", {}, [], "", 0, {"key": "0" * 32}),
    *_cart("receipt", {}, [], "", 0),
    *_frozen("attempt", "key", "", "0" * 31, "G" * 32, 5, None),
    *_frozen("attempt", "amount", "", "1e3", "-1", None, 5, "9" * 41),
    *_frozen("attempt", "brand", None, 5),
    *_frozen("attempt", "lines", [["sku", "name", "1.00", 0]]),
    *_frozen("attempt", "created", "yesterday"),
    _double_line,
    _currency_of_nothing,
    lambda record: record.update(carts=None),
    lambda record: record.update(carts={}),
    lambda record: record.update(carts=[None]),
    lambda record: record.update(carts=record["carts"] * 2),
    lambda record: record.update(user="bob"),
    lambda record: record.update(user=_DEEP),
    lambda record: record.update(user="x" * 1_000_000),
    lambda record: record.pop("user"),
    lambda record: record.pop("carts"),
    lambda record: record["carts"][0].pop("lines"),
]

RECEIPTS: Final[list[Change]] = [
    *_frozen("receipt", "payment", None, 5),
    *_frozen("receipt", "key", "", "0" * 33),
    *_frozen("receipt", "amount", "", "1e3", None),
    *_frozen("receipt", "lines", None),
    *_frozen("receipt", "purchased", "yesterday"),
    *_cart("receipt", None),
    *_cart("attempt", None),
    *_cart("state", "pending"),
    lambda record: record.update(carts=[]),
    lambda record: record.update(carts=record["carts"] * 2),
]


PAYMENTS: Final[list[Change]] = [
    *_set("status", "paid", "", None, ["charged"]),
    *_set("amount", 1, 1.5, "1e3", "-1", "NaN", "", None, 10**400, "9" * 41),
    *_set("currency", "ZZZ", "", None, ["USD"]),
    *_set("created", *_NO_TIMES),
    *_set("created", "0001-01-01T00:00:00.000000+23:59"),
    *_set("last4", "4242424242424242", "42", None, 4242),
    *_set("brand", None, "\ud800"),
    *_set("order", "", "../x", None),
    *_set("key", "", "0" * 32, None),
    *_set("surprise", "!"),
    lambda record: record.pop("currency"),
    lambda record: record.pop("id"),
]

SESSIONS: Final[list[Change]] = [
    *_set("user", "", None, 5, ["alice"], {"alice": 1}, "a\0b", "x" * 81),
    *_set("created", *_NO_TIMES, "0001-01-01T00:00:00.000000+23:59"),
    *_set("expires", *_NO_TIMES),
    *_set("digest", None, 5, []),
    lambda record: record.pop("user"),
]

USERS: Final[list[Change]] = [
    *_set("user", "bob", "", None, ["alice"]),
    *_set("hash", None, 5, "", "plain", "\ud800", "$argon2id$v=19$", "é"),
    *_set("hash", "$argon2id$v=19$m=67108864,t=1000,p=4$c29tZXNhbHRzb21lc2E$" + "A" * 43),
    *_set("hash", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2E$" + "A" * 43),
    *_set("hash", "$argon2d$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2E$" + "A" * 43),
    lambda record: record.pop("hash"),
]

ORDERS: Final[list[Change]] = [
    *_set("key", "", "../x", None, 5, ["0" * 32], "0" * 33),
    *_set("order", "", None, "0" * 36),
]

CASES: Final = {
    "open carts": CARTS,
    "purchased cart": RECEIPTS,
    "charged": PAYMENTS,
    "declined": PAYMENTS,
    "cancelled": PAYMENTS,
    "order": ORDERS,
    "session": SESSIONS,
    "user": USERS,
}


@pytest.mark.parametrize("kind", CASES)
def test_impossible_values_are_told(sample: Sample, kind: str) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    original = path.read_bytes()
    for number, change in enumerate(CASES[kind]):
        path.write_bytes(original)
        rewrite(path, change)
        data = path.read_bytes()
        assert data != original, number
        with pytest.raises(RestoreData) as told:
            read()
        assert str(path) in told.value.message
        assert len(told.value.message) < 1_000
        assert path.read_bytes() == data


@pytest.mark.parametrize("token", ["", None, 5, "x" * 97, "\ud800", ["a"]])
def test_a_saved_login_that_is_no_token_is_nobodys(sample: Sample, token: object) -> None:
    rewrite(sample.saved_login_file, lambda record: record.update(token=token))
    with pytest.raises(LogIn):
        sample.shop.identify(SavedLogin(str(sample.store)).token())


@pytest.mark.parametrize(
    "turns",
    [5, [], [1], [1, 2, 3], ["many", "now"], [1, "now"], [1, None], "ab", {"a": 1, "b": 2}],
)
def test_turns_that_are_none_keep_nobody_out(sample: Sample, turns: object) -> None:
    account = sample.turns_file

    def change(record: dict[str, Any]) -> None:
        record.update(dict.fromkeys([*record], turns), format=1)

    rewrite(account, change)
    assert sample.shop.login(ALICE.user, PASSWORD).identity == ALICE


def test_a_capture_of_another_amount_is_not_taken_for_the_carts(sample: Sample) -> None:
    rewrite(sample.payment_file(key_of(sample.pending)), lambda record: record.update(amount="1"))
    with pytest.raises(RestoreData):
        sample.shop.checkout_cart(ALICE, sample.pending.id, None)
    assert sample.carts.find(ALICE, sample.pending.id) == [sample.pending]
