"""Carts to plain builtin values and back, checked: what is stored, field by field.

Money is a decimal string, a time RFC 3339 in UTC; lines and quotes are as `model.quotes` has them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cartcli.model.cart import Cart
from cartcli.model.currencies import currency_code
from cartcli.model.ids import is_key
from cartcli.model.money import Money
from cartcli.model.quotes import as_list, as_text, lines_of, lines_record, quote_of, quote_record
from cartcli.model.times import parse_time, rfc3339

if TYPE_CHECKING:
    from cartcli.model.order import Attempt, Receipt, Waiting

Record = dict[str, Any]

_HOLDS: Final[dict[object, tuple[bool, bool]]] = {  # an attempt, a receipt
    "open": (False, False),
    "pending": (True, False),
    "purchased": (True, True),
}

# What a hostile record can raise; RecursionError comes from quoting one that is deeply nested.
NOT_CARTS: Final = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


def cart_record(cart: Cart) -> Record:
    """`cart` as plain values. Its owner stands once in the file, not in every cart."""
    return {
        "id": cart.id,
        "state": cart.state,
        "version": cart.version,
        "lines": lines_record(cart.lines),
        "currency": cart.currency,
        "created": rfc3339(cart.created),
        "updated": rfc3339(cart.updated),
        "requests": [[request_id, digest] for request_id, digest in cart.requests],
        "attempt": _attempt_record(cart.attempt) if cart.attempt else None,
        "receipt": _receipt_record(cart.receipt) if cart.receipt else None,
    }


def cart_of(record: Record, owner: str) -> Cart:
    """The cart in `record`. ValueError, TypeError or KeyError when it cannot be one."""
    cart_id, currency = as_text(record["id"]), currency_code(record["currency"])
    attempt, receipt = _attempt(cart_id, record["attempt"], currency), None
    if record["receipt"] is not None:
        receipt = _receipt(attempt, record["receipt"])
    cart = Cart(
        cart_id,
        owner,
        record["state"],
        lines_of(record["lines"], currency),
        currency,
        parse_time(record["created"]),
        parse_time(record["updated"]),
        _version(record["version"]),
        attempt,
        receipt,
        tuple(_request(*as_list(request)) for request in as_list(record["requests"])),
    )
    check_state(cart.state, attempt, receipt)
    return cart


def check_state(state: object, attempt: object, receipt: object) -> None:
    """ValueError unless a cart in the `state` has this `attempt` and `receipt`, or None of them."""
    holds = (attempt is not None, receipt is not None)
    if holds != _HOLDS.get(state):
        raise ValueError(f"a cart cannot be in the state {state!r}")


def _attempt_record(attempt: Attempt) -> Record:
    return {
        "key": attempt.key,
        "quote": quote_record(attempt.quote),
        "amount": attempt.amount.decimal,
        "processor": attempt.processor,
        "reference": attempt.reference,
        "brand": attempt.brand,
        "last4": attempt.last4,
        "created": rfc3339(attempt.created),
        "waiting": _waiting_record(attempt.waiting) if attempt.waiting else None,
    }


def _attempt(cart_id: str, record: Record | None, currency: str) -> Attempt | None:
    if record is None:
        return None
    from cartcli.model.order import Attempt  # most carts are open

    return Attempt(
        as_key(record["key"]),
        cart_id,
        quote_of(record["quote"], currency),
        Money(as_text(record["amount"]), currency),
        as_text(record["processor"]),
        as_text(record["reference"]),
        as_text(record["brand"]),
        as_text(record["last4"]),
        parse_time(record["created"]),
        _waiting(record["waiting"]),
    )


def _waiting_record(waiting: Waiting) -> Record:
    until = waiting.until
    return {"why": waiting.why, "url": waiting.url, "until": until and rfc3339(until)}


def _waiting(record: Record | None) -> Waiting | None:
    if record is None:
        return None
    from cartcli.model.order import Waiting

    return Waiting(as_text(record["why"]), as_text(record["url"]), _time(record["until"]))


def _receipt_record(receipt: Receipt) -> Record:
    """`receipt` as plain values, without its quote, which is its attempt's."""
    return {
        "payment": receipt.payment,
        "key": receipt.key,
        "reference": receipt.reference,
        "amount": receipt.amount.decimal,
        "brand": receipt.brand,
        "last4": receipt.last4,
        "purchased": rfc3339(receipt.purchased),
    }


def _receipt(attempt: Attempt | None, record: Record) -> Receipt:
    from cartcli.model.order import Receipt

    if attempt is None:
        raise ValueError("a receipt needs the attempt that was paid")
    payment = record["payment"]
    return Receipt(
        attempt.cart,
        None if payment is None else as_text(payment),
        as_key(record["key"]),
        as_text(record["reference"]),
        Money(as_text(record["amount"]), attempt.amount.currency),
        as_text(record["brand"]),
        as_text(record["last4"]),
        attempt.quote,
        parse_time(record["purchased"]),
    )


def _version(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{value!r} is not the version of a cart")
    return value


def _request(request_id: object, digest: object) -> tuple[str, str]:
    return as_text(request_id), as_text(digest)


def _time(value: object) -> datetime | None:
    return None if value is None else parse_time(as_text(value))


def as_key(value: object) -> str:
    """`value` when it is an idempotency key; TypeError or ValueError otherwise."""
    if not is_key(as_text(value)):
        raise ValueError(f"{value!r} is not an idempotency key")
    return as_text(value)
