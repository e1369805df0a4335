"""The rules of the embedded payment processor, on whatever ledger keeps its answers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from cartcli.errors import CheckOutAgain, FixInput, RestoreData
from cartcli.model.currencies import NO_CURRENCY
from cartcli.model.ids import is_cart_id, is_key
from cartcli.model.money import Money
from cartcli.model.order import Attempt
from cartcli.payment import Payment

if TYPE_CHECKING:
    from cartcli.payment.card import Card

# The industry's usual test numbers, as in Stripe's documentation ("Test card numbers").
_DECLINES: Final = {
    "4000000000000002": "the card was declined",
    "4000000000009995": "insufficient funds",
    "4000000000000069": "the card has expired",
    "4000000000000127": "the security code is wrong",
    "4000000000000119": "the card could not be processed",
}
_LOSES_ANSWER: Final = "4000000000000341"


class Ledger(Protocol):
    """Keeps the answers, each for ever. RestoreData for one that cannot be believed."""

    def held(self, key: str, cart_id: str) -> AbstractContextManager[None]:
        """Keep everyone else from this cart's answers for the `with` block: the lock LEDGER."""

    def known(self, key: str, cart_id: str) -> Payment | None:
        """The answer to `key`, else the capture of the cart; durable when it is given."""

    def record(self, payment: Payment) -> None:
        """Keep the answer to a new key, durably."""

    def payments(self) -> Iterator[Payment | RestoreData]:
        """Every answer; in place of one that is damaged, the error that names it."""


class LocalPaymentProcessor:
    """Answers from `ledger`, and keeps each answer back for `delay` seconds."""

    def __init__(self, ledger: Ledger, delay: float, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._delay = delay
        self._clock = clock

    def charge(self, attempt: Attempt, card: Card) -> Payment:
        _check_ids(attempt.key, attempt.cart)
        with self._ledger.held(attempt.key, attempt.cart):
            payment = self._ledger.known(attempt.key, attempt.cart)
            if payment is None:
                payment = self._decided(attempt, card)
                self._ledger.record(payment)
            elif payment.key == attempt.key:
                _check_same(payment, attempt, card)
        self._keep_back()
        if card.number == _LOSES_ANSWER:  # after the record: money has moved
            raise CheckOutAgain("the payment processor's answer was lost")
        return payment

    def cancel(self, key: str, cart_id: str) -> Payment:
        _check_ids(key, cart_id)
        with self._ledger.held(key, cart_id):
            payment = self._ledger.known(key, cart_id)
            if payment is None:
                nothing = Money(0, NO_CURRENCY)
                payment = Payment(
                    key, _new_id(), cart_id, "cancelled", nothing, "", "", self._clock()
                )
                self._ledger.record(payment)
        self._keep_back()
        return payment

    def payments(self) -> Iterator[Payment | RestoreData]:
        return self._ledger.payments()

    def _decided(self, attempt: Attempt, card: Card) -> Payment:
        """The answer to a new key: what the number of the card stands for."""
        reason = _DECLINES.get(card.number, "")
        return Payment(
            attempt.key,
            _new_id(),
            attempt.cart,
            "declined" if reason else "charged",
            attempt.amount,
            card.brand,
            card.last4,
            self._clock(),
            reason,
        )

    def _keep_back(self) -> None:
        if self._delay:  # even a sleep of zero seconds gives the processor away
            time.sleep(self._delay)


def _check_ids(key: str, cart_id: str) -> None:
    if not is_key(key) or not is_cart_id(cart_id):
        raise FixInput(f"{key!r} is not an idempotency key, or {cart_id!r} not a cart's id")


def _check_same(payment: Payment, attempt: Attempt, card: Card) -> None:
    """FixInput when the key was used for something else; a cancelled key is refused for all."""
    known = (payment.cart, payment.amount, payment.brand, payment.last4)
    asked = (attempt.cart, attempt.amount, card.brand, card.last4)
    if payment.cart != attempt.cart or (payment.status != "cancelled" and known != asked):
        raise FixInput("the idempotency key was used for another amount, cart or card")


def _new_id() -> str:
    return f"pay_{os.urandom(12).hex()}"
