"""The payment processor: moves the money, at most once a key and at most once an order."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from cartcli.errors import RestoreData
from cartcli.model import Attempt, Money

if TYPE_CHECKING:
    from cartcli.payment.card import Card


class Payment(NamedTuple):
    """The final answer for an idempotency key.

    `id` is the processor's own, `order` the cart's id, `reason` why it was declined. A cancelled
    payment moved nothing and never will: its amount is zero, in no currency ("XXX").
    """

    key: str
    id: str
    order: str
    status: Literal["charged", "declined", "cancelled"]
    amount: Money
    brand: str
    last4: str
    created: datetime
    reason: str = ""


class PaymentProcessor(Protocol):
    """Charges cards. Any exception means that the outcome is not known: money may have moved."""

    def charge(self, attempt: Attempt, card: "Card") -> Payment:
        """Charge `attempt.amount` under `attempt.key`, or answer what was answered before.

        A known key gets its recorded answer, an order that is captured gets that capture. FixInput
        when the key is known with another amount, order or card.
        """

    def cancel(self, key: str, order: str) -> Payment:
        """The recorded answer for `key`, else the capture of `order`; else the key is cancelled
        for good, so that a charge that arrives late is refused."""

    def payments(self) -> Iterator[Payment | RestoreData]:
        """Every answer on record; in place of one that is damaged, the error that names it."""


def open_payment(
    store: str, lock_wait: float, delay: float, clock: Callable[[], datetime]
) -> PaymentProcessor:
    """The embedded processor with its records in the folder `store`. It keeps each answer back
    for `delay` seconds."""
    from cartcli.payment.local import LocalPaymentProcessor

    return LocalPaymentProcessor(store, lock_wait, delay, clock)
