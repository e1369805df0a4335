"""The proof that carts and payments agree: purchased if and only if captured, exactly once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from cartcli.cart_db import CartReader
from cartcli.errors import RestoreData
from cartcli.model.audit import Audit, Disagreement
from cartcli.model.cart import Cart
from cartcli.model.lines import charged_total
from cartcli.model.order import Attempt, Receipt
from cartcli.payment import Payment, PaymentProcessor

_T = TypeVar("_T")


def audit(reader: CartReader, processor: PaymentProcessor) -> Audit:
    """Compare every cart with every payment; changes nothing, takes no lock.

    A checkout that runs meanwhile can look like a disagreement, but not twice: what the first
    look finds counts only if a second one finds it again.
    """
    first = _compare(reader, processor)
    if not first.disagreements:
        return first
    again = _compare(reader, processor)
    lasting = [found for found in again.disagreements if found in first.disagreements]
    return again._replace(disagreements=lasting)


def _compare(reader: CartReader, processor: PaymentProcessor) -> Audit:
    found: list[Disagreement] = []
    carts: dict[str, Cart] = {}
    for cart in _readable(reader.everything(), found):
        if cart.id in carts:
            found.append(Disagreement(cart.id, "two customers have a cart of this id"))
        carts[cart.id] = cart
    unreadable = {one.cart for one in found}
    payments = 0
    captures: dict[str, list[Payment]] = defaultdict(list)
    for payment in _readable(processor.payments(), found):
        payments += 1
        if payment.status == "charged":
            captures[payment.cart].append(payment)
    for cart in carts.values():
        found.extend(Disagreement(cart.id, text) for text in _problems(cart, captures[cart.id]))
    for cart_id, charged in captures.items():
        if charged and cart_id not in carts and cart_id not in unreadable:
            total = " and ".join(str(payment.amount) for payment in charged)
            found.append(Disagreement(cart_id, f"charged {total}, but there is no such cart"))
    return Audit(len(carts), payments, sorted(found))


def _readable(things: Iterable[_T | RestoreData], found: list[Disagreement]) -> Iterator[_T]:
    """The `things` that could be read; what could not goes to `found`."""
    for thing in things:
        if isinstance(thing, RestoreData):
            found.append(Disagreement(str(thing.facts.get("cart", "")), thing.message))
        else:
            yield thing


def _problems(cart: Cart, captures: list[Payment]) -> Iterator[str]:
    """What does not agree between `cart` and the captures of its order."""
    if len(captures) > 1:
        yield f"charged {len(captures)} times"
    if cart.state == "open" and captures:
        yield f"open, but charged {captures[0].amount}"
    if cart.state == "pending" and cart.attempt:
        wrong = [capture for capture in captures if capture.amount != cart.attempt.amount]
        yield from (f"pending with {cart.attempt.amount}, but charged {w.amount}" for w in wrong)
    if cart.attempt and cart.lines != cart.attempt.lines:
        yield "lists other lines than were frozen when it was marked"
    if cart.attempt and charged_total(cart.attempt.lines, cart.currency) != cart.attempt.amount:
        yield f"its frozen lines do not add up to {cart.attempt.amount}"
    if cart.receipt and cart.attempt:
        yield from _receipt_problems(cart.attempt, cart.receipt, captures)


def _receipt_problems(attempt: Attempt, receipt: Receipt, captures: list[Payment]) -> Iterator[str]:
    """What does not agree between the `receipt` of a purchased cart, the `attempt` that was
    frozen when it was marked, and the captures of its order."""
    if not captures:
        yield "purchased, but never charged"
    for capture in captures:
        if capture.amount != receipt.amount:
            yield f"its receipt says {receipt.amount}, but {capture.amount} was charged"
        if (capture.id, capture.key) != (receipt.payment, receipt.key):
            yield f"its receipt names the payment {receipt.payment}, not {capture.id}"
        if (capture.brand, capture.last4) != (receipt.brand, receipt.last4):
            yield "its receipt names another card than was charged"
    if receipt.lines != attempt.lines:
        yield "its receipt lists other lines than were frozen when it was marked"
    if charged_total(receipt.lines, receipt.amount.currency) != receipt.amount:
        yield f"its lines do not add up to {receipt.amount}"
