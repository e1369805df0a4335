"""The counter at which carts are checked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartcli import Cart
from cartcli.errors import CheckOutAgain
from tests.helpers import Clock
from tests.unit.controller.counter import Counter, lost


@pytest.fixture
def counter(tmp_path: Path, clock: Clock) -> Counter:
    return Counter(tmp_path, clock)


@pytest.fixture
def waiting(counter: Counter) -> Cart:
    """A cart that waits for the outcome of its payment: the answer was lost."""
    cart = counter.cart()
    counter.processor.change = lost
    with pytest.raises(CheckOutAgain):
        counter.buy(cart)
    counter.processor.change = lambda payment: payment
    return counter.found(cart)
