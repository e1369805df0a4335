"""The proof that carts and payments agree: purchased if and only if captured, exactly once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from cartcli.cart_db import CartReader
from cartcli.errors import RestoreData
from cartcli.model.audit import Audit, Disagreement, Pending
from cartcli.model.cart import Cart
from cartcli.model.order import Attempt, Receipt
from cartcli.payment import FREE, Capture, Processors

_T = TypeVar("_T")


def audit(reader: CartReader, processors: Processors) -> Audit:
    """Compare every cart with every payment of all processors that are known; changes nothing,
    takes no lock.

    A checkout that runs meanwhile can look like a disagreement, but not twice: what the first
    look finds counts only if a second one finds it again.
    """
    first = _compare(reader, processors)
    if not first.disagreements:
        return first
    again = _compare(reader, processors)
    lasting = [found for found in again.disagreements if found in first.disagreements]
    return again._replace(disagreements=lasting)


def _compare(reader: CartReader, processors: Processors) -> Audit:
    found: list[Disagreement] = []
    carts: dict[str, Cart] = {}
    for cart in _readable(reader.everything(), found):
        if cart.id in carts:
            found.append(Disagreement(cart.id, "two customers have a cart of this id"))
        carts[cart.id] = cart
    unreadable = {one.cart for one in found}
    payments, captures = _captures(processors, found)
    strangers = []
    for cart in carts.values():
        found.extend(Disagreement(cart.id, text) for text in _problems(cart, captures[cart.id]))
        if cart.attempt and processors.named(cart.attempt.processor) is None:
            strangers.append(_stranger(cart.id, cart.attempt.processor))
        elif cart.receipt and cart.attempt:
            texts = _receipt_problems(cart.attempt, cart.receipt, captures[cart.id])
            found.extend(Disagreement(cart.id, text) for text in texts)
    for cart_id, charged in captures.items():
        if charged and cart_id not in carts and cart_id not in unreadable:
            total = " and ".join(str(capture.payment.amount) for capture in charged)
            found.append(Disagreement(cart_id, f"charged {total}, but there is no such cart"))
    pending = (_pending(cart, captures[cart.id]) for cart in carts.values())
    return Audit(
        len(carts) - len(strangers),
        payments,
        sorted(found),
        tuple(sorted(strangers)),
        tuple(sorted(filter(None, pending), key=lambda one: (one.created, one.cart))),
    )


def _pending(cart: Cart, captures: list[Capture]) -> Pending | None:
    """What the `cart` waits for, if it does, and what was charged for it."""
    attempt = cart.attempt
    if attempt is None or cart.state != "pending":
        return None
    charged = next((capture.payment.amount for capture in captures), None)
    whose_turn = attempt.waiting.why if attempt.waiting else ""
    return Pending(cart.id, cart.owner, attempt.amount, charged, attempt.created, whose_turn)


def _readable(things: Iterable[_T | RestoreData], found: list[Disagreement]) -> Iterator[_T]:
    """The `things` that could be read; what could not goes to `found`."""
    for thing in things:
        if isinstance(thing, RestoreData):
            found.append(Disagreement(str(thing.facts.get("cart", "")), thing.message))
        else:
            yield thing


def _captures(
    processors: Processors, found: list[Disagreement]
) -> tuple[int, defaultdict[str, list[Capture]]]:
    """How many answers there are on record, and which of them charged each cart."""
    count = 0
    captures: defaultdict[str, list[Capture]] = defaultdict(list)
    for processor in processors.known():
        for payment in _readable(processor.payments(), found):
            count += 1
            if payment.status == "charged":
                captures[payment.cart].append(Capture(processor.name, payment))
    return count, captures


def _stranger(cart_id: str, processor: str) -> Disagreement:
    return Disagreement(
        cart_id, f"not compared: the payment processor {processor!r} is not set up here"
    )


def _problems(cart: Cart, captures: list[Capture]) -> Iterator[str]:
    """What does not agree within `cart`, and with its `captures` whoever else may charge it."""
    if len(captures) > 1:
        yield f"charged {len(captures)} times"
    if cart.attempt is None:
        yield from (f"open, but charged {capture.payment.amount}" for capture in captures[:1])
        return
    attempt = cart.attempt
    if cart.state == "pending":
        wrong = (one.payment for one in captures if one.payment.amount != attempt.amount)
        yield from (f"pending with {attempt.amount}, but charged {w.amount}" for w in wrong)
    if cart.lines != attempt.quote.put_in:
        yield "lists other lines than were frozen when it was marked"
    if not attempt.quote.comes_to(attempt.amount):
        yield f"its frozen lines do not add up to {attempt.amount}"
    for capture in captures:
        if capture.processor != attempt.processor:
            yield f"charged by {capture.processor!r}, but it was marked for {attempt.processor!r}"
        if capture.payment.quote not in (None, attempt.quote):
            yield "charged for other lines than were frozen when it was marked"


def _receipt_problems(attempt: Attempt, receipt: Receipt, captures: list[Capture]) -> Iterator[str]:
    """What does not agree between the `receipt` of a purchased cart, the `attempt` that was
    frozen when it was marked, and the captures of its order."""
    if attempt.processor == FREE:
        yield from _free_problems(receipt)
    elif not captures:
        yield "purchased, but never charged"
    for _, capture in captures:
        if capture.amount != receipt.amount:
            yield f"its receipt says {receipt.amount}, but {capture.amount} was charged"
        named = (receipt.payment, receipt.key, receipt.reference)
        if (capture.id, capture.key, capture.reference) != named:
            yield f"its receipt names the payment {receipt.payment}, not {capture.id}"
        if (capture.brand, capture.last4) != (receipt.brand, receipt.last4):
            yield "its receipt names another card than was charged"
    if (receipt.key, receipt.reference) != (attempt.key, attempt.reference):
        yield "its receipt is for another payment than it was marked for"
    if receipt.quote != attempt.quote:
        yield "its receipt lists other lines than were frozen when it was marked"
    if not receipt.quote.comes_to(receipt.amount):
        yield f"its lines do not add up to {receipt.amount}"


def _free_problems(receipt: Receipt) -> Iterator[str]:
    """What is wrong with the receipt of a cart that was to cost nothing."""
    if receipt.amount.amount:
        yield f"its receipt says {receipt.amount}, and nothing was to be charged"
    if receipt.payment is not None:
        yield f"its receipt names the payment {receipt.payment}, and there was none"
