"""What a checkout makes of answers, also of those that the embedded processor never gives: for
another payment, of another amount, or of no meaning."""

from __future__ import annotations

from typing import Final, cast

import pytest

from cartcli import Cart, Money
from cartcli.errors import (
    CartError,
    CheckOutAgain,
    GiveCard,
    RestoreData,
    ReviewCart,
    UseAnotherCard,
    VersionConflict,
)
from cartcli.model.order import Attempt
from cartcli.payment import Payment
from tests.helpers import CARD, attempt_for
from tests.unit.controller.counter import (
    OWNER,
    Change,
    Counter,
    cancelled,
    declined,
    interrupted,
    lost,
)

OTHER_KEY: Final = "0" * 32
OTHER_CART: Final = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"


def test_a_right_answer_is_a_purchase(counter: Counter) -> None:
    cart = counter.cart()
    receipt = counter.buy(cart)
    (attempt,) = counter.processor.asked
    assert (receipt.cart, receipt.key, receipt.payment) == (cart.id, attempt.key, "pay_1")
    assert receipt.amount == Money("17.80", "USD")
    assert (counter.found(cart).state, counter.found(cart).receipt) == ("purchased", receipt)
    assert counter.purchase(cart, None) == (receipt, "bought before")
    assert counter.processor.asked == [attempt]


def test_a_purchase_tells_what_had_changed_when_it_was_charged(counter: Counter) -> None:
    cart = counter.cart(price="8.50")
    receipt, how = counter.purchase(cart)
    assert how == "bought now"
    assert receipt.quote.was == cart.lines
    assert [line.price.decimal for line in receipt.lines] == ["8.90"]
    assert counter.found(cart).lines == cart.lines
    assert counter.found(cart).total == receipt.amount == Money("17.80", "USD")


def test_what_comes_to_nothing_is_bought_without_a_payment(counter: Counter) -> None:
    cart = counter.cart("FREE", "0")
    receipt, how = counter.purchase(cart, None)
    assert how == "bought now"
    assert (receipt.payment, receipt.amount, receipt.last4) == (None, Money(0, "USD"), "")
    assert counter.found(cart).receipt == receipt
    assert counter.purchase(counter.cart("FREE", "0"), CARD).receipt.payment is None
    assert counter.processor.told == []


@pytest.mark.parametrize("card", [CARD, None])
def test_a_purchase_of_nothing_that_was_cut_off_goes_on(counter: Counter, card: str | None) -> None:
    cart = counter.cart("FREE", "0")
    attempt = attempt_for(cart)._replace(processor="none")
    counter.carts.mark(OWNER, cart.id, attempt, if_version=cart.version)
    assert counter.buy(cart, card).payment is None
    assert counter.found(cart).state == "purchased"


def test_what_rounds_to_nothing_is_bought_without_a_card(counter: Counter) -> None:
    cart = counter.cart()
    counter.offer("0.0024")
    assert counter.purchase(cart, None).receipt.amount == Money(0, "USD")
    counter.offer("0.0025")
    with pytest.raises(GiveCard):
        counter.buy(counter.cart(), None)
    assert counter.processor.told == []


def test_an_expected_total_binds_what_was_bought_before(counter: Counter) -> None:
    cart = counter.cart()
    receipt = counter.buy(cart)
    counter.offer("1.00")
    assert counter.purchase(cart, None, expect="17.80") == (receipt, "bought before")
    for total in ("17.81", "2.00"):  # what it would come to today is nothing to the point
        with pytest.raises(ReviewCart, match=rf"bought for 17\.80 USD, not for {total}") as told:
            counter.buy(cart, expect=total)
        expected = Money(total, "USD")
        assert told.value.facts == {
            "cart": cart.id,
            "amount": receipt.amount,
            "expected": expected,
            "receipt": receipt,
        }
        assert told.value.hint == "This call charged nothing more."
    assert len(counter.processor.asked) == 1


def test_an_expected_total_binds_an_attempt_that_is_settled(counter: Counter) -> None:
    for expect in ("17.80", "17.81"):
        cart = counter.cart()
        counter.processor.change = lost
        with pytest.raises(CheckOutAgain):
            counter.buy(cart)
        counter.processor.change = lambda payment: payment
        if expect == "17.80":
            assert counter.purchase(cart, None, expect=expect).how == "settled an earlier attempt"
            continue
        with pytest.raises(ReviewCart, match="bought for") as told:
            counter.buy(cart, None, expect=expect)
        assert told.value.facts["receipt"] == counter.found(cart).receipt
    assert len(counter.processor.asked) == 2


def test_a_version_that_was_agreed_to_is_bought_or_nothing(counter: Counter) -> None:
    cart = counter.cart()
    counter.put(cart, MUG=3)
    with pytest.raises(VersionConflict) as told:
        counter.purchase(cart, version=cart.version)
    assert told.value.facts == {"cart": cart.id, "version": cart.version + 1}
    assert (counter.found(cart).state, counter.processor.asked) == ("open", [])
    assert counter.purchase(cart, version=cart.version + 1).receipt.amount.decimal == "26.70"


# Answers that settle nothing, whenever they are given.
INDEFINITE: Final[dict[str, Change]] = {
    "no answer": lost,
    "interrupted": interrupted,
    "charged another cart": lambda payment: payment._replace(cart=OTHER_CART),
    "charged another reference": lambda payment: payment._replace(reference=OTHER_KEY),
    "declined another cart": lambda payment: declined(payment)._replace(cart=OTHER_CART),
    "cancelled another cart": lambda payment: cancelled(payment)._replace(cart=OTHER_CART),
    "declined another key": lambda payment: declined(payment)._replace(key=OTHER_KEY),
    "cancelled another key": lambda payment: cancelled(payment)._replace(key=OTHER_KEY),
    "cancelled another reference": lambda payment: cancelled(payment)._replace(reference="x"),
    "declined another amount": lambda payment: declined(payment)._replace(
        amount=Money("17.81", "USD")
    ),
    "declined another currency": lambda payment: declined(payment)._replace(
        amount=Money("17.80", "EUR")
    ),
    "an unknown status": lambda payment: payment._replace(
        status="processing"  # type: ignore[arg-type]
    ),
    "an unknown status of nothing": lambda payment: cancelled(payment)._replace(
        status="refused"  # type: ignore[arg-type]
    ),
}

# Answers that settle nothing when they are given to a charge; on record they are a disagreement.
INDEFINITE_FOR_A_CHARGE: Final[dict[str, Change]] = {
    "charged more": lambda payment: payment._replace(amount=Money("17.81", "USD")),
    "charged less": lambda payment: payment._replace(amount=Money("17.79", "USD")),
    "charged another currency": lambda payment: payment._replace(amount=Money("17.80", "EUR")),
    "charged no amount": lambda payment: payment._replace(amount=None),
}


@pytest.mark.parametrize("answer", INDEFINITE | INDEFINITE_FOR_A_CHARGE)
def test_a_wrong_answer_to_a_charge_settles_nothing(counter: Counter, answer: str) -> None:
    cart = counter.cart()
    counter.processor.change = (INDEFINITE | INDEFINITE_FOR_A_CHARGE)[answer]
    with pytest.raises(CheckOutAgain) as told:
        counter.buy(cart)
    assert told.value.facts == {"cart": cart.id, "amount": Money("17.80", "USD")}
    (attempt,) = counter.processor.asked
    assert (counter.found(cart).state, counter.found(cart).attempt) == ("pending", attempt)


@pytest.mark.parametrize("answer", INDEFINITE)
def test_a_wrong_answer_to_a_cancellation_settles_nothing(
    counter: Counter, waiting: Cart, answer: str
) -> None:
    counter.processor.change = INDEFINITE[answer]
    with pytest.raises(CheckOutAgain):
        counter.buy(waiting)
    assert counter.found(waiting) == waiting
    assert len(counter.processor.asked) == 1  # nothing else was charged


@pytest.mark.parametrize("answer", INDEFINITE_FOR_A_CHARGE)
def test_a_capture_of_another_amount_on_record_is_a_disagreement(
    counter: Counter, waiting: Cart, answer: str
) -> None:
    counter.processor.change = INDEFINITE_FOR_A_CHARGE[answer]
    with pytest.raises(RestoreData, match=r"payment of 17\.80 USD, but was") as told:
        counter.buy(waiting)
    assert told.value.facts["cart"] == waiting.id
    assert counter.found(waiting) == waiting


@pytest.mark.parametrize("refusal", [declined, cancelled])
def test_what_charged_nothing_opens_the_cart_again(counter: Counter, refusal: Change) -> None:
    cart = counter.cart()
    counter.processor.change = refusal
    with pytest.raises(UseAnotherCard):
        counter.buy(cart)
    assert (counter.found(cart).state, counter.found(cart).attempt) == ("open", None)


# What a decline on record says of the amount moves no money: some processors say nothing there.
def a_decline_of_nothing(payment: Payment) -> Payment:
    return declined(payment)._replace(amount=None)


@pytest.mark.parametrize("refusal", [declined, cancelled, a_decline_of_nothing])
def test_what_charged_nothing_is_paid_anew_when_it_is_settled(
    counter: Counter, waiting: Cart, refusal: Change
) -> None:
    counter.processor.change = lambda payment: (
        refusal(payment) if len(counter.processor.asked) == 1 else payment
    )
    receipt = counter.buy(waiting)
    first, second = counter.processor.asked
    assert first.key != second.key == receipt.key


@pytest.mark.parametrize(
    ("contents", "expect", "currency", "reason"),
    [
        ({}, "", "USD", "is empty"),
        ({"X": 1}, "", "USD", "is no longer sold"),
        ({"MUG": 2}, "17.81", "USD", "comes to 17.80 USD, not to 17.81 USD"),
        ({"MUG": 2}, "", "EUR", "the shop sells in EUR"),
    ],
)
def test_who_has_no_card_learns_first_what_else_is_in_the_way(
    counter: Counter, contents: dict[str, int], expect: str, currency: str, reason: str
) -> None:
    cart = counter.cart()
    counter.put(cart, **contents)
    with pytest.raises(ReviewCart, match=reason):
        counter.buy(cart, None, expect=expect, currency=currency)


def test_who_has_no_card_is_then_asked_for_one(counter: Counter) -> None:
    cart = counter.cart()
    counter.offer("9.10")
    with pytest.raises(GiveCard) as asked:
        counter.buy(cart, None, expect="18.20")
    assert asked.value.facts == {"cart": cart.id, "amount": Money("18.20", "USD")}
    assert counter.found(cart) == cart
    assert counter.processor.asked == []


def test_who_has_no_card_settles_an_earlier_payment_first(counter: Counter, waiting: Cart) -> None:
    counter.processor.change = cancelled
    with pytest.raises(GiveCard) as asked:
        counter.buy(waiting, None)
    assert "The earlier payment of 17.80 USD charged nothing." in asked.value.hint
    assert counter.found(waiting).state == "open"


def test_whatever_is_refused_after_that_says_so_as_well(counter: Counter, waiting: Cart) -> None:
    counter.processor.change = cancelled
    for card, expect in ((CARD, ""), (CARD, "1.00"), (None, "1.00")):
        if counter.found(waiting).state == "open":
            counter.mark(counter.found(waiting))
            counter.processor.asked = [cast(Attempt, counter.found(waiting).attempt)]
        with pytest.raises(CartError) as refused:
            counter.buy(waiting, card, expect=expect)
        assert refused.value.hint.startswith("The earlier payment of 17.80 USD charged nothing.")
