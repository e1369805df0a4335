"""What a well-formed record with a right checksum cannot say, for each kind of file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

Change = Callable[[dict[str, Any]], object]

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


def _frozen(place: str, field: str, *values: object) -> list[Change]:
    """The same for the attempt or the receipt of the last cart that has one, which waits for the
    bank, or for what is at a `place` in it."""

    def change(record: dict[str, Any], set_: Change) -> None:
        part, *rest = place.split()
        found = [cart[part] for cart in record["carts"] if cart[part]][-1]
        for name in rest:
            found = found[name]
        set_(found)

    return [partial(change, set_=set_) for set_ in _set(field, *values)]


def _lost(place: str, *fields: str) -> list[Change]:
    """The same without one of these `fields`."""

    def change(record: dict[str, Any], field: str) -> None:
        part, *rest = place.split()
        found = [cart[part] for cart in record["carts"] if cart[part]][-1]
        for name in rest:
            found = found[name]
        del found[field]

    return [partial(change, field=field) for field in fields]


def _answer(field: str, *values: object) -> list[Change]:
    """The same for the last answer in the file."""

    def change(record: dict[str, Any], set_: Change) -> None:
        set_(record["answers"][-1])

    return [partial(change, set_=set_) for set_ in _set(field, *values)]


def _quoted(field: str, *values: object) -> list[Change]:
    """The same for the quote of the last answer, which comes to something."""

    def change(record: dict[str, Any], set_: Change) -> None:
        set_(record["answers"][-1]["quote"])

    return [partial(change, set_=set_) for set_ in _set(field, *values)]


def _add_answer(**fields: object) -> Change:
    """One more answer after the last one, but for these fields the same."""
    return lambda record: record["answers"].append(record["answers"][-1] | fields)


def _double_line(record: dict[str, Any]) -> None:
    record["carts"][0]["lines"] *= 2


def _currency_of_nothing(record: dict[str, Any]) -> None:
    """An open cart without lines has no amount whose currency could be wrong."""
    record["carts"][0].update(state="open", attempt=None, lines=[], currency="ZZZ")


TOTAL: Final = ["total", "Total", "1.00"]
SUBTOTAL: Final = ["subtotal", "Subtotal", "1.00"]
_NO_LINES: Final[tuple[object, ...]] = (None, "", {}, "abcd", [[]], [["a", "b", "1.00"]], [None])
_NO_ENTRIES: Final[tuple[object, ...]] = (
    *(
        None,
        "",
        {},
        [],
        [TOTAL],
        [SUBTOTAL],
        [TOTAL, TOTAL, SUBTOTAL],
        [TOTAL, SUBTOTAL, []],
    ),
    *([SUBTOTAL, ["total", "Total", "-1"]], [SUBTOTAL, ["total", None, "1.00"]]),
    *([SUBTOTAL, TOTAL, [None, "Tax", "0"]], [SUBTOTAL, TOTAL, ["tax", "Tax", 0]]),
)

CARTS: Final[list[Change]] = [
    *_line(3, 0, -1, 1_000_000, 1 << 30, "1", 1.5, None, True, []),
    *_line(2, "1e3", "-1.00", "NaN", "", "1" * 13, "0.00001", " 1", 5, "\N{FULLWIDTH DIGIT ONE}"),
    *_line(0, None, 5, [], "half \ud800", _DEEP, ["x" * 1_000_000]),
    *_line(1, None, 5, [], "half \ud800", _DEEP),
    *_cart("currency", "ZZZ", "usd", "", None, 5, ["USD"]),
    *_cart("state", "paid", "", None, ["pending"], "open", "purchased"),
    *_cart("id", "", "../../x", "0" * 36, 5, None, _DEEP),
    *_cart("version", 0, -1, "1", None, 1.0, True, [1], 1 << 40),
    *_cart("created", *_NO_TIMES),
    *_cart("updated", "9999-12-31T23:59:59.999999-23:59", []),
    *_cart("lines", *_NO_LINES),
    *_cart("requests", None, "", {}, "ab", [[]], [["a"]], [["a", "b", "c"]], [["a", None]]),
    *_cart("requests", [[5, "b"]], [["half \ud800", "b"]], [_DEEP]),
    *_cart("attempt", {}, [], "", 0, {"key": "0" * 32}),
    *_cart("receipt", {}, [], "", 0),
    *_frozen("attempt", "key", "", "0" * 31, "G" * 32, 5, None),
    *_frozen("attempt", "amount", "", "1e3", "-1", None, 5, "9" * 41),
    *_frozen("attempt", "brand", None, 5),
    *_frozen("attempt", "last4", None, 4242),
    *_frozen("attempt", "processor", None, 5, ["embedded"], "half \ud800"),
    *_frozen("attempt", "reference", None, 5, ["0" * 32], "half \ud800"),
    *_frozen("attempt", "created", "yesterday"),
    *_frozen("attempt", "quote", None, "", [], {}, {"lines": [], "entries": []}),
    *_frozen("attempt quote", "lines", *_NO_LINES, [["sku", "name", "1.00", 0]]),
    *_frozen("attempt quote", "was", *_NO_LINES, [["sku", "name", "1.00", 1]] * 2),
    *_frozen("attempt quote", "entries", *_NO_ENTRIES),
    *_frozen("attempt", "waiting", "", [], {}, 0, True, "the bank"),
    *_frozen("attempt waiting", "why", None, 5, "half \ud800"),
    *_frozen("attempt waiting", "url", None, 5, [""]),
    *_frozen("attempt waiting", "until", *(time for time in _NO_TIMES if time is not None)),
    *_lost("attempt", "quote", "processor", "reference", "waiting"),
    *_lost("attempt waiting", "why", "url", "until"),
    *_lost("attempt quote", "lines", "entries", "was"),
    _double_line,
    _currency_of_nothing,
    lambda record: record.update(carts=None),
    lambda record: record.update(carts={}),
    lambda record: record.update(carts=[None]),
    lambda record: record.update(carts=record["carts"] * 2),
    lambda record: record.update(owner="bob"),
    lambda record: record.update(owner=_DEEP),
    lambda record: record.update(owner="x" * 1_000_000),
    lambda record: record.pop("owner"),
    lambda record: record.pop("carts"),
    lambda record: record["carts"][0].pop("lines"),
    lambda record: record["carts"][0].pop("version"),
    lambda record: record["carts"][0].pop("requests"),
]

RECEIPTS: Final[list[Change]] = [
    *_frozen("receipt", "payment", 5, [], True, "half \ud800"),
    *_frozen("receipt", "key", "", "0" * 33),
    *_frozen("receipt", "reference", None, 5, ["0" * 32]),
    *_frozen("receipt", "amount", "", "1e3", None),
    *_frozen("receipt", "purchased", "yesterday"),
    *_lost("receipt", "payment", "reference", "amount"),
    *_frozen("attempt quote", "entries", *_NO_ENTRIES),
    *_cart("receipt", None),
    *_cart("attempt", None),
    *_cart("state", "pending"),
    *_cart("version", 0, None, True),
    lambda record: record.update(carts=[]),
    lambda record: record.update(carts=record["carts"] * 2),
]

# Of whatever answer is the last in a file.
ANSWERS: Final[list[Change]] = [
    *_set("cart", "", "../x", None, "0" * 36),
    *_set("answers", None, "", {}, [], [None], [[]], [{}]),
    *_set("surprise", "!"),
    *_answer("status", "paid", "", None, ["charged"]),
    *_answer("amount", 1, 1.5, "1e3", "-1", "NaN", "", 10**400, "9" * 41),
    *_answer("currency", "ZZZ", "", ["USD"]),
    *_answer("created", *_NO_TIMES),
    *_answer("created", "0001-01-01T00:00:00.000000+23:59"),
    *_answer("last4", "4242424242424242", "42", None, 4242),
    *_answer("brand", None, "\ud800"),
    *_answer("reason", None, 5, "\ud800"),
    *_answer("key", "", "0" * 32, None),
    *_answer("id", "", None, 5),
    *_answer("reference", "", "0" * 32, None, 5),
    *_answer("cart", "0" * 36),
    *_answer("surprise", "!"),
    *_answer("quote", "", [], {}, {"lines": []}),
    lambda record: record["answers"][-1].pop("currency"),
    lambda record: record["answers"][-1].pop("id"),
    lambda record: record["answers"][-1].pop("quote"),
]

# Of one that has charged, or may.
CHARGES: Final[list[Change]] = [
    *ANSWERS,
    *_answer("status", "cancelled"),
    *_answer("amount", None, "0", "1.00"),  # which is not what its quote comes to
    *_answer("currency", None, "EUR "),
    *_quoted("lines", *_NO_LINES, [], [["sku", "name", "1.00", 1]]),
    *_quoted("was", *_NO_LINES),
    *_quoted("entries", *_NO_ENTRIES, [SUBTOTAL, TOTAL]),
    lambda record: record["answers"][-1].update(amount=None, currency=None),
]

# A final answer is the last of its key, whichever comes after it.
FINAL: Final[list[Change]] = [
    _add_answer(),
    _add_answer(status="waiting"),
    _add_answer(status="declined"),
    _add_answer(status="cancelled", amount=None, currency=None, quote=None),
]

NOT_CHARGED: Final[list[Change]] = [
    *ANSWERS,
    *_answer("status", "charged", "declined", "waiting"),  # without an amount
    *_answer("currency", "USD"),
    *_answer("quote", {"lines": [], "entries": [SUBTOTAL, TOTAL], "was": []}),
    _add_answer(),
    lambda record: record["answers"].insert(0, record["answers"][-1]),
    lambda record: record["answers"].append(record["answers"][0]),
]

SESSIONS: Final[list[Change]] = [
    *_set("user", "", None, 5, ["alice"], {"alice": 1}, "a\0b", "x" * 81, "bob"),
    *_set("created", *_NO_TIMES, "0001-01-01T00:00:00.000000+23:59"),
    *_set("expires", *_NO_TIMES),
    *_set("digest", None, 5, []),
    *_set("roles", None, "merchant", {}, [None], [["merchant"]], ["owner"], ["customer", "root"]),
    *_set("issuer", None, 5, ["guest"], "\ud800"),
    *_set("subject", None, 5, [], "\ud800"),
    *_set("name", None, 5, [], "\ud800"),
    lambda record: record.pop("user"),
]

# Whoever has a name here has it three times.
OF_NAMES: Final[list[Change]] = [
    *SESSIONS,
    *_set("issuer", "guest", "oidc", "https://id.example"),
    *_set("subject", "", "bob", "Alice", "guest:" + "0" * 32),
    *_set("name", "", "bob", " ALICE ", "guest:" + "0" * 32),
    lambda record: record.pop("issuer") or record.update(subject="bob"),
    lambda record: record.update(issuer="guest", subject="alice", name="guest"),
    lambda record: record.update(issuer="https://id.example", subject=""),
]

OF_GUESTS: Final[list[Change]] = [
    *SESSIONS,
    *_set("user", "guest:" + "0" * 32, "alice", "guest"),
    *_set("issuer", "", "Guest", "https://id.example"),
    *_set("subject", "", "0" * 32, "alice"),
    lambda record: record.update(user="guest:../x", subject="../x"),
    lambda record: record.update(user="guest:", subject=""),
    lambda record: record.update(user="alice", issuer="", subject="alice"),
    lambda record: record.pop("issuer"),
    lambda record: record.pop("subject"),
]

USERS: Final[list[Change]] = [
    *_set("user", "bob", "", None, ["alice"]),
    *_set("hash", None, 5, "", "plain", "\ud800", "$argon2id$v=19$", "é"),
    *_set("hash", "$argon2id$v=19$m=67108864,t=1000,p=4$c29tZXNhbHRzb21lc2E$" + "A" * 43),
    *_set("hash", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2E$" + "A" * 43),
    *_set("hash", "$argon2d$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2E$" + "A" * 43),
    *_set("roles", None, "", "merchant", {}, {"merchant": 1}, 5, True, []),
    *_set("roles", [None], [5], [["merchant"]], ["owner"], ["Merchant"], ["merchant", "root"]),
    *_set("roles", ["half \ud800"], ["x" * 1_000_000], _DEEP),
    lambda record: record.pop("hash"),
]

CASES: Final = {
    "open carts": CARTS,
    "purchased cart": RECEIPTS,
    "free cart": RECEIPTS,
    "charged": [*CHARGES, *FINAL],
    "capture": [*CHARGES, *FINAL],
    "waiting": CHARGES,
    "cancelled": NOT_CHARGED,
    "session": OF_NAMES,
    "guest": OF_GUESTS,
    "user": USERS,
}
