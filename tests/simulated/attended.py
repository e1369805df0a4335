"""A client with a customer who has always acted by the time that somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from cartcli.model.order import Attempt, Waiting
from cartcli.payment import Payment
from cartcli.payment.source import Token
from tests.simulated.client import SimulatedProcessor
from tests.simulated.desk import Desk, address

TOKENS: Final = {
    "good": Token("tok_good"),
    "declined": Token("tok_declined"),
    "waiting": Token("tok_waiting"),
    "lost": Token("tok_lost"),
}


class Attended(SimulatedProcessor):
    """The account of the ledger beside the folder `store`."""

    def __init__(self, store: Path, clock: Callable[[], datetime]) -> None:
        ledger = store.with_name("ledger.json")
        super().__init__(address(), str(ledger), clock=clock)
        self._desk = Desk(address(), ledger, clock)

    def look(self, attempt: Attempt) -> Payment | Waiting:
        with suppress(AssertionError):  # nothing waits for them
            self._desk.bank("approve", attempt.reference)
        return super().look(attempt)
