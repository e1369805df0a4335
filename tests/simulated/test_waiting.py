"""Payments that wait: for the customer at their bank or on a page, and for the bank."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cartcli.model.order import Attempt, Waiting
from cartcli.payment import Payment
from cartcli.payment.source import HostedPage, Token
from tests.helpers import Clock
from tests.simulated.client import SimulatedProcessor
from tests.simulated.conftest import prepared, state
from tests.simulated.desk import Desk

PAGE = HostedPage()


@pytest.mark.parametrize(("verb", "status"), [("approve", "charged"), ("deny", "declined")])
def test_the_bank_asks_the_customer(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt, verb: str, status: str
) -> None:
    asked = prepared(processor, attempt)
    waiting = processor.charge(asked, Token("tok_waiting"))
    assert isinstance(waiting, Waiting)
    assert waiting.url.endswith(f"/3ds/{asked.reference}")
    assert processor.look(asked) == processor.look(asked) == waiting
    desk.bank(verb, asked.reference)
    payment = processor.look(asked)
    assert isinstance(payment, Payment)
    assert payment.status == status
    assert state(desk, asked) in ("succeeded", "cancelled")
    assert processor.look(asked) == processor.cancel(asked) == payment
    assert processor.charge(asked, Token("tok_waiting")) == payment  # though its key is known


def test_whoever_does_not_come_back_from_the_bank_is_cancelled(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    asked = prepared(processor, attempt)
    processor.charge(asked, Token("tok_waiting"))
    payment = processor.cancel(asked)
    assert isinstance(payment, Payment)
    assert payment.status == "cancelled"
    with pytest.raises(AssertionError, match="unexpected_state"):
        desk.bank("approve", asked.reference)


@pytest.mark.parametrize(("verb", "status"), [("finish", "charged"), ("fail", "declined")])
def test_what_the_bank_processes_cannot_be_cancelled(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt, verb: str, status: str
) -> None:
    asked = prepared(processor, attempt)
    waiting = processor.charge(asked, Token("tok_processing"))
    assert waiting == Waiting("the bank is still processing it")
    assert processor.cancel(asked) == processor.look(asked) == waiting
    desk.bank(verb, asked.reference)
    payment = processor.look(asked)
    assert isinstance(payment, Payment)
    assert payment.status == status


def test_a_page_waits_for_the_customer(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt, clock: Clock
) -> None:
    asked = prepared(processor, attempt, PAGE)
    waiting = processor.charge(asked, PAGE)
    assert isinstance(waiting, Waiting)
    assert waiting.url.endswith(f"/pay/{asked.reference}")
    assert waiting.until == clock.now + timedelta(minutes=30)
    desk.pay(asked.reference, "tok_declined")
    assert processor.look(asked) == waiting
    desk.pay(asked.reference)
    payment = processor.look(asked)
    assert isinstance(payment, Payment)
    assert (payment.status, payment.reference) == ("charged", asked.reference)
    assert processor.cancel(asked) == processor.charge(asked, PAGE) == payment
    assert [*processor.payments()] == [payment]


def test_a_page_that_is_cancelled_cannot_be_paid(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    asked = prepared(processor, attempt, PAGE)
    payment = processor.cancel(asked)
    assert isinstance(payment, Payment)
    assert payment.status == "cancelled"
    with pytest.raises(AssertionError, match="unexpected_state"):
        desk.pay(asked.reference)
    assert processor.look(asked) == processor.cancel(asked) == payment


def test_a_page_ends_by_itself(
    processor: SimulatedProcessor, attempt: Attempt, clock: Clock
) -> None:
    asked = prepared(processor, attempt, PAGE)
    clock.move(seconds=31 * 60)
    payment = processor.look(asked)
    assert isinstance(payment, Payment)
    assert payment.status == "cancelled"
    assert processor.cancel(asked) == payment
