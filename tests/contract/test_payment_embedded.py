"""What an embedded processor promises besides: it sees the numbers of cards, where the industry's
usual test cards stand for what may happen, and it knows what each cart was charged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from cartcli import Money
from cartcli.errors import CheckOutAgain, FixInput
from cartcli.model.order import Attempt, Waiting
from cartcli.payment import Payment
from cartcli.payment.card import Card
from cartcli.payment.source import HostedPage, Nothing, Source, Token
from cartcli.testing.implementations import Means, PaymentImplementation
from cartcli.testing.payer import CART, Payer, ended
from tests.contract.implementations import PAYMENTS
from tests.helpers import CARD, at_once

OTHER_CARD = "5555555555554444"


@pytest.fixture(params=[name for name, one in PAYMENTS.items() if "embedded" in one.traits])
def payment_implementation(request: pytest.FixtureRequest) -> PaymentImplementation:
    """One that is embedded."""
    return PAYMENTS[request.param]


def charge(payer: Payer, number: str, attempt: Attempt | None = None) -> Payment | Waiting:
    """Charge an attempt, by default a new one, to the card of this number."""
    return payer.processor.charge(attempt or payer.attempt(), Card(number))


def test_it_takes_cards_only(payer: Payer) -> None:
    others: list[Source] = [Token("pm_1"), HostedPage(), Nothing()]
    for source in others:
        with pytest.raises(FixInput, match="takes cards only") as error:
            payer.processor.accepts(source, Money("17.80", "USD"))
        assert error.value.hint == "This call charged nothing."
        with pytest.raises(FixInput):
            payer.processor.charge(payer.attempt(), source)
    assert payer.on_record() == set()


def test_its_reference_is_the_key(payer: Payer) -> None:
    processor, asked = payer.processor, payer.attempt()
    assert (processor.name, processor.prepares) == ("embedded", False)
    assert asked.reference == processor.prepare(asked, Card(CARD)) == asked.key


def test_a_charge_tells_the_card_the_time_and_the_quote(payer: Payer) -> None:
    asked = payer.attempt()
    payment = ended(charge(payer, OTHER_CARD, asked))
    assert (payment.brand, payment.last4) == ("mastercard", "4444")
    assert (payment.created, payment.quote) == (payer.clock.now, asked.quote)
    assert payer.on_record() == {payment}


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
def test_test_cards_are_declined(payer: Payer, number: str, reason: str) -> None:
    payment = ended(charge(payer, number))
    assert (payment.status, payment.last4) == ("declined", number[-4:])
    assert reason in payment.reason


@pytest.mark.parametrize("number", ["5555555555554444", "378282246310005", "30569309025904"])
def test_other_cards_are_charged(payer: Payer, number: str) -> None:
    payment = ended(charge(payer, number))
    assert (payment.status, payment.brand, payment.reason) == ("charged", Card(number).brand, "")


def test_the_waiting_card_waits_for_the_bank(payer: Payer) -> None:
    asked = payer.attempt("waiting")
    waiting = Waiting("the bank asks the customer")
    assert payer.charge(asked, "waiting") == waiting
    payer.clock.move(hours=1)
    assert payer.charge(asked, "waiting") == waiting
    payment = ended(payer.look(asked))
    assert (payment.last4, payment.reason) == ("3155", "")
    assert (payment.created, payment.quote) == (payer.clock.now, asked.quote)


@pytest.mark.parametrize("number", [CARD, "4000000000000002", "4000002500003155"])
def test_a_known_key_is_refused_for_another_card(payer: Payer, number: str) -> None:
    asked = payer.attempt()
    answer = charge(payer, number, asked)
    with pytest.raises(FixInput, match="another amount or card"):
        charge(payer, OTHER_CARD, asked)
    assert charge(payer, number, asked) == answer


@pytest.mark.parametrize("verb", [Payer.charge, Payer.look, Payer.cancel])
def test_a_captured_cart_answers_with_its_capture(
    payer: Payer, verb: Callable[[Payer, Attempt], Payment | Waiting]
) -> None:
    payment = payer.charge(payer.attempt())
    assert verb(payer, payer.attempt(amount="99")) == payment
    assert payer.on_record() == {payment}


@pytest.mark.parametrize("kind", ["good", "lost"])
def test_a_capture_is_on_record_as_soon_as_money_has_moved(payer: Payer, kind: Means) -> None:
    payer.charge(payer.attempt("declined"), "declined")
    asked = payer.attempt(kind)
    with suppress(CheckOutAgain):
        payer.charge(asked, kind)
    payment = payer.elsewhere().processor.captured(CART)
    assert payment == payer.look(asked)
    assert payment
    assert (payment.status, payment.quote) == ("charged", asked.quote)


@pytest.mark.parametrize("verb", [Payer.look, Payer.cancel])
def test_what_waits_is_never_charged_beside_a_capture(
    payer: Payer, verb: Callable[[Payer, Attempt], Payment | Waiting]
) -> None:
    waiting = payer.attempt("waiting")
    payer.charge(waiting, "waiting")
    payment = payer.charge(payer.attempt())
    assert verb(payer, waiting) == payer.charge(waiting, "waiting") == payment
    assert payer.on_record() == {payment}


@pytest.mark.parametrize("kind", ["cancelled", "declined"])
def test_how_a_key_ended_counts_before_the_carts_capture(payer: Payer, kind: str) -> None:
    asked = payer.attempt("declined")
    answer = payer.cancel(asked) if kind == "cancelled" else payer.charge(asked, "declined")
    payer.charge(payer.attempt())
    assert payer.look(asked) == payer.cancel(asked) == answer


def test_a_look_at_what_was_never_begun_says_so(payer: Payer) -> None:
    assert payer.look(payer.attempt()) == Waiting("nothing was begun")


def test_a_tombstone_keeps_nothing_of_the_payer(payer: Payer) -> None:
    waiting = payer.attempt("waiting")
    payer.charge(waiting, "waiting")
    for asked in (payer.attempt(), waiting):
        tombstone = ended(payer.cancel(asked))
        assert (tombstone.amount, tombstone.quote, tombstone.reason) == (None, None, "")


NO_KEYS = ["", "x", "../" * 10 + "xx", "F" * 32, "0" * 31, "0" * 32 + "\n"]
NO_CARTS = ["", "..", "../../x", "a/b", "6f1c\n", CART.upper(), f"{CART}\n"]


@pytest.mark.parametrize(
    "change",
    [
        *[{"key": key, "reference": key} for key in NO_KEYS],
        *[{"cart": cart} for cart in NO_CARTS],
        {"reference": ""},
        {"reference": "0" * 32},
        {"processor": "stripe:test:1"},
    ],
    ids=str,
)
def test_what_it_has_not_to_do_with_is_refused(payer: Payer, change: dict[str, Any]) -> None:
    asked = payer.attempt()._replace(**change)
    for verb in (Payer.charge, Payer.look, Payer.cancel):
        with pytest.raises(FixInput):
            verb(payer, asked)
    assert payer.processor.captured(asked.cart) is None
    assert payer.on_record() == set()


def test_only_what_the_quote_comes_to_is_charged(payer: Payer) -> None:
    asked = payer.attempt()
    (subtotal, total) = asked.quote.entries
    off = asked.quote._replace(entries=(subtotal, total._replace(amount=Money("1.00", "USD"))))
    unsold = asked.quote._replace(unsold=("TEA",))
    none = asked.quote._replace(entries=())
    twice = asked.quote._replace(entries=(subtotal, total, total))
    for quote in (off, unsold, none, twice):
        with pytest.raises(FixInput, match="quote"):
            payer.charge(asked._replace(quote=quote))
    with pytest.raises(FixInput, match="quote"):
        payer.charge(asked._replace(amount=Money("17.81", "USD")))
    assert payer.on_record() == set()


def test_of_racing_charges_of_one_cart_one_counts(payer: Payer) -> None:
    attempts = [payer.attempt() for _ in range(8)]
    payers = [payer, payer.elsewhere()] * 4
    answers = at_once(8, lambda number: payers[number].charge(attempts[number]))
    assert payer.on_record() == set(answers)
    assert len(set(answers)) == 1


def test_of_racing_calls_all_are_answered(payer: Payer) -> None:
    """Whoever comes too late decides again."""
    asked = payer.attempt("waiting")
    payer.charge(asked, "waiting")
    answers = at_once(8, lambda number: (Payer.look, Payer.cancel)[number % 2](payer, asked))
    assert payer.on_record() == set(answers)
    assert len(set(answers)) == 1
