"""The payment processor: charges an attempt at most once, and tells what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from cartcli.errors import RestoreData, UseAnotherCard
from cartcli.model.money import Money

if TYPE_CHECKING:
    from cartcli.model.order import Attempt, Waiting
    from cartcli.model.quote import Quote
    from cartcli.payment.source import Source

Status = Literal["charged", "declined", "cancelled"]


class Payment(NamedTuple):
    """The final answer for an attempt's key.

    `id` is the processor's own, `cart` the id of the cart that is paid, `reference` the attempt's.
    `amount` is what was charged or declined; a cancelled payment moved nothing and never will, so
    its amount is None. `reason` says why it was declined. `quote` is the one of the attempt, where
    the processor keeps it.
    """

    key: str
    id: str
    cart: str
    reference: str
    status: Status
    amount: Money | None
    brand: str
    last4: str
    created: datetime
    reason: str = ""
    quote: Quote | None = None


class Capture(NamedTuple):
    """A payment that charged, and the name of the processor that has it on record."""

    processor: str
    payment: Payment


class Refused(UseAnotherCard):
    """The processor refused the request itself, and said so: a token that is none, an amount it
    does not take. Nothing was charged by it."""


class PaymentProcessor(Protocol):
    """Charges attempts. Any exception but Refused means that the outcome is not known: money may
    have moved. Whatever it answers is checked by `answers.check`.

    `name` stands in the attempts it is to charge, and is never that of another one: settling goes
    by it. A processor that `prepares` charges only under a reference that was made before, and is
    durable by then; another one takes the attempt's key as the reference, given with the mark.
    """

    name: str
    prepares: bool

    def accepts(self, source: Source, amount: Money) -> None:
        """FixInput when it does not take such means, or such an amount. Asks nobody, and is asked
        before anything is marked."""

    def prepare(self, attempt: Attempt, source: Source) -> str:
        """A reference for the attempt, under which nothing can be charged yet; never "". Made
        again, it may be another one. Only of a processor that `prepares`."""

    def charge(self, attempt: Attempt, source: Source) -> Payment | Waiting:
        """Charge `attempt.amount` under its key and reference, or answer what was answered before.

        A declined payment is final: no later call of anybody charges under this key. A cart whose
        capture under an earlier key is on record may be answered with that. FixInput when the key
        is known with another amount or source; the answer for one cart is never another cart's.
        """

    def look(self, attempt: Attempt) -> Payment | Waiting:
        """What has become of it. Ends nothing: Waiting may also mean that nothing was begun, and
        does not prove that nobody will be charged."""

    def cancel(self, attempt: Attempt) -> Payment | Waiting:
        """The answer on record; else the attempt is cancelled for good, so that a charge that
        arrives late is refused. Waiting when it can be neither told nor cancelled yet."""

    def captured(self, cart: str) -> Payment | None:
        """The capture of the cart with this id, as far as it is on record here; nobody elsewhere is
        asked. None when there is none, or when only others would know."""

    def payments(self, since: datetime | None = None) -> Iterator[Payment | RestoreData]:
        """Every final answer on record, or those created `since` then (UTC); in place of one that
        is damaged, the error that names it."""


class Processors:
    """Who charges: `today` is whom new attempts go to, `others` are known as well, so that what was
    begun with them can be settled. ValueError for a name that another one has."""

    def __init__(self, today: PaymentProcessor, *others: PaymentProcessor) -> None:
        self.today = today
        known = (today, *others)
        self._by_name = {processor.name: processor for processor in known}
        if len(self._by_name) < len(known) or not {"", FREE}.isdisjoint(self._by_name):
            names = ", ".join(repr(processor.name) for processor in known)
            raise ValueError(f"payment processors need names of their own, not {names}")

    @property
    def free(self) -> PaymentProcessor:
        """Who charges what comes to nothing."""
        from cartcli.payment.free import FreeProcessor  # hardly any cart does

        return FreeProcessor()

    def named(self, name: str) -> PaymentProcessor | None:
        """The processor of this name, if it is known here."""
        return self.free if name == FREE else self._by_name.get(name)

    def captured(self, cart: str) -> Capture | None:
        """What charged the cart with this id, as far as it is on record here."""
        for processor in self.known():
            if payment := processor.captured(cart):
                return Capture(processor.name, payment)
        return None

    def known(self) -> list[PaymentProcessor]:
        """All of them."""
        return [*self._by_name.values()]


FREE = "none"  # who charges nothing
EMBEDDED = "embedded"


def open_embedded(
    store: str, lock_wait: float, delay: float, clock: Callable[[], datetime]
) -> PaymentProcessor:
    """The embedded processor with its records in the folder `store`. It keeps each answer back
    for `delay` seconds."""
    from cartcli.payment.local.file_ledger import FileLedger
    from cartcli.payment.local.processor import LocalPaymentProcessor

    return LocalPaymentProcessor(FileLedger(store, lock_wait), delay, clock)
