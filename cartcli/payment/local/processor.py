"""The rules of the embedded payment processor, on whatever ledger keeps its answers.

    charge --> charged | declined | waiting        waiting --look--> charged
    cancel --> cancelled                           waiting --cancel--> cancelled

All but waiting is final for its key, and a cart that is charged is never charged again. Each rule
decides by the answers that are known, and is decided anew when another one has come between.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from cartcli.errors import CheckOutAgain, FixInput, RestoreData
from cartcli.model.ids import is_cart_id, is_key
from cartcli.model.order import Waiting
from cartcli.payment import EMBEDDED, Payment
from cartcli.payment.card import Card
from cartcli.payment.local.ledger import Answer, Answers, Kept, Ledger

if TYPE_CHECKING:
    from cartcli.model.money import Money
    from cartcli.model.order import Attempt
    from cartcli.payment.source import Source

# The industry's usual test numbers, as in Stripe's documentation ("Test card numbers").
_DECLINES: Final = {
    "4000000000000002": "the card was declined",
    "4000000000009995": "insufficient funds",
    "4000000000000069": "the card has expired",
    "4000000000000127": "the security code is wrong",
    "4000000000000119": "the card could not be processed",
}
_WAITS: Final = "4000002500003155"
_LOSES_ANSWER: Final = "4000000000000341"

_NOTHING_BEGUN: Final = Waiting("nothing was begun")
Decide = Callable[[Answer | None], Answer | None]


class LocalPaymentProcessor:
    """Answers from `ledger`, and keeps each answer back for `delay` seconds."""

    name = EMBEDDED
    prepares = False

    def __init__(self, ledger: Ledger, delay: float, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._delay = delay
        self._clock = clock

    def accepts(self, source: Source, amount: Money) -> None:
        _card(source)

    def prepare(self, attempt: Attempt, source: Source) -> str:
        return attempt.key

    def charge(self, attempt: Attempt, source: Source) -> Payment | Waiting:
        card = _card(source)

        def decide(known: Answer | None) -> Answer | None:
            if known is None:
                _check_quote(attempt)
                return self._decided(attempt, card)
            if known.key == attempt.key:
                _check_same(known, attempt, card)
            return None

        answer = self._answer(attempt, decide)
        if card.number == _LOSES_ANSWER:  # after the record: money has moved
            raise CheckOutAgain("the payment processor's answer was lost")
        return answer

    def look(self, attempt: Attempt) -> Payment | Waiting:
        """As the contract has it. The customer has always done their part by then."""

        def decide(known: Answer | None) -> Answer | None:
            if known is None or known.status != "waiting":
                return None
            return known._replace(status="charged", reason="", created=self._clock())

        return self._answer(attempt, decide)

    def cancel(self, attempt: Attempt) -> Payment | Waiting:
        def decide(known: Answer | None) -> Answer | None:
            if known is None:
                return self._new(attempt, "cancelled")
            if known.status != "waiting":
                return None
            return known._replace(
                status="cancelled", amount=None, reason="", quote=None, created=self._clock()
            )

        return self._answer(attempt, decide)

    def captured(self, cart: str) -> Payment | None:
        capture = _capture(self._ledger.answers(cart)) if is_cart_id(cart) else None
        return capture.final if capture else None

    def payments(self, since: datetime | None = None) -> Iterator[Payment | RestoreData]:
        for answers in self._ledger.everything():
            if isinstance(answers, RestoreData):
                yield answers
                continue
            for answer in answers:
                if (payment := answer.final) and (since is None or payment.created >= since):
                    yield payment

    def _answer(self, attempt: Attempt, decide: Decide) -> Payment | Waiting:
        """What counts for the attempt: what is `known`, or what `decide` makes of it."""
        _check_attempt(attempt)
        while True:  # each turn means that somebody else was answered about this cart
            answers = self._ledger.answers(attempt.cart)
            known = _known(answers, attempt.key)
            new = decide(known)
            if new is None or self._ledger.add(new, answers):
                break
        if self._delay:  # even a sleep of zero seconds gives the processor away
            time.sleep(self._delay)
        told = new or known
        return (told.final or Waiting(told.reason)) if told else _NOTHING_BEGUN

    def _decided(self, attempt: Attempt, card: Card) -> Answer:
        """The answer to a new key: what the number of the card stands for."""
        answer = self._new(attempt, "charged")._replace(
            amount=attempt.amount, brand=card.brand, last4=card.last4
        )
        if card.number in _DECLINES:
            return answer._replace(status="declined", reason=_DECLINES[card.number])
        answer = answer._replace(quote=attempt.quote)
        if card.number == _WAITS:
            return answer._replace(status="waiting", reason="the bank asks the customer")
        return answer

    def _new(self, attempt: Attempt, status: Kept) -> Answer:
        return Answer(
            attempt.key,
            f"pay_{os.urandom(12).hex()}",
            attempt.cart,
            attempt.reference,
            status,
            amount=None,
            brand="",
            last4="",
            created=self._clock(),
            reason="",
            quote=None,
        )


def _known(answers: Answers, key: str) -> Answer | None:
    """How `key` has ended, else the cart's capture, else what the key waits for."""
    own = next((answer for answer in reversed(answers) if answer.key == key), None)
    if own and own.status != "waiting":
        return own
    return _capture(answers) or own


def _capture(answers: Answers) -> Answer | None:
    """The answer that charged the cart."""
    return next((answer for answer in answers if answer.status == "charged"), None)


def _card(source: Source) -> Card:
    if not isinstance(source, Card):
        raise FixInput("the embedded processor takes cards only", "This call charged nothing.")
    return source


def _check_attempt(attempt: Attempt) -> None:
    """FixInput unless this processor can tell anything of the attempt."""
    if not is_key(attempt.key) or not is_cart_id(attempt.cart):
        wrong = f"{attempt.key!r} is not an idempotency key, or {attempt.cart!r} not a cart's id"
    elif (attempt.processor, attempt.reference) != (EMBEDDED, attempt.key):
        wrong = (
            f"{attempt.reference!r} of {attempt.processor!r} is none of the embedded processor's"
        )
    else:
        return
    raise FixInput(wrong, "This call charged nothing.")


def _check_quote(attempt: Attempt) -> None:
    """FixInput unless the amount is what the quote comes to, and all of that can be charged."""
    quote = attempt.quote
    if quote.unsold or not quote.comes_to(attempt.amount):
        raise FixInput(
            f"{attempt.amount} is not what the quote comes to", "This call charged nothing."
        )


def _check_same(known: Answer, attempt: Attempt, card: Card) -> None:
    """FixInput when the key was used for something else; a cancelled key is refused for all."""
    was = (known.amount, known.brand, known.last4)
    if known.status != "cancelled" and was != (attempt.amount, card.brand, card.last4):
        raise FixInput(
            "the idempotency key was used for another amount or card", "This call charged nothing."
        )
