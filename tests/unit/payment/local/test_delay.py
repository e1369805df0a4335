"""Answers that are kept back for a while: they are on record by then, and nobody else waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli import Cart
from cartcli.model.order import Attempt
from cartcli.payment import Payment, PaymentProcessor, open_embedded
from cartcli.payment.card import Card
from tests.helpers import CARD, Clock, attempt_for, line

CART: Final = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"
Call = Callable[[PaymentProcessor, Attempt], object]
CALLS: Final[dict[str, Call]] = {
    "charge": lambda processor, attempt: processor.charge(attempt, Card(CARD)),
    "cancel": lambda processor, attempt: processor.cancel(attempt),
    "look": lambda processor, attempt: processor.look(attempt),
}


@pytest.fixture
def attempt(clock: Clock) -> Attempt:
    return attempt_for(Cart(CART, "alice", "open", (line("MUG", 2),), "USD", clock.now, clock.now))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_answer_is_on_record_before_it_is_kept_back(
    store: Path, clock: Clock, attempt: Attempt, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    seen: list[object] = []

    def meanwhile(seconds: float) -> None:
        assert seconds == 0.25
        monkeypatch.undo()
        seen.append(open_embedded(str(store), 0.02, 0, clock).cancel(attempt))

    slow = open_embedded(str(store), 0.02, 0.25, clock)
    if call is CALLS["look"]:
        open_embedded(str(store), 0.02, 0, clock).charge(attempt, Card(CARD))
    monkeypatch.setattr(time, "sleep", meanwhile)
    assert [call(slow, attempt)] == seen
    assert isinstance(seen[0], Payment)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_without_a_delay_nobody_sleeps(
    store: Path, clock: Clock, attempt: Attempt, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it slept"))
    call(open_embedded(str(store), 0.02, 0, clock), attempt)
