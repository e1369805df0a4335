"""The payment processor: moves the money, at most once a key and at most once a cart."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from cartcli.errors import RestoreData
from cartcli.model.money import Money
from cartcli.model.order import Attempt

if TYPE_CHECKING:
    from cartcli.payment.card import Card


Status = Literal["charged", "declined", "cancelled"]


class Payment(NamedTuple):
    """The final answer for an idempotency key.

    `id` is the processor's own, `cart` the id of the cart that is paid, `reason` why it was
    declined. A cancelled payment moved nothing and never will: its amount is zero, in no currency
    ("XXX").
    """

    key: str
    id: str
    cart: str
    status: Status
    amount: Money
    brand: str
    last4: str
    created: datetime
    reason: str = ""


class PaymentProcessor(Protocol):
    """Charges cards. Any exception means that the outcome is not known: money may have moved."""

    def charge(self, attempt: Attempt, card: "Card") -> Payment:
        """Charge `attempt.amount` under `attempt.key`, or answer what was answered before.

        A known key gets its recorded answer, a cart that is captured gets that capture. FixInput
        when the key is known with another amount, cart or card.
        """

    def cancel(self, key: str, cart_id: str) -> Payment:
        """The recorded answer for `key`, else the capture of the cart; else the key is cancelled
        for good, so that a charge that arrives late is refused."""

    def payments(self) -> Iterator[Payment | RestoreData]:
        """Every answer on record; in place of one that is damaged, the error that names it."""


def open_payment(
    store: str, lock_wait: float, delay: float, clock: Callable[[], datetime]
) -> PaymentProcessor:
    """The embedded processor with its records in the folder `store`. It keeps each answer back
    for `delay` seconds."""
    from cartcli.payment.local.file_ledger import FileLedger
    from cartcli.payment.local.processor import LocalPaymentProcessor

    return LocalPaymentProcessor(FileLedger(store, lock_wait), delay, clock)
