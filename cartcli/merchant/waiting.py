"""Carts whose payment was begun and has not ended, and what was charged for them all the same."""

from __future__ import annotations

from collections.abc import Iterator

from cartcli.cart_db import CartReader
from cartcli.errors import RestoreData
from cartcli.model.audit import Pending
from cartcli.model.cart import Cart
from cartcli.model.money import Money
from cartcli.payment import Processors


def pending(reader: CartReader, processors: Processors) -> Iterator[Pending]:
    """Every customer's pending carts, in no order. RestoreData when a file is damaged."""
    for cart in reader.everything("unpurchased"):
        if isinstance(cart, RestoreData):
            raise cart
        if cart.state == "pending":
            capture = processors.captured(cart.id)
            yield from pending_as(cart, capture.payment.amount if capture else None)


def pending_as(cart: Cart, charged: Money | None) -> Iterator[Pending]:
    """What the `cart` waits for, if it does, when this was `charged` for it."""
    if cart.attempt and cart.state == "pending":
        attempt = cart.attempt
        whose_turn = attempt.waiting.why if attempt.waiting else ""
        yield Pending(cart.id, cart.owner, attempt.amount, charged, attempt.created, whose_turn)
