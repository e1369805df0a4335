"""Carts as version 0.1.0 stored them, read as today's values:

    {"format": 1, "user": owner, "carts": [cart…]}
    cart       id, state, lines, currency, created, updated, attempt, receipt
    attempt    null, or key, lines, amount, brand, last4, created
    receipt    null, or payment, key, amount, brand, last4, lines, purchased

Money is a decimal string, a time RFC 3339 in UTC, a line `[sku, name, price, quantity]`. Whoever
was charged was charged by the embedded processor, under a key of the attempt's.
"""

from __future__ import annotations

from typing import Any, Final

from cartcli.cart_db.records import as_key, check_state
from cartcli.model.cart import Cart
from cartcli.model.currencies import currency_code
from cartcli.model.money import Money
from cartcli.model.order import Attempt, Receipt
from cartcli.model.quote import Quote
from cartcli.model.quotes import as_text, lines_of
from cartcli.model.times import parse_time
from cartcli.payment import EMBEDDED

FORMAT: Final = 1
Record = dict[str, Any]


def old_cart(record: Record, owner: str) -> Cart:
    """The cart in `record`, at its first version. ValueError, TypeError or KeyError when it cannot
    be one."""
    cart_id, currency = as_text(record["id"]), currency_code(record["currency"])
    attempt, receipt = record["attempt"], record["receipt"]
    check_state(record["state"], attempt, receipt)
    cart = Cart(
        cart_id,
        owner,
        record["state"],
        lines_of(record["lines"], currency),
        currency,
        parse_time(record["created"]),
        parse_time(record["updated"]),
        attempt=_attempt(cart_id, attempt, currency) if attempt is not None else None,
        receipt=_receipt(cart_id, receipt, currency) if receipt is not None else None,
    )
    return _of_one_payment(cart)


def _attempt(cart_id: str, record: Record, currency: str) -> Attempt:
    key = as_key(record["key"])
    return Attempt(
        key,
        cart_id,
        Quote.of(lines_of(record["lines"], currency), currency),
        Money(as_text(record["amount"]), currency),
        EMBEDDED,
        key,
        as_text(record["brand"]),
        as_text(record["last4"]),
        parse_time(record["created"]),
    )


def _receipt(cart_id: str, record: Record, currency: str) -> Receipt:
    key = as_key(record["key"])
    return Receipt(
        cart_id,
        as_text(record["payment"]),
        key,
        key,
        Money(as_text(record["amount"]), currency),
        as_text(record["brand"]),
        as_text(record["last4"]),
        Quote.of(lines_of(record["lines"], currency), currency),
        parse_time(record["purchased"]),
    )


def _of_one_payment(cart: Cart) -> Cart:
    """`cart`, whose attempt is the one that its receipt is for, because both have one quote today.
    They differ where an old copy was restored: its attempt was settled by an earlier capture, under
    another key."""
    attempt, receipt = cart.attempt, cart.receipt
    if attempt is None or receipt is None:
        return cart
    if receipt.lines != attempt.lines:
        raise ValueError("a receipt lists other lines than were frozen when its cart was marked")
    if receipt.key != attempt.key:
        attempt = attempt._replace(
            key=receipt.key, reference=receipt.reference, brand=receipt.brand, last4=receipt.last4
        )
    return cart._replace(attempt=attempt)
