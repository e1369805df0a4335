"""What a checkout makes of a cart that somebody else changes, marks or buys meanwhile.

This is the second line of defence, the compare-and-set, shown without the first one, the locks: an
event happens in the middle of a checkout, where the locks of the cart DB would keep it out, or the
embedded processor would refuse it.
"""

from __future__ import annotations

import pytest

from cartcli import Cart, Money, Receipt
from cartcli.errors import (
    CheckOutAgain,
    GiveCard,
    RestoreData,
    ReviewCart,
    VersionConflict,
    WaitForPayment,
)
from cartcli.model.order import Attempt
from cartcli.payment import Payment
from cartcli.payment.free import FreeProcessor
from cartcli.payment.source import Source
from tests.helpers import receipt_for
from tests.unit.controller.counter import OWNER, Change, Counter, cancelled, declined


class Rival:
    """Takes the cart while its charge is on its way: opens it again, and marks it anew."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self.attempt: Attempt | None = None

    def __call__(self, attempt: Attempt) -> None:
        cart = self._counter.carts.unpurchase(OWNER, attempt.cart, attempt)
        self.attempt = self._counter.mark(cart)


def test_a_capture_that_finds_another_attempt_is_told_and_changes_nothing(
    counter: Counter,
) -> None:
    cart = counter.cart()
    rival = Rival(counter)
    counter.processor.meanwhile = rival
    with pytest.raises(RestoreData) as told:
        counter.buy(cart)
    (attempt,) = counter.processor.asked
    assert attempt.key in told.value.message
    assert told.value.facts["cart"] == cart.id
    found = counter.found(cart)
    assert (found.state, found.attempt, found.receipt) == ("pending", rival.attempt, None)


@pytest.mark.parametrize("refusal", [declined, cancelled])
def test_a_refusal_that_finds_another_attempt_waits_for_that(
    counter: Counter, refusal: Change
) -> None:
    cart = counter.cart()
    rival = Rival(counter)
    counter.processor.meanwhile, counter.processor.change = rival, refusal
    with pytest.raises(WaitForPayment):
        counter.buy(cart)
    found = counter.found(cart)
    assert (found.state, found.attempt) == ("pending", rival.attempt)


def test_a_refusal_that_finds_the_cart_bought_is_that_purchase(counter: Counter) -> None:
    cart = counter.cart()
    bought: list[Receipt] = []

    def rival(attempt: Attempt) -> None:
        opened = counter.carts.unpurchase(OWNER, cart.id, attempt)
        receipt = receipt_for(counter.mark(opened))
        counter.carts.purchase(OWNER, cart.id, receipt)
        bought.append(receipt)

    counter.processor.meanwhile, counter.processor.change = rival, cancelled
    assert [counter.buy(cart)] == bought


def test_a_record_that_finds_another_attempt_is_told_and_changes_nothing(
    counter: Counter, waiting: Cart
) -> None:
    rival = Rival(counter)
    counter.processor.meanwhile = rival
    with pytest.raises(RestoreData, match="does not"):
        counter.buy(waiting)
    found = counter.found(waiting)
    assert (found.state, found.attempt, found.receipt) == ("pending", rival.attempt, None)


def test_a_charge_that_finds_the_cart_open_is_told_and_changes_nothing(counter: Counter) -> None:
    cart = counter.cart()
    counter.processor.meanwhile = lambda attempt: counter.carts.unpurchase(OWNER, cart.id, attempt)
    with pytest.raises(RestoreData, match=r"17\.80 USD"):
        counter.buy(cart)
    assert (counter.found(cart).state, counter.found(cart).receipt) == ("open", None)


def test_a_charge_that_another_call_has_recorded_is_the_same_purchase(counter: Counter) -> None:
    cart = counter.cart()

    def settle(attempt: Attempt) -> None:
        receipt = receipt_for(attempt)._replace(purchased=attempt.created)
        counter.carts.purchase(OWNER, cart.id, receipt)

    counter.processor.meanwhile = settle
    receipt = counter.buy(cart)
    assert counter.found(cart).receipt == receipt
    assert len(counter.processor.asked) == 1


@pytest.fixture
def free(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Cart:
    """A cart that comes to nothing. What is `later` happens after it was marked."""
    charge = FreeProcessor.charge

    def slowly(self: FreeProcessor, attempt: Attempt, source: Source) -> Payment:
        while counter.later:
            counter.later.pop()()
        return charge(self, attempt, source)

    monkeypatch.setattr(FreeProcessor, "charge", slowly)
    return counter.cart("FREE", "0")


def _opens(counter: Counter, cart: Cart) -> None:
    attempt = counter.found(cart).attempt
    assert attempt
    counter.carts.unpurchase(OWNER, cart.id, attempt)


def test_a_free_cart_that_somebody_opens_is_not_bought(counter: Counter, free: Cart) -> None:
    counter.later = [lambda: _opens(counter, free)]
    with pytest.raises(VersionConflict) as told:
        counter.buy(free, None)
    assert "charged nothing" in told.value.hint
    assert counter.found(free).state == "open"


def test_a_free_cart_that_somebody_else_has_bought_is_that_purchase(
    counter: Counter, free: Cart
) -> None:
    bought: list[Receipt] = []

    def rival() -> None:
        _opens(counter, free)
        receipt = receipt_for(counter.mark(free), None)
        counter.carts.purchase(OWNER, free.id, receipt)
        bought.append(receipt)

    counter.later = [rival]
    assert counter.purchase(free, None) == (bought[0], "settled an earlier attempt")


def test_a_cart_that_changed_is_charged_as_it_then_is(counter: Counter) -> None:
    cart = counter.cart()

    def change() -> None:
        counter.put(cart, MUG=3, TEA=1)
        counter.offer("9.50")

    counter.offer("9.10")
    counter.meanwhile = [change]
    receipt = counter.buy(cart)
    (attempt,) = counter.processor.asked
    priced = [(ln.sku, ln.price.decimal, ln.quantity) for ln in attempt.lines]
    assert priced == [("MUG", "9.50", 3), ("TEA", "12.80", 1)]
    assert attempt.amount == receipt.amount == Money("41.30", "USD")
    assert attempt.quote == receipt.quote == counter.found(cart).quote


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        ({"MUG": 3}, "comes to 26.70 USD, not to 17.80 USD"),
        ({}, "is empty"),
        ({"X": 1}, "no longer"),
    ],
    ids=["another total", "empty", "no longer sold"],
)
def test_a_cart_that_changed_is_refused_as_it_then_is(
    counter: Counter, contents: dict[str, int], reason: str
) -> None:
    cart = counter.cart()
    counter.meanwhile = [lambda: counter.put(cart, **contents)]
    with pytest.raises(ReviewCart, match=reason):
        counter.buy(cart, expect="17.80")
    assert counter.processor.asked == []
    assert (counter.found(cart).state, counter.found(cart).contents) == ("open", contents)


def test_what_came_to_nothing_and_does_no_longer_needs_a_card(counter: Counter) -> None:
    cart = counter.cart("FREE", "0")
    counter.meanwhile = [lambda: counter.put(cart, FREE=2, MUG=1)]
    with pytest.raises(GiveCard, match=r"comes to 8\.90 USD and no card"):
        counter.buy(cart, None)
    assert counter.processor.told == []
    assert counter.found(cart).state == "open"


def test_a_cart_that_another_call_has_marked_is_not_charged(counter: Counter) -> None:
    cart = counter.cart()
    marked: list[Attempt] = []
    counter.meanwhile = [lambda: marked.append(counter.mark(cart))]
    with pytest.raises(CheckOutAgain):
        counter.buy(cart)
    assert counter.processor.asked == []
    assert [counter.found(cart).attempt] == marked


def test_a_cart_that_another_call_has_bought_is_not_charged(counter: Counter) -> None:
    cart = counter.cart()

    def rival() -> None:
        attempt = counter.mark(cart)
        counter.carts.purchase(OWNER, cart.id, receipt_for(attempt))

    counter.meanwhile = [rival]
    with pytest.raises(ReviewCart, match="is purchased"):
        counter.buy(cart)
    assert counter.processor.asked == []
    assert counter.found(cart).state == "purchased"
