"""One ledger a test, of the one simulated processor."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartcli.model.ids import new_cart_id, new_key
from cartcli.model.money import Money
from cartcli.model.order import Attempt
from cartcli.model.quote import Quote
from cartcli.payment.source import Source, Token
from tests.helpers import Clock, line
from tests.simulated.client import SimulatedProcessor
from tests.simulated.desk import Desk, address

_GOOD = Token("tok_good")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The file of a processor that nobody has asked yet."""
    return tmp_path / "ledger.json"


@pytest.fixture
def desk(ledger: Path, clock: Clock) -> Desk:
    """The weather, the customer and the bank."""
    return Desk(address(), ledger, clock)


@pytest.fixture
def processor(ledger: Path, clock: Clock) -> SimulatedProcessor:
    """The client."""
    return SimulatedProcessor(address(), str(ledger), clock=clock)


@pytest.fixture
def attempt(processor: SimulatedProcessor, clock: Clock) -> Attempt:
    """An attempt to pay 17.80 USD for a cart, with no reference yet."""
    quote = Quote.of([line("MUG", 2)], "USD")
    assert quote.total == Money("17.80", "USD")
    return Attempt(
        new_key(), new_cart_id(), quote, quote.total, processor.name, "", "", "", clock()
    )


def prepared(processor: SimulatedProcessor, attempt: Attempt, source: Source = _GOOD) -> Attempt:
    """The attempt with its reference."""
    return attempt._replace(reference=processor.prepare(attempt, source))


def state(desk: Desk, attempt: Attempt) -> str:
    """In which state its intent, or page, is."""
    books = desk.books
    return str((books["intents"] | books["pages"])[attempt.reference]["status"])
