"""Carts to plain builtin values and back, checked: what is stored, field by field.

Money is a decimal string, a time RFC 3339 in UTC, a line `[sku, name, price, quantity]`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from cartcli.model import (
    Attempt,
    Cart,
    Line,
    Money,
    Receipt,
    check_quantity,
    parse_time,
    rfc3339,
)

FORMAT: Final = 1
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
    currency = record["currency"]
    cart = Cart(
        _text(record["id"]),
        user,
        record["state"],
        _lines(record["lines"], currency),
        currency,
        parse_time(record["created"]),
        parse_time(record["updated"]),
        _attempt(record["id"], record["attempt"], currency) if record["attempt"] else None,
        _receipt(record["id"], record["receipt"], currency) if record["receipt"] else None,
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


def _attempt(order: str, record: Record, currency: str) -> Attempt:
    return Attempt(
        _text(record["key"]),
        order,
        _lines(record["lines"], currency),
        Money(_text(record["amount"]), currency),
        _text(record["brand"]),
        _text(record["last4"]),
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
    return Receipt(
        cart_id,
        _text(record["payment"]),
        _text(record["key"]),
        Money(_text(record["amount"]), currency),
        _text(record["brand"]),
        _text(record["last4"]),
        _lines(record["lines"], currency),
        parse_time(record["purchased"]),
    )


def _lines_record(lines: Iterable[Line]) -> list[list[str | int]]:
    return [[line.sku, line.name, line.price.decimal, line.quantity] for line in lines]


def _lines(records: list[list[Any]], currency: str) -> tuple[Line, ...]:
    lines = tuple(
        Line(_text(sku), _text(name), Money(_text(price), currency), check_quantity(quantity))
        for sku, name, price, quantity in records
    )
    if len({line.sku for line in lines}) != len(lines):
        raise ValueError("a SKU is there twice")
    return lines


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value
