"""One ledger a test, of the one simulated processor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cartcli.model.ids import new_cart_id, new_key
from cartcli.model.money import Money
from cartcli.model.order import Attempt
from cartcli.model.quote import Quote
from tests.helpers import Clock, line
from tests.simulated.client import SimulatedProcessor
from tests.simulated.desk import Desk, address

Attempts = Callable[..., Attempt]


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
