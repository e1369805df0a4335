"""The one check of what a processor answers."""

from __future__ import annotations

from typing import Final, get_args

from cartcli.model.order import Attempt, Waiting
from cartcli.payment import Payment, Status

_LONGEST: Final = 10_000  # characters of a text that a processor tells


class IndefiniteError(Exception):
    """The processor's answer settles nothing."""


def check(attempt: Attempt, payment: Payment) -> None:
    """IndefiniteError unless `payment` tells how this attempt ended, or is the cart's capture
    under an earlier key (`is_earlier_capture`)."""
    if payment.status not in get_args(Status):
        raise IndefiniteError(f"the processor answered {payment.status!r}")
    told = (payment.id, payment.reference, payment.brand, payment.last4, payment.reason)
    if not all(_is_text(text) for text in told):
        raise IndefiniteError("the processor answered with what cannot be kept")
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


def checked_reference(reference: object) -> str:
    """The reference that a processor prepared; IndefiniteError when it is none."""
    if not _is_text(reference) or not reference:
        raise IndefiniteError(f"the processor prepared {reference!r}")
    return str(reference)


def checked_waiting(waiting: Waiting) -> Waiting:
    """What the processor waits for, as it can be kept; IndefiniteError when it cannot."""
    if not (_is_text(waiting.why) and _is_text(waiting.url)):
        raise IndefiniteError("the processor waits for what cannot be kept")
    return waiting


def _is_text(value: object) -> bool:
    """Whether this is plain text of a length that is worth keeping."""
    if type(value) is not str or len(value) > _LONGEST:
        return False
    return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)
