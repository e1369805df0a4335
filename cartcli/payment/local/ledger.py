"""What the embedded processor keeps, and what its rules need of whoever keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from cartcli.errors import RestoreData
from cartcli.payment import Payment, Status

if TYPE_CHECKING:
    from cartcli.model.money import Money
    from cartcli.model.quote import Quote

Kept = Status | Literal["waiting"]


class Answer(NamedTuple):
    """An answer as it is kept: final, or `waiting` for the customer, with whose turn it is as its
    `reason`. All else is as in `Payment`. The quote is kept of what was charged, or may be."""

    key: str
    id: str
    cart: str
    reference: str
    status: Kept
    amount: Money | None
    brand: str
    last4: str
    created: datetime
    reason: str
    quote: Quote | None

    @property
    def final(self) -> Payment | None:
        """The payment, once it has ended."""
        if self.status == "waiting":
            return None
        return Payment(
            self.key,
            self.id,
            self.cart,
            self.reference,
            self.status,
            self.amount,
            self.brand,
            self.last4,
            self.created,
            self.reason,
            self.quote,
        )


Answers = tuple[Answer, ...]


class Ledger(Protocol):
    """Keeps each cart's answers for ever, in the order in which they were given. Of one key the
    last counts, and a final one is the last. RestoreData for what cannot be believed."""

    def answers(self, cart: str) -> Answers:
        """All that were given for this cart; durable when they are told."""

    def add(self, answer: Answer, after: Answers) -> bool:
        """Keep one more for its cart, durably, if those `after` which it comes are still all there
        are; else keep nothing, and False.

        Refused when it would take more room than there is.
        """

    def everything(self) -> Iterator[Answers | RestoreData]:
        """The answers of each cart; in place of those that are damaged, the error that names
        them."""
