"""The embedded payment processor: no money moves, but all else is as a real one's.

    payments/<2 hex>/<key>.json     the final answer for a key; created whole, once, never changed
    orders/<2 hex>/<order>          the key under which the order was last about to be captured
    orders/<2 hex>/lock             LEDGER, one of 256

An order points to its key before the key's record says "charged", so a capture is always found
from its order. A pointer to a key without a capture means nothing.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cartcli import files
from cartcli.errors import CheckOutAgain, FixInput, RestoreData
from cartcli.model import Attempt, Money, parse_time, rfc3339
from cartcli.payment import Payment

if TYPE_CHECKING:
    from cartcli.payment.card import Card

_KEY: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_ORDER: Final = re.compile(r"[0-9a-f]{2}[0-9a-f-]{0,62}", re.ASCII)
_LAST4: Final = re.compile(r"([0-9]{4})?", re.ASCII)
_STATUSES: Final = ("charged", "declined", "cancelled")

# The industry's usual test numbers, as in Stripe's documentation ("Test card numbers").
_DECLINES: Final = {
    "4000000000000002": "the card was declined",
    "4000000000009995": "insufficient funds",
    "4000000000000069": "the card has expired",
    "4000000000000127": "the security code is wrong",
    "4000000000000119": "the card could not be processed",
}
_LOSES_ANSWER: Final = "4000000000000341"


class LocalPaymentProcessor:
    """Keeps its records in the folder `store`, and each answer back for `delay` seconds."""

    def __init__(
        self, store: str, lock_wait: float, delay: float, clock: Callable[[], datetime]
    ) -> None:
        self._payments = os.path.join(store, "payments")
        self._orders = os.path.join(store, "orders")
        self._lock_wait = lock_wait
        self._delay = delay
        self._clock = clock

    def charge(self, attempt: Attempt, card: Card) -> Payment:
        with self._ledger(attempt.key, attempt.order):
            payment = self._known(attempt.key, attempt.order)
            if payment is None:
                payment = self._decide(attempt, card)
            elif payment.key == attempt.key:
                _check_same(payment, attempt, card)
        self._keep_back()
        if card.number == _LOSES_ANSWER:
            raise CheckOutAgain("the payment processor's answer was lost")
        return payment

    def cancel(self, key: str, order: str) -> Payment:
        with self._ledger(key, order):
            payment = self._known(key, order)
            if payment is None:
                nothing = Money(0, "XXX")
                payment = Payment(
                    key, _new_id(), order, "cancelled", nothing, "", "", self._clock()
                )
                self._record(payment)
        self._keep_back()
        return payment

    def payments(self) -> Iterator[Payment | RestoreData]:
        for folder in _listed(self._payments):
            for name in _listed(os.path.join(self._payments, folder)):
                key = name.removesuffix(".json")
                if _KEY.fullmatch(key):
                    yield self._checked(key)

    def _checked(self, key: str) -> Payment | RestoreData:
        """The record of `key`, if a capture's is also found from its order."""
        path = self._payment_file(key)
        try:
            payment = self._recorded(key)
            if payment is None:
                return files.damaged(path, "it is in the wrong folder")
            if payment.status == "charged" and not self._capture_of(payment.order):
                return files.damaged(path, "its order does not point to any capture")
        except RestoreData as error:
            return error
        return payment

    def _decide(self, attempt: Attempt, card: Card) -> Payment:
        reason = _DECLINES.get(card.number, "")
        payment = Payment(
            attempt.key,
            _new_id(),
            attempt.order,
            "declined" if reason else "charged",
            attempt.amount,
            card.brand,
            card.last4,
            self._clock(),
            reason,
        )
        if payment.status == "charged":
            pointer = files.seal({"order": payment.order, "key": payment.key})
            files.replace(self._order_file(payment.order), pointer)
        self._record(payment)
        return payment

    def _known(self, key: str, order: str) -> Payment | None:
        """What is recorded for the key, or else the capture of its order. Whoever wrote it may
        have been killed before its name was durable, so that is done again."""
        payment = self._recorded(key) or self._capture_of(order)
        if payment is not None:
            files.sync_folder(os.path.dirname(self._payment_file(payment.key)))
        return payment

    def _keep_back(self) -> None:
        if self._delay:  # even a sleep of zero seconds gives the processor away
            time.sleep(self._delay)

    @contextmanager
    def _ledger(self, key: str, order: str) -> Iterator[None]:
        """Hold LEDGER of the order, with the folders of the order and of the key made."""
        if not _KEY.fullmatch(key) or not _ORDER.fullmatch(order):
            raise FixInput(f"{key!r} is not an idempotency key, or {order!r} not an order's id")
        files.make_folder(os.path.dirname(self._payment_file(key)))
        with files.locked(f"{self._orders}/{order[:2]}/lock", self._lock_wait):
            yield

    def _capture_of(self, order: str) -> Payment | None:
        path = self._order_file(order)
        try:
            pointer = files.unseal(path, files.read(path))
        except FileNotFoundError:
            return None
        key = files.text_of(path, pointer, "key")
        if pointer.get("order") != order or not _KEY.fullmatch(key):
            raise files.damaged(path, "it does not point from this order to a payment")
        payment = self._recorded(key)
        if payment and payment.order != order:
            raise files.damaged(path, "it points to the payment of another order")
        return payment if payment and payment.status == "charged" else None

    def _recorded(self, key: str) -> Payment | None:
        path = self._payment_file(key)
        try:
            data = files.read(path)
        except FileNotFoundError:
            return None
        payment = payment_of(path, files.unseal(path, data))
        if payment.key != key:
            raise files.damaged(path, "it is the record of another key")
        return payment

    def _record(self, payment: Payment) -> None:
        files.create(self._payment_file(payment.key), files.seal(_record_of(payment)))

    def _payment_file(self, key: str) -> str:
        return f"{self._payments}/{key[:2]}/{key}.json"

    def _order_file(self, order: str) -> str:
        return f"{self._orders}/{order[:2]}/{order}"


def _listed(folder: str) -> list[str]:
    """The names in `folder` in order; none when it is not there."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _record_of(payment: Payment) -> dict[str, Any]:
    return {
        **payment._asdict(),
        "amount": payment.amount.decimal,
        "currency": payment.amount.currency,
        "created": rfc3339(payment.created),
    }


def payment_of(path: str, record: dict[str, Any]) -> Payment:
    """The payment in the `record` of the file `path`; RestoreData when it is none."""
    fields: dict[str, Any] = {field: files.text_of(path, record, field) for field in record}
    try:
        fields["amount"] = Money(fields["amount"], fields.pop("currency"))
        fields["created"] = parse_time(fields["created"])
        payment = Payment(**fields)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise files.damaged(path, f"it is not a payment: {error}") from None
    shapes = ((_KEY, payment.key), (_ORDER, payment.order), (_LAST4, payment.last4))
    if payment.status not in _STATUSES or not all(form.fullmatch(text) for form, text in shapes):
        raise files.damaged(path, "it is not a payment")
    return payment


def _check_same(payment: Payment, attempt: Attempt, card: Card) -> None:
    """FixInput when the key was used for something else; a cancelled key is refused for all."""
    known = (payment.order, payment.amount, payment.brand, payment.last4)
    asked = (attempt.order, attempt.amount, card.brand, card.last4)
    if payment.order != attempt.order or (payment.status != "cancelled" and known != asked):
        raise FixInput("the idempotency key was used for another amount, order or card")


def _new_id() -> str:
    return f"pay_{os.urandom(12).hex()}"
