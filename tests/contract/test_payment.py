"""What every payment processor promises, tried with the industry's usual test cards."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cartcli import Cart, Money
from cartcli.errors import CheckOutAgain, FixInput
from cartcli.model.order import Attempt
from cartcli.model.times import utc_now
from cartcli.payment import Payment, PaymentProcessor
from cartcli.payment.card import Card
from tests.contract.conftest import OpenPayment
from tests.helpers import (
    CARD,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    Clock,
    at_once,
    attempt_for,
    line,
)

ORDER = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"
OTHER_ORDER = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f3"


def attempt(
    card: str = CARD, *, key: str = "", order: str = ORDER, amount: str = "17.80"
) -> Attempt:
    """An attempt to pay an order, under a new key unless one is given."""
    now = utc_now()
    cart = Cart(order, "alice", "open", (line("MUG", 2),), "USD", now, now)
    return attempt_for(cart, card, key=key, amount=amount)


def on_record(processor: PaymentProcessor) -> set[Payment]:
    """All answers; a damaged one fails the test."""
    answers = [*processor.payments()]
    assert all(isinstance(answer, Payment) for answer in answers), answers
    return {answer for answer in answers if isinstance(answer, Payment)}


def test_a_charge_is_answered_and_recorded(
    processor: PaymentProcessor, open_processor: OpenPayment, clock: Clock
) -> None:
    asked = attempt()
    payment = processor.charge(asked, Card(CARD))
    assert payment == Payment(
        asked.key,
        payment.id,
        ORDER,
        "charged",
        Money("17.80", "USD"),
        "visa",
        "4242",
        clock.now,
    )
    assert payment.id
    assert on_record(open_processor()) == {payment}


def test_a_processor_that_nobody_paid_has_no_records(processor: PaymentProcessor) -> None:
    assert on_record(processor) == set()


@pytest.mark.parametrize("card", [CARD, DECLINED_CARD])
def test_a_known_key_gets_its_answer_again(
    processor: PaymentProcessor, open_processor: OpenPayment, clock: Clock, card: str
) -> None:
    asked = attempt(card)
    payment = processor.charge(asked, Card(card))
    clock.move(days=400)
    assert open_processor().charge(asked, Card(card)) == payment
    assert processor.cancel(asked.key, ORDER) == payment
    assert on_record(processor) == {payment}


@pytest.mark.parametrize("card", [CARD, DECLINED_CARD])
@pytest.mark.parametrize(
    ("change", "other_card"),
    [
        (lambda a: a._replace(amount=Money("17.81", "USD")), None),
        (lambda a: a._replace(amount=Money("17.80", "EUR")), None),
        (lambda a: a._replace(cart=OTHER_ORDER), None),
        (lambda a: a, "5555555555554444"),
    ],
    ids=["amount", "currency", "order", "card"],
)
def test_a_known_key_is_refused_for_anything_else(
    processor: PaymentProcessor,
    card: str,
    change: Callable[[Attempt], Attempt],
    other_card: str | None,
) -> None:
    asked = attempt(card)
    payment = processor.charge(asked, Card(card))
    with pytest.raises(FixInput):
        processor.charge(change(asked), Card(other_card or card))
    assert on_record(processor) == {payment}


def test_a_captured_order_answers_with_its_capture(processor: PaymentProcessor) -> None:
    payment = processor.charge(attempt(), Card(CARD))
    later = attempt(amount="99")
    assert processor.charge(later, Card(CARD)) == payment
    assert processor.cancel(attempt().key, ORDER) == payment
    assert on_record(processor) == {payment}


def test_a_declined_order_can_be_tried_again(processor: PaymentProcessor) -> None:
    declined = processor.charge(attempt(DECLINED_CARD), Card(DECLINED_CARD))
    charged = processor.charge(attempt(), Card(CARD))
    assert (declined.status, charged.status) == ("declined", "charged")
    assert on_record(processor) == {declined, charged}


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4000000000000002", "declined"),
        ("4000000000009995", "insufficient funds"),
        ("4000000000000069", "expired"),
        ("4000000000000127", "security code"),
        ("4000000000000119", "could not be processed"),
    ],
)
def test_test_cards_are_declined(processor: PaymentProcessor, number: str, reason: str) -> None:
    payment = processor.charge(attempt(number), Card(number))
    assert (payment.status, payment.last4) == ("declined", number[-4:])
    assert reason in payment.reason


@pytest.mark.parametrize("number", ["5555555555554444", "378282246310005", "30569309025904"])
def test_other_cards_are_charged(processor: PaymentProcessor, number: str) -> None:
    payment = processor.charge(attempt(number), Card(number))
    assert (payment.status, payment.brand, payment.reason) == ("charged", Card(number).brand, "")


def test_a_lost_answer_is_found_out_by_cancelling(processor: PaymentProcessor) -> None:
    asked = attempt(LOST_ANSWER_CARD)
    with pytest.raises(CheckOutAgain):
        processor.charge(asked, Card(LOST_ANSWER_CARD))
    payment = processor.cancel(asked.key, ORDER)
    assert (payment.key, payment.status, payment.last4) == (asked.key, "charged", "0341")
    assert on_record(processor) == {payment}


def test_a_cancelled_key_refuses_a_late_charge(
    processor: PaymentProcessor, open_processor: OpenPayment
) -> None:
    asked = attempt()
    tombstone = processor.cancel(asked.key, ORDER)
    assert (tombstone.key, tombstone.cart, tombstone.status) == (asked.key, ORDER, "cancelled")
    assert tombstone.amount == Money(0, "XXX")
    for card in (CARD, DECLINED_CARD, CARD):
        assert open_processor().charge(asked, Card(card)) == tombstone
    assert processor.cancel(asked.key, ORDER) == tombstone
    assert on_record(processor) == {tombstone}


def test_a_cancelled_key_does_not_stop_the_next_one(processor: PaymentProcessor) -> None:
    tombstone = processor.cancel(attempt().key, ORDER)
    charged = processor.charge(attempt(), Card(CARD))
    assert charged.status == "charged"
    assert on_record(processor) == {tombstone, charged}


def test_orders_have_nothing_to_do_with_each_other(processor: PaymentProcessor) -> None:
    payments = {
        processor.charge(attempt(order=order), Card(CARD)) for order in (ORDER, OTHER_ORDER)
    }
    assert {payment.cart for payment in payments} == {ORDER, OTHER_ORDER}
    assert on_record(processor) == payments


@pytest.mark.parametrize("key", ["", "x", "../" * 10 + "xx", "F" * 32, "0" * 31, "0" * 32 + "\n"])
def test_what_is_no_key_is_refused(processor: PaymentProcessor, key: str) -> None:
    with pytest.raises(FixInput):
        processor.charge(attempt()._replace(key=key), Card(CARD))
    with pytest.raises(FixInput):
        processor.cancel(key, ORDER)
    assert on_record(processor) == set()


@pytest.mark.parametrize("order", ["", "..", "../../x", "a/b", "6f1c\n"])
def test_what_is_no_order_is_refused(processor: PaymentProcessor, order: str) -> None:
    with pytest.raises(FixInput):
        processor.charge(attempt(order=order), Card(CARD))
    assert on_record(processor) == set()


def test_of_racing_charges_of_one_key_one_counts(
    processor: PaymentProcessor, open_processor: OpenPayment
) -> None:
    asked = attempt()
    answers = at_once(6, lambda _: open_processor().charge(asked, Card(CARD)))
    assert on_record(processor) == set(answers)
    assert len(set(answers)) == 1


def test_of_racing_charges_of_one_order_one_counts(
    processor: PaymentProcessor, open_processor: OpenPayment
) -> None:
    answers = at_once(6, lambda _: open_processor().charge(attempt(), Card(CARD)))
    assert on_record(processor) == set(answers)
    assert len(set(answers)) == 1


def test_of_a_charge_and_a_cancellation_that_race_one_counts(
    processor: PaymentProcessor, open_processor: OpenPayment
) -> None:
    for number in range(8):
        asked = attempt(order=f"{ORDER[:-1]}{number}")

        def settle(which: int, asked: Attempt = asked) -> Payment:
            handle = open_processor()
            if which:
                return handle.cancel(asked.key, asked.cart)
            return handle.charge(asked, Card(CARD))

        charge, cancellation = at_once(2, settle)
        assert charge == cancellation
        assert charge in on_record(processor)
