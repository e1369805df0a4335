"""What every cart DB promises about carts that are being paid: compare-and-set with keys."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cartcli import Cart, Line, Money, Receipt
from cartcli.cart_db import CartDb, Step
from cartcli.errors import (
    CheckOutAgain,
    ChooseExisting,
    RestoreData,
    ReviewCart,
    WaitForPayment,
)
from cartcli.model.order import Attempt
from tests.contract.conftest import OpenCarts
from tests.helpers import ALICE, BOB, Clock, at_once, attempt_for, line, receipt_for

OTHER_KEY = "0" * 32


def give(outcome: Attempt | Receipt) -> Step:
    """The step to `outcome`, whatever the cart is."""
    return lambda _: outcome


@dataclass(frozen=True)
class Pending:
    """A cart that waits for the outcome of its attempt."""

    cart: Cart
    attempt: Attempt


@pytest.fixture
def opened(carts: CartDb) -> Cart:
    return carts.create(ALICE, [line("MUG", 2), line("TEA", 1, "12.345")], "USD")


@pytest.fixture
def pending(carts: CartDb, opened: Cart, clock: Clock) -> Pending:
    clock.move(hours=1)
    attempt = attempt_for(opened)
    carts.purchase(ALICE, opened.id, give(attempt))
    (cart,) = carts.find(ALICE)
    return Pending(cart, attempt)


@pytest.fixture
def receipt(pending: Pending) -> Receipt:
    return receipt_for(pending.attempt)


@pytest.fixture
def bought(carts: CartDb, pending: Pending, receipt: Receipt) -> Cart:
    return carts.purchase(ALICE, pending.cart.id, give(receipt))


def test_an_attempt_marks_the_open_cart(
    carts: CartDb, open_carts: OpenCarts, opened: Cart, clock: Clock
) -> None:
    clock.move(hours=1)
    today = (line("MUG", 2, "9.90"),)  # prices are frozen in the attempt
    attempt = attempt_for(opened)._replace(lines=today, amount=Money("19.80", "USD"))
    seen: list[Cart] = []

    def step(cart: Cart) -> Attempt:
        seen.append(cart)
        return attempt

    marked = carts.purchase(ALICE, opened.id, step)
    assert seen == [opened]
    assert marked == opened._replace(
        state="pending", lines=today, attempt=attempt, updated=clock.now
    )
    assert open_carts().find(ALICE) == [marked]


def test_a_receipt_makes_the_pending_cart_purchased(
    carts: CartDb, open_carts: OpenCarts, pending: Pending, receipt: Receipt
) -> None:
    bought = carts.purchase(ALICE, pending.cart.id, give(receipt))
    assert (bought.state, bought.receipt, bought.attempt) == ("purchased", receipt, pending.attempt)
    assert (bought.lines, bought.total) == (receipt.lines, receipt.amount)
    assert open_carts().find(ALICE) == [bought]


def test_the_same_receipt_again_changes_nothing(
    carts: CartDb, bought: Cart, receipt: Receipt, clock: Clock
) -> None:
    clock.move(hours=1)
    assert carts.purchase(ALICE, bought.id, give(receipt)) == bought
    assert carts.find(ALICE) == [bought]


def test_a_receipt_may_be_of_another_key_if_the_amount_is_the_same(
    carts: CartDb, pending: Pending, receipt: Receipt
) -> None:
    earlier = receipt._replace(key=OTHER_KEY)  # the order had been captured under that key
    assert carts.purchase(ALICE, pending.cart.id, give(earlier)).receipt == earlier


def test_another_receipt_of_a_purchased_cart_is_refused(
    carts: CartDb, bought: Cart, receipt: Receipt
) -> None:
    others = (
        receipt._replace(payment="pay_2"),
        receipt._replace(key=OTHER_KEY),
        receipt._replace(amount=Money(1, "USD")),
    )
    for other in others:
        with pytest.raises(RestoreData):
            carts.purchase(ALICE, bought.id, give(other))
    assert carts.find(ALICE) == [bought]


def test_a_receipt_of_another_amount_is_refused(
    carts: CartDb, pending: Pending, receipt: Receipt
) -> None:
    for amount in (Money("30.14", "USD"), Money(receipt.amount.amount, "EUR")):
        wrong = receipt._replace(amount=amount)
        with pytest.raises(RestoreData):
            carts.purchase(ALICE, pending.cart.id, give(wrong))
    assert carts.find(ALICE) == [pending.cart]


def test_an_open_cart_takes_no_receipt(carts: CartDb, opened: Cart) -> None:
    with pytest.raises(RestoreData):
        carts.purchase(ALICE, opened.id, lambda cart: receipt_for(attempt_for(cart)))
    assert carts.find(ALICE) == [opened]


def test_only_an_open_cart_is_marked(carts: CartDb, pending: Pending) -> None:
    with pytest.raises(CheckOutAgain):
        carts.purchase(ALICE, pending.cart.id, attempt_for)
    assert carts.find(ALICE) == [pending.cart]
    bought = carts.purchase(ALICE, pending.cart.id, give(receipt_for(pending.attempt)))
    with pytest.raises(ReviewCart):
        carts.purchase(ALICE, bought.id, attempt_for)
    assert carts.find(ALICE) == [bought]


def test_a_step_that_raises_changes_nothing(carts: CartDb, opened: Cart) -> None:
    def step(cart: Cart) -> Attempt:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        carts.purchase(ALICE, opened.id, step)
    assert carts.find(ALICE) == [opened]


def test_a_cart_opens_again_with_its_key(
    carts: CartDb, open_carts: OpenCarts, pending: Pending, clock: Clock
) -> None:
    clock.move(hours=1)
    cart = carts.unpurchase(ALICE, pending.cart.id, pending.attempt.key)
    assert cart == pending.cart._replace(state="open", attempt=None, updated=clock.now)
    assert open_carts().find(ALICE) == [cart]
    assert carts.purchase(ALICE, cart.id, attempt_for).state == "pending"


def test_an_open_cart_stays_as_it_is(carts: CartDb, opened: Cart, clock: Clock) -> None:
    clock.move(hours=1)
    assert carts.unpurchase(ALICE, opened.id, OTHER_KEY) == opened
    assert carts.find(ALICE) == [opened]


def test_a_cart_does_not_open_with_another_key(carts: CartDb, pending: Pending) -> None:
    with pytest.raises(RestoreData):
        carts.unpurchase(ALICE, pending.cart.id, OTHER_KEY)
    assert carts.find(ALICE) == [pending.cart]


def test_a_purchased_cart_never_opens_again(carts: CartDb, bought: Cart, receipt: Receipt) -> None:
    for key in (receipt.key, OTHER_KEY):
        with pytest.raises(ReviewCart):
            carts.unpurchase(ALICE, bought.id, key)
    assert carts.find(ALICE) == [bought]


def test_purchased_carts_outlive_updates_of_others(carts: CartDb, bought: Cart) -> None:
    other = carts.create(ALICE, [line()], "USD")
    changed = carts.update(ALICE, other.id, lambda _: [])
    assert carts.find(ALICE, which="purchased") == [bought]
    assert carts.find(ALICE, which="unpurchased") == [changed]


def test_of_racing_marks_one_wins(carts: CartDb, opened: Cart) -> None:
    results = at_once(6, lambda _: carts.purchase(ALICE, opened.id, attempt_for))
    (won,) = (result for result in results if isinstance(result, Cart))
    assert sum(isinstance(result, CheckOutAgain) for result in results) == 5
    assert carts.find(ALICE)[0].attempt == won.attempt


def test_of_a_receipt_and_an_opening_that_race_one_wins(
    open_carts: OpenCarts, carts: CartDb, clock: Clock
) -> None:
    for _ in range(5):
        attempt = carts.purchase(
            ALICE, carts.create(ALICE, [line()], "USD").id, attempt_for
        ).attempt
        assert attempt

        def settle(number: int, attempt: Attempt = attempt) -> Cart:
            handle = open_carts()
            if number:
                return handle.unpurchase(ALICE, attempt.cart, attempt.key)
            return handle.purchase(ALICE, attempt.cart, give(receipt_for(attempt)))

        receipt, opening = at_once(2, settle)
        (cart,) = carts.find(ALICE, attempt.cart)
        if cart.state == "purchased":
            assert (receipt, type(opening)) == (cart, ReviewCart)
        else:
            assert (type(receipt), opening) == (RestoreData, cart)


def pay(carts: CartDb, cart: Cart) -> Receipt | None:
    """Check the cart out as a careful caller does; its receipt, if it has one then."""
    with carts.paying(ALICE, cart.id):
        (found,) = carts.find(ALICE, cart.id)
        if found.state == "open":
            attempt = attempt_for(found)
            carts.purchase(ALICE, cart.id, give(attempt))
            found = carts.purchase(ALICE, cart.id, give(receipt_for(attempt, attempt.key)))
    return found.receipt


def test_of_racing_payments_one_counts(carts: CartDb, open_carts: OpenCarts, opened: Cart) -> None:
    results = at_once(8, lambda _: pay(open_carts(), opened))
    told = [result for result in results if isinstance(result, Exception)]
    assert {type(error) for error in told} <= {CheckOutAgain, WaitForPayment, ReviewCart}
    (bought,) = carts.find(ALICE)
    assert bought.receipt
    receipts = {result for result in results if not isinstance(result, Exception)}
    assert receipts == {bought.receipt}
    assert pay(carts, opened) == bought.receipt


def test_without_the_courtesy_of_paying_one_counts_as_well(
    carts: CartDb, open_carts: OpenCarts, opened: Cart
) -> None:
    def rush(_: int) -> Cart:
        handle = open_carts()
        attempt = attempt_for(opened)
        handle.purchase(ALICE, opened.id, give(attempt))
        return handle.purchase(ALICE, opened.id, give(receipt_for(attempt, attempt.key)))

    results = at_once(8, rush)
    (bought,) = carts.find(ALICE)
    assert [result for result in results if isinstance(result, Cart)] == [bought]
    errors = {type(result) for result in results if isinstance(result, Exception)}
    assert errors <= {CheckOutAgain, ReviewCart}


def test_all_else_goes_on_while_a_cart_is_paid(
    carts: CartDb, open_carts: OpenCarts, opened: Cart
) -> None:
    handle = open_carts()
    other = carts.create(ALICE, [line()], "USD")
    theirs = carts.create(BOB, [line()], "USD")
    with carts.paying(ALICE, opened.id):
        assert opened in handle.find(ALICE)
        assert handle.update(ALICE, other.id, lambda _: ()).lines == ()
        handle.create(ALICE, [], "USD")
        with handle.paying(BOB, theirs.id):
            assert handle.purchase(BOB, theirs.id, attempt_for).state == "pending"
    assert len(carts.find(ALICE)) == 3


def test_a_payment_that_raises_lets_the_next_one_in(carts: CartDb, opened: Cart) -> None:
    with pytest.raises(ZeroDivisionError), carts.paying(ALICE, opened.id):
        raise ZeroDivisionError
    assert pay(carts, opened)


def test_the_lines_of_a_receipt_keep_their_prices(carts: CartDb, pending: Pending) -> None:
    frozen: tuple[Line, ...] = (line("MUG", 2, "15.0725"),)
    receipt = receipt_for(pending.attempt)._replace(lines=frozen)
    bought = carts.purchase(ALICE, pending.cart.id, give(receipt))
    (found,) = carts.find(ALICE)
    assert found.lines == bought.lines == frozen


def test_a_cart_of_another_user_cannot_be_paid(carts: CartDb, pending: Pending) -> None:
    with pytest.raises(ChooseExisting):
        carts.purchase(BOB, pending.cart.id, give(receipt_for(pending.attempt)))
    assert carts.find(ALICE) == [pending.cart]
