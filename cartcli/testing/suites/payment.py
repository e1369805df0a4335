"""What every payment processor promises: embedded or remote, with numbers or with tokens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from cartcli import Money
from cartcli.errors import CartError, CheckOutAgain, FixInput, RetryLater
from cartcli.model.order import Attempt, Waiting
from cartcli.payment import Payment, Refused
from cartcli.payment.source import Nothing
from cartcli.testing.implementations import Means
from cartcli.testing.payer import CART, OTHER_CART, Payer, ended
from cartcli.testing.values import at_once

Answer = Payment | Waiting
THREADS = 8
KINDS: list[Means] = ["good", "declined", "waiting", "lost"]


@pytest.mark.parametrize("kind", KINDS)
def test_its_means_are_accepted_before_anything_is_marked(payer: Payer, kind: Means) -> None:
    payer.processor.accepts(payer.means(kind), Money("17.80", "USD"))
    assert payer.on_record() == set()


def test_other_means_are_not(payer: Payer) -> None:
    with pytest.raises(FixInput) as error:
        payer.processor.accepts(Nothing(), Money("17.80", "USD"))
    assert "charged nothing" in error.value.hint


@pytest.mark.parametrize("kind", KINDS)
def test_an_attempt_has_its_reference_before_anybody_is_charged(payer: Payer, kind: Means) -> None:
    attempts = [payer.attempt(kind, cart=cart) for cart in (CART, CART, OTHER_CART)]
    references = [attempt.reference for attempt in attempts]
    assert "" not in references
    assert len({*references}) == 3
    assert payer.on_record() == set()


def test_a_processor_that_nobody_paid_has_no_records(payer: Payer) -> None:
    assert payer.on_record() == set()


def test_a_charge_is_answered_and_recorded(payer: Payer) -> None:
    asked = payer.attempt()
    payment = ended(payer.charge(asked))
    assert (payment.key, payment.cart, payment.status) == (asked.key, CART, "charged")
    assert (payment.reference, payment.amount) == (asked.reference, Money("17.80", "USD"))
    assert payment.id
    assert not payment.reason
    assert payer.on_record() == {payment}


def test_a_decline_is_final_and_says_why(payer: Payer) -> None:
    asked = payer.attempt("declined")
    payment = ended(payer.charge(asked, "declined"))
    assert (payment.status, payment.amount) == ("declined", asked.amount)
    assert payment.reason
    assert payer.on_record() == {payment}


def test_what_is_on_record_here_is_the_capture_or_nothing(payer: Payer) -> None:
    """A remote processor keeps no record here, and is not asked."""
    for kind in payer.kinds("declined", "waiting"):
        payer.charge(payer.attempt(kind), kind)
    payer.cancel(payer.attempt())
    assert payer.processor.captured(CART) is None
    payment = payer.charge(payer.attempt())
    assert payer.elsewhere().processor.captured(CART) in (payment, None)
    assert payer.processor.captured(OTHER_CART) is None


@pytest.mark.parametrize("kind", ["good", "declined"])
def test_a_known_key_gets_its_answer_again(payer: Payer, kind: Means) -> None:
    asked = payer.attempt(kind)
    payment = payer.charge(asked, kind)
    payer.clock.move(days=400)
    for again in (payer, payer.elsewhere()):
        assert again.charge(asked, kind) == payment
        assert again.look(asked) == payment
        assert again.cancel(asked) == payment
    assert payer.on_record() == {payment}


@pytest.mark.parametrize("kind", ["good", "declined"])
@pytest.mark.parametrize("amount", [Money("17.81", "USD"), Money("17.80", "EUR")])
def test_a_known_key_is_refused_for_another_amount(
    payer: Payer, kind: Means, amount: Money
) -> None:
    asked = payer.attempt(kind)
    payment = payer.charge(asked, kind)
    with pytest.raises(FixInput):
        payer.charge(asked._replace(amount=amount), kind)
    assert payer.on_record() == {payment}


@pytest.mark.parametrize("kind", ["good", "declined"])
def test_no_cart_gets_the_answer_of_another(payer: Payer, kind: Means) -> None:
    asked = payer.attempt(kind)
    payment = ended(payer.charge(asked, kind))
    with suppress(CartError):  # else it is an answer for the other cart, which was checked
        payer.charge(asked._replace(cart=OTHER_CART), kind)
    assert {answer for answer in payer.on_record() if answer.cart == CART} == {payment}


def test_a_declined_cart_can_be_tried_again(payer: Payer) -> None:
    declined = ended(payer.charge(payer.attempt("declined"), "declined"))
    charged = ended(payer.charge(payer.attempt()))
    assert (declined.status, charged.status) == ("declined", "charged")
    assert payer.on_record() == {declined, charged}


def test_carts_have_nothing_to_do_with_each_other(payer: Payer) -> None:
    payments = {ended(payer.charge(payer.attempt(cart=cart))) for cart in (CART, OTHER_CART)}
    assert {payment.cart for payment in payments} == {CART, OTHER_CART}
    assert payer.on_record() == payments


def test_a_look_ends_nothing(payer: Payer) -> None:
    asked = payer.attempt()
    for _ in range(2):
        assert isinstance(payer.look(asked), Waiting)
    assert payer.on_record() == set()
    assert ended(payer.charge(asked)).status == "charged"


def test_what_waits_is_charged_once_the_customer_has_acted(payer: Payer) -> None:
    asked = payer.attempt("waiting")
    for _ in range(2):
        assert isinstance(payer.charge(asked, "waiting"), Waiting)
        assert payer.on_record() == set()
    payment = ended(payer.look(asked))
    assert (payment.status, payment.amount) == ("charged", asked.amount)
    assert payer.look(asked) == payer.charge(asked, "waiting") == payer.cancel(asked) == payment
    assert payer.on_record() == {payment}


def test_what_waits_can_be_cancelled(payer: Payer) -> None:
    asked = payer.attempt("waiting")
    assert isinstance(payer.charge(asked, "waiting"), Waiting)
    tombstone = ended(payer.cancel(asked))
    assert (tombstone.status, tombstone.amount) == ("cancelled", None)
    assert payer.look(asked) == payer.charge(asked, "waiting") == tombstone
    assert payer.on_record() == {tombstone}


@pytest.mark.parametrize("find_out", [Payer.look, Payer.cancel])
def test_a_lost_answer_is_found_out(
    payer: Payer, find_out: Callable[[Payer, Attempt], Answer]
) -> None:
    asked = payer.attempt("lost")
    with pytest.raises((CartError, OSError)) as lost:
        payer.charge(asked, "lost")
    assert not isinstance(lost.value, Refused)  # which would mean that nothing was charged
    payment = ended(find_out(payer, asked))
    assert (payment.key, payment.status) == (asked.key, "charged")
    assert payer.on_record() == {payment}


def test_a_cancelled_key_refuses_late_charges_for_ever(payer: Payer) -> None:
    asked = payer.attempt()
    tombstone = ended(payer.cancel(asked))
    assert (tombstone.key, tombstone.cart) == (asked.key, CART)
    assert (tombstone.status, tombstone.amount) == ("cancelled", None)
    for kind in payer.kinds("good", "declined", "waiting", "good"):
        payer.clock.move(days=30)
        assert payer.elsewhere().charge(asked, kind) == tombstone
    assert payer.look(asked) == payer.cancel(asked) == tombstone
    assert payer.on_record() == {tombstone}


def test_a_cancelled_key_does_not_stop_the_next_one(payer: Payer) -> None:
    tombstone = ended(payer.cancel(payer.attempt()))
    charged = ended(payer.charge(payer.attempt()))
    assert charged.status == "charged"
    assert payer.on_record() == {tombstone, charged}


def test_payments_since_a_time_are_those_created_since(payer: Payer) -> None:
    payments = set()
    for number in range(3):
        payments.add(ended(payer.charge(payer.attempt(cart=a_cart(number)))))
        payer.clock.move(days=1)
    for since in {payment.created for payment in payments}:
        expected = {payment for payment in payments if payment.created >= since}
        assert payer.on_record(since) == expected
    later = max(payment.created for payment in payments) + timedelta(microseconds=1)
    assert payer.on_record(later) == set()
    assert payer.on_record() == payments


def a_cart(number: int) -> str:
    """The id of one of ten carts."""
    return f"{CART[:-1]}{number}"


def race(
    payer: Payer,
    asked: Attempt,
    *calls: Callable[[Payer, Attempt], Answer],
    last: Callable[[Payer, Attempt], Answer] = Payer.cancel,
) -> Payment:
    """How an attempt has ended after calls at once, and a `last` one: all who were told got the
    same final answer, and it is the only one on record for the cart. A call may not know: that it
    was too busy."""
    payers = [payer, payer, payer.elsewhere(), payer.elsewhere()]
    results = at_once(len(calls), lambda number: calls[number](payers[number % 4], asked))
    final = ended(last(payer, asked))
    for result in results:
        assert isinstance(result, (Waiting, CheckOutAgain, RetryLater)) or result == final
    assert {answer for answer in payer.on_record() if answer.cart == asked.cart} == {final}
    return final


def waits(payer: Payer, asked: Attempt) -> Answer:
    return payer.charge(asked, "waiting")


def test_of_racing_charges_of_one_key_one_counts(payer: Payer) -> None:
    assert race(payer, payer.attempt(), *[Payer.charge] * THREADS).status == "charged"


def test_of_a_charge_and_a_cancellation_that_race_one_counts(payer: Payer) -> None:
    for number in range(8):
        calls = [Payer.charge, Payer.cancel] * (THREADS // 2)
        race(payer, payer.attempt(cart=a_cart(number)), *calls)


def test_of_racing_looks_and_charges_of_what_waits_one_counts(payer: Payer) -> None:
    for number in range(4):
        asked = payer.attempt("waiting", cart=a_cart(number))
        waits(payer, asked)
        final = race(payer, asked, *[Payer.look, waits] * (THREADS // 2), last=Payer.look)
        assert final.status == "charged"


def test_of_racing_looks_and_cancellations_of_what_waits_one_counts(payer: Payer) -> None:
    for number in range(4):
        asked = payer.attempt("waiting", cart=a_cart(number))
        waits(payer, asked)
        race(payer, asked, *[Payer.look, Payer.cancel] * (THREADS // 2))
