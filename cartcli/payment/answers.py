"""The one check of what a processor answers."""

from __future__ import annotations

from typing import get_args

from cartcli.model.order import Attempt
from cartcli.payment import Payment, Status


class IndefiniteError(Exception):
    """The processor's answer settles nothing."""


def check(attempt: Attempt, payment: Payment) -> None:
    """IndefiniteError unless `payment` tells how this attempt ended, or is the cart's capture
    under an earlier key (`is_earlier_capture`)."""
    if payment.status not in get_args(Status):
        raise IndefiniteError(f"the processor answered {payment.status!r}")
    if payment.cart != attempt.cart:
        raise IndefiniteError("the processor answered for another cart")
    if is_earlier_capture(attempt, payment):
        return
    if payment.key != attempt.key or payment.reference != attempt.reference:
        raise IndefiniteError("the processor answered for another payment")
    if payment.amount != attempt.amount and (payment.status == "charged" or payment.amount):
        raise IndefiniteError("the processor answered with another amount")


def is_earlier_capture(attempt: Attempt, payment: Payment) -> bool:
    """Whether the cart was charged before, under another key and reference than the attempt's."""
    another = payment.key != attempt.key and payment.reference != attempt.reference
    return another and payment.status == "charged"
