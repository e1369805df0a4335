"""Carts that wait to be settled: whose payment was begun and has not ended, or that are open though
they were charged, as an old copy has them; and what was charged for them."""

from __future__ import annotations

from collections.abc import Iterator

from cartcli.cart_db import CartReader
from cartcli.errors import RestoreData
from cartcli.model.audit import Pending
from cartcli.model.cart import Cart
from cartcli.model.money import Money
from cartcli.payment import Processors


def pending(reader: CartReader, processors: Processors) -> Iterator[Pending]:
    """Every customer's carts that wait, in no order. RestoreData when a file is damaged."""
    for cart in reader.everything("unpurchased"):
        if isinstance(cart, RestoreData):
            raise cart
        payment = capture.payment if (capture := processors.captured(cart.id)) else None
        yield from pending_as(cart, payment.amount if payment else None)
        if cart.state == "open" and payment and payment.amount:
            yield Pending(cart.id, cart.owner, payment.amount, payment.amount, payment.created, "")


def pending_as(cart: Cart, charged: Money | None) -> Iterator[Pending]:
    """What the `cart` waits for, if it does, when this was `charged` for it."""
    if cart.attempt and cart.state == "pending":
        attempt = cart.attempt
        whose_turn = attempt.waiting.why if attempt.waiting else ""
        yield Pending(cart.id, cart.owner, attempt.amount, charged, attempt.created, whose_turn)
