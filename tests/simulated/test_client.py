"""The client of the simulated processor keeps the contract's promises by the remote one's rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cartcli.errors import FixInput
from cartcli.model.ids import new_key
from cartcli.model.money import Money
from cartcli.model.order import Attempt, Waiting
from cartcli.payment import Payment, Refused
from cartcli.payment.answers import IndefiniteError
from cartcli.payment.card import Card
from cartcli.payment.source import HostedPage, Nothing, Source, Token
from tests.helpers import CARD, Clock, at_once
from tests.simulated.client import SimulatedProcessor
from tests.simulated.conftest import prepared, state
from tests.simulated.desk import Desk
from tests.simulated.rules import LIST_LENGTH

GOOD = Token("tok_good")
PAGE = HostedPage()
OTHER_CART = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"


@pytest.mark.parametrize("source", [Card(CARD), Nothing()], ids=["card", "nothing"])
def test_other_means_are_not_taken(processor: SimulatedProcessor, source: Source) -> None:
    with pytest.raises(FixInput, match="takes tokens"):
        processor.accepts(source, Money(5, "USD"))


@pytest.mark.parametrize("source", [GOOD, PAGE], ids=["token", "page"])
def test_a_small_amount_is_not_taken(processor: SimulatedProcessor, source: Source) -> None:
    processor.accepts(source, Money("0.50", "USD"))
    with pytest.raises(FixInput, match=r"no less than 0\.50 USD, not 0\.49 USD"):
        processor.accepts(source, Money("0.49", "USD"))


def test_what_is_prepared_charges_nobody(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    for source in (GOOD, PAGE):
        asked = prepared(processor, attempt._replace(key=new_key()), source)
        assert asked.reference
        assert isinstance(processor.look(asked), Waiting)
    assert desk.books["charges"] == []
    assert [*processor.payments()] == []


def test_a_token_is_charged(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt, clock: Clock
) -> None:
    asked = prepared(processor, attempt)
    clock.move(hours=1)
    payment = processor.charge(asked, GOOD)
    (charge,) = desk.books["charges"]
    assert payment == Payment(
        asked.key,
        charge["id"],
        asked.cart,
        asked.reference,
        "charged",
        asked.amount,
        "visa",
        "4242",
        clock.now,
    )
    assert processor.look(asked) == processor.cancel(asked) == payment
    assert processor.charge(asked, GOOD) == payment
    clock.move(hours=25)  # the keys are forgotten by then
    assert processor.charge(asked, GOOD) == payment
    assert [*processor.payments()] == [payment]


def test_a_decline_is_final_before_it_is_told(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    asked = prepared(processor, attempt)
    payment = processor.charge(asked, Token("tok_declined"))
    assert isinstance(payment, Payment)
    assert (payment.status, payment.amount) == ("declined", asked.amount)
    assert payment.reason == "the card was declined"
    assert state(desk, asked) == "cancelled"
    assert processor.charge(asked, Token("tok_declined")) == payment
    assert processor.look(asked) == processor.cancel(asked) == payment


def test_a_cancelled_attempt_is_never_charged(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    asked = prepared(processor, attempt)
    tombstone = processor.cancel(asked)
    assert isinstance(tombstone, Payment)
    assert (tombstone.status, tombstone.amount) == ("cancelled", None)
    assert processor.charge(asked, GOOD) == processor.cancel(asked) == tombstone
    assert desk.books["charges"] == []


def test_a_lost_answer_is_found_out(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    asked = prepared(processor, attempt)
    with pytest.raises(OSError, match="closed connection"):
        processor.charge(asked, Token("tok_lost"))
    payment = processor.cancel(asked)
    assert isinstance(payment, Payment)
    assert (payment.status, len(desk.books["charges"])) == ("charged", 1)


def test_a_token_that_is_none_is_a_definite_refusal(
    processor: SimulatedProcessor, attempt: Attempt
) -> None:
    asked = prepared(processor, attempt)
    with pytest.raises(Refused, match="no such token") as refused:
        processor.charge(asked, Token("tok_bad"))
    assert refused.value.facts == {"cart": asked.cart, "amount": asked.amount}
    payment = processor.cancel(asked)
    assert isinstance(payment, Payment)
    assert payment.status == "cancelled"


def test_an_amount_that_is_too_small_is_a_definite_refusal(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    with pytest.raises(Refused, match="the least amount"):
        processor.prepare(attempt._replace(amount=Money("0.10", "USD")), GOOD)
    assert desk.books["intents"] == {}


@pytest.mark.parametrize("source", [GOOD, PAGE], ids=["token", "page"])
@pytest.mark.parametrize(
    "change",
    [
        {"id": "pi_1"},
        {"key": "0" * 32},
        {"order": OTHER_CART},
        {"amount": "17.81"},
        {"currency": "EUR"},
        {"received": "17.79"},
        {"received": "0"},
        {"status": "under way"},
    ],
    ids=repr,
)
def test_an_answer_about_anything_else_is_none(
    processor: SimulatedProcessor,
    desk: Desk,
    ledger: Path,
    attempt: Attempt,
    source: Source,
    change: dict[str, str],
) -> None:
    asked = prepared(processor, attempt, source)
    if source is PAGE:
        desk.pay(asked.reference)
    else:
        processor.charge(asked, source)
    books = desk.books
    for things in (books["intents"], books["pages"]):
        for thing in things.values():
            thing.update(change)
    ledger.write_text(json.dumps(books | {"keys": {}}), "utf-8")
    for ask in (processor.look, processor.cancel, lambda it: processor.charge(it, source)):
        with pytest.raises(IndefiniteError):
            ask(asked)


@pytest.mark.parametrize(
    "change",
    [{"amount": Money("17.81", "USD")}, {"amount": Money("17.80", "EUR")}, {"cart": OTHER_CART}],
    ids=["amount", "currency", "cart"],
)
@pytest.mark.parametrize("before", [True, False])
def test_a_reference_is_charged_for_nothing_else(
    processor: SimulatedProcessor,
    desk: Desk,
    attempt: Attempt,
    change: dict[str, object],
    before: bool,
) -> None:
    asked = prepared(processor, attempt)
    if before:
        processor.charge(asked, GOOD)
    with pytest.raises(FixInput):
        processor.charge(asked._replace(**change), GOOD)  # type: ignore[arg-type]
    assert len(desk.books["charges"]) == before


def test_a_key_is_good_for_one_token(processor: SimulatedProcessor, attempt: Attempt) -> None:
    asked = prepared(processor, attempt)
    waiting = processor.charge(asked, Token("tok_waiting"))
    with pytest.raises(FixInput, match="other parameters"):
        processor.charge(asked, GOOD)
    assert processor.charge(asked, Token("tok_waiting")) == waiting


@pytest.mark.parametrize("reference", ["", "x", "pi_", "ch_1", "pi_1/../2", "pi_1/confirm", "page"])
def test_what_is_no_reference_is_not_asked_for(
    processor: SimulatedProcessor, ledger: Path, attempt: Attempt, reference: str
) -> None:
    asked = attempt._replace(reference=reference)
    with pytest.raises(FixInput, match="no reference"):
        processor.charge(asked, GOOD)
    for ask in (processor.look, processor.cancel):
        with pytest.raises(FixInput, match="no reference"):
            ask(asked)
    assert not ledger.exists()


def test_an_unknown_reference_settles_nothing(
    processor: SimulatedProcessor, attempt: Attempt
) -> None:
    for ask in (processor.look, processor.cancel):
        with pytest.raises(IndefiniteError, match="there is no pi_1"):
            ask(attempt._replace(reference="pi_1"))


def test_nobody_there_settles_nothing(ledger: Path, attempt: Attempt) -> None:
    processor = SimulatedProcessor("127.0.0.1:1", str(ledger), timeout=1)
    with pytest.raises(OSError, match="refused"):
        processor.cancel(attempt._replace(reference="pi_1"))


def test_all_answers_are_listed(
    processor: SimulatedProcessor, attempt: Attempt, clock: Clock
) -> None:
    answers = []
    for number in range(LIST_LENGTH + 2):
        asked = prepared(processor, attempt._replace(key=new_key()))
        clock.move(seconds=1)
        answers.append(processor.charge(asked, GOOD) if number % 2 else processor.cancel(asked))
    prepared(processor, attempt._replace(key=new_key()))
    assert [*processor.payments()] == answers
    assert [*processor.payments(clock.now)] == answers[-1:]


def test_a_ledger_is_put_back_with_its_file(
    processor: SimulatedProcessor, desk: Desk, ledger: Path, attempt: Attempt
) -> None:
    asked = prepared(processor, attempt)
    picture = ledger.read_bytes()
    assert isinstance(processor.charge(asked, GOOD), Payment)
    ledger.write_bytes(picture)
    assert isinstance(processor.look(asked), Waiting)
    assert desk.books["charges"] == []
    ledger.unlink()
    with pytest.raises(IndefiniteError):
        processor.look(asked)


def test_of_a_charge_and_a_cancellation_that_race_one_counts(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    for _ in range(5):
        asked = prepared(processor, attempt._replace(key=new_key()))

        def settle(which: int, asked: Attempt = asked) -> Payment | Waiting:
            return processor.cancel(asked) if which % 2 else processor.charge(asked, GOOD)

        at_once(4, settle)
        charges = [one for one in desk.books["charges"] if one["key"] == asked.key]
        payment = processor.cancel(asked)
        assert isinstance(payment, Payment)
        assert len(charges) == (payment.status == "charged")
