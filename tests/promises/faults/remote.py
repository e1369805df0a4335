"""A shop whose payments are taken by a remote processor: the simulated one, in a process of its
own, whose memory lies beside the store, so that pictures show both."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cartcli.model.money import Money
from cartcli.model.order import Attempt, Waiting
from cartcli.payment import Payment
from cartcli.payment.card import Card
from cartcli.payment.source import Source, Token
from tests.promises.faults.scene import ADDRESS, DECLINED, GOOD, LOST, WAITING
from tests.simulated.client import SimulatedProcessor
from tests.simulated.desk import Desk

_TOKENS: Final = {
    GOOD: "tok_good",
    DECLINED: "tok_declined",
    LOST: "tok_lost",
    WAITING: "tok_waiting",
}


def ledger_of(store: str) -> Path:
    """The processor's memory of the payments of this store."""
    return Path(store).with_name("processor.json")


class CardTerminal(SimulatedProcessor):
    """Turns the test cards into tokens. Where it asks the processor, and where the answer has come,
    a file beside the store is opened: a point that a fault can meet. Its customers have acted by
    the time that somebody looks."""

    def __init__(self, store: str) -> None:
        address, ledger = os.environ[ADDRESS], ledger_of(store)
        super().__init__(address, str(ledger))
        self._desk = Desk(address, ledger, lambda: datetime.now(UTC))
        self._wire = str(ledger.with_name("wire"))

    def accepts(self, source: Source, amount: Money) -> None:
        super().accepts(_token(source), amount)

    def prepare(self, attempt: Attempt, source: Source) -> str:
        return super().prepare(attempt, _token(source))

    def charge(self, attempt: Attempt, source: Source) -> Payment | Waiting:
        return super().charge(attempt, _token(source))

    def look(self, attempt: Attempt) -> Payment | Waiting:
        with suppress(AssertionError):  # nothing waits for them
            self._desk.bank("approve", attempt.reference)
        return super().look(attempt)

    def _ask(self, *args: Any) -> Any:
        self._point()
        said = super()._ask(*args)
        self._point()
        return said

    def _point(self) -> None:
        os.close(os.open(self._wire, os.O_RDONLY | os.O_CREAT, 0o600))


def _token(source: Source) -> Source:
    return Token(_TOKENS[source.number]) if isinstance(source, Card) else source
