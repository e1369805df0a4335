"""What comes to nothing needs no payment, and is marked and recorded like any other."""

from __future__ import annotations

import pytest

from cartcli import Cart, Money
from cartcli.errors import FixInput
from cartcli.model.order import Attempt
from cartcli.model.times import utc_now
from cartcli.payment import FREE, Processors, open_embedded
from cartcli.payment.answers import check
from cartcli.payment.card import Card
from cartcli.payment.free import FreeProcessor
from cartcli.payment.source import Nothing, Source
from tests.helpers import CARD, attempt_for, line

CART = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"
NOTHING = Money(0, "USD")


@pytest.fixture
def attempt() -> Attempt:
    now = utc_now()
    cart = Cart(CART, "alice", "open", (line("GIFT", 2, "0.00"),), "USD", now, now)
    return attempt_for(cart)._replace(processor=FREE, brand="", last4="")


def test_it_takes_nothing_for_nothing_only() -> None:
    processor = FreeProcessor()
    processor.accepts(Nothing(), NOTHING)
    refused: list[tuple[Source, Money]] = [
        (Nothing(), Money("0.01", "USD")),
        (Card(CARD), NOTHING),
    ]
    for source, amount in refused:
        with pytest.raises(FixInput) as error:
            processor.accepts(source, amount)
        assert error.value.hint == "This call charged nothing."


def test_nobody_gets_for_nothing_what_has_a_price(attempt: Attempt) -> None:
    dear = attempt._replace(amount=Money("0.01", "USD"))
    with pytest.raises(FixInput, match="not free of charge"):
        FreeProcessor().charge(dear, Nothing())
    with pytest.raises(FixInput, match="not free of charge"):
        FreeProcessor().look(dear)
    with pytest.raises(FixInput, match="no means"):
        FreeProcessor().charge(attempt, Card(CARD))


def test_its_answers_settle_the_attempt(attempt: Attempt) -> None:
    processor = FreeProcessor()
    charged = processor.charge(attempt, Nothing())
    cancelled = processor.cancel(attempt)
    for answer in (charged, cancelled, processor.look(attempt)):
        check(attempt, answer)
    assert (charged.status, charged.id, charged.amount) == ("charged", "", NOTHING)
    assert (charged.quote, charged.last4) == (attempt.quote, "")
    assert (cancelled.status, cancelled.amount) == ("cancelled", None)


def test_it_keeps_no_record(attempt: Attempt) -> None:
    processor = FreeProcessor()
    processor.charge(attempt, Nothing())
    assert [*processor.payments()] == []
    assert [*processor.payments(attempt.created)] == []


def test_it_is_known_by_its_name_whoever_charges_today() -> None:
    embedded = open_embedded("nowhere", 1, 0, utc_now)
    processors = Processors(embedded)
    assert isinstance(processors.named("none"), FreeProcessor)
    assert processors.named("embedded") is embedded
    assert processors.named("elsewhere") is None


def test_nobody_else_is_called_as_it_is_nor_as_another_one() -> None:
    embedded = open_embedded("nowhere", 1, 0, utc_now)
    for others in ([FreeProcessor()], [embedded]):
        with pytest.raises(ValueError, match="names of their own"):
            Processors(embedded, *others)


def test_what_is_not_free_is_neither_charged_nor_cancelled_here(attempt: Attempt) -> None:
    dear = attempt._replace(amount=Money(1, "USD"))
    for call in (FreeProcessor().look, FreeProcessor().cancel):
        with pytest.raises(FixInput, match="is not free of charge"):
            call(dear)
