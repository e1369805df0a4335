"""Carts to plain builtin values and back, checked: what is stored, field by field.

Money is a decimal string, a time RFC 3339 in UTC, a line `[sku, name, price, quantity]`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cartcli.model.cart import Cart
from cartcli.model.currencies import currency_code
from cartcli.model.ids import is_key
from cartcli.model.lines import Line, check_quantity
from cartcli.model.money import Money
from cartcli.model.times import parse_time, rfc3339

if TYPE_CHECKING:
    from cartcli.model.order import Attempt, Receipt

Record = dict[str, Any]


def cart_record(cart: Cart) -> Record:
    """`cart` as plain values. Its user stands once in the file, not in every cart."""
    return {
        "id": cart.id,
        "state": cart.state,
        "lines": _lines_record(cart.lines),
        "currency": cart.currency,
        "created": rfc3339(cart.created),
        "updated": rfc3339(cart.updated),
        "attempt": _attempt_record(cart.attempt) if cart.attempt else None,
        "receipt": _receipt_record(cart.receipt) if cart.receipt else None,
    }


def cart_of(record: Record, user: str) -> Cart:
    """The cart in `record`. ValueError, TypeError or KeyError when it cannot be one."""
    cart_id, currency = as_text(record["id"]), currency_code(record["currency"])
    attempt, receipt = record["attempt"], record["receipt"]
    cart = Cart(
        cart_id,
        user,
        record["state"],
        _lines(record["lines"], currency),
        currency,
        parse_time(record["created"]),
        parse_time(record["updated"]),
        _attempt(cart_id, attempt, currency) if attempt is not None else None,
        _receipt(cart_id, receipt, currency) if receipt is not None else None,
    )
    holds = (cart.attempt is not None, cart.receipt is not None)
    if holds != {"open": (False, False), "pending": (True, False), "purchased": (True, True)}.get(
        cart.state
    ):
        raise ValueError(f"a cart cannot be in the state {cart.state!r}")
    return cart


def _attempt_record(attempt: Attempt) -> Record:
    return {
        "key": attempt.key,
        "lines": _lines_record(attempt.lines),
        "amount": attempt.amount.decimal,
        "brand": attempt.brand,
        "last4": attempt.last4,
        "created": rfc3339(attempt.created),
    }


def _attempt(cart_id: str, record: Record, currency: str) -> Attempt:
    from cartcli.model.order import Attempt  # most carts are open

    return Attempt(
        _key(record["key"]),
        cart_id,
        _lines(record["lines"], currency),
        Money(as_text(record["amount"]), currency),
        as_text(record["brand"]),
        as_text(record["last4"]),
        parse_time(record["created"]),
    )


def _receipt_record(receipt: Receipt) -> Record:
    return {
        "payment": receipt.payment,
        "key": receipt.key,
        "amount": receipt.amount.decimal,
        "brand": receipt.brand,
        "last4": receipt.last4,
        "lines": _lines_record(receipt.lines),
        "purchased": rfc3339(receipt.purchased),
    }


def _receipt(cart_id: str, record: Record, currency: str) -> Receipt:
    from cartcli.model.order import Receipt

    return Receipt(
        cart_id,
        as_text(record["payment"]),
        _key(record["key"]),
        Money(as_text(record["amount"]), currency),
        as_text(record["brand"]),
        as_text(record["last4"]),
        _lines(record["lines"], currency),
        parse_time(record["purchased"]),
    )


def _lines_record(lines: Iterable[Line]) -> list[list[str | int]]:
    return [[line.sku, line.name, line.price.decimal, line.quantity] for line in lines]


def _lines(records: object, currency: str) -> tuple[Line, ...]:
    lines = tuple(_line(*as_list(record), currency=currency) for record in as_list(records))
    if len({line.sku for line in lines}) != len(lines):
        raise ValueError("a SKU is there twice")
    return lines


def _line(sku: object, name: object, price: object, quantity: Any, *, currency: str) -> Line:
    # A price within the limits of a catalogue: no total of such prices is beyond `Money`.
    unit_price = Money.parse(as_text(price), currency)
    return Line(as_text(sku), as_text(name), unit_price, check_quantity(quantity))


def _key(value: object) -> str:
    if not is_key(as_text(value)):
        raise ValueError(f"{value!r} is not an idempotency key")
    return as_text(value)


def as_text(value: object) -> str:
    """`value` when it is text; TypeError otherwise."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def as_list(value: object) -> list[Any]:
    """`value` when it is a list; TypeError otherwise."""
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return value
