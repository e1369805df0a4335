"""What every cart DB promises about carts that are being paid: compare-and-set on the attempt."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from cartcli import Cart, Money, Receipt
from cartcli.cart_db import CartDb
from cartcli.errors import (
    CheckOutAgain,
    ChooseExisting,
    FixInput,
    RestoreData,
    ReviewCart,
    VersionConflict,
)
from cartcli.model.changes import Remove
from cartcli.model.order import Attempt, Waiting
from cartcli.model.quote import Entry, Quote
from cartcli.testing.fixtures import OpenCarts
from cartcli.testing.suites.cart_db import MINE, THEIRS
from cartcli.testing.values import Clock, add, attempt_for, line, receipt_for

OTHER_KEY: Final = "0" * 32


@pytest.fixture
def opened(carts: CartDb) -> Cart:
    return carts.create(MINE, [add("MUG", 2), add("TEA", 1, "12.345")], currency="USD")


@pytest.fixture
def attempt(opened: Cart, clock: Clock) -> Attempt:
    """An attempt to pay `opened`, at a price that has changed, which has no reference yet."""
    clock.move(hours=1)
    today = (line("MUG", 2, "9.90"), line("TEA", 1, "12.345"))
    quote = Quote.of(today, "USD", was=opened.lines[:1])
    return attempt_for(opened)._replace(quote=quote, amount=quote.total, reference="")


@pytest.fixture
def bound(attempt: Attempt) -> Attempt:
    """The same attempt with its reference."""
    return attempt._replace(reference="ref_1")


@pytest.fixture
def pending(carts: CartDb, opened: Cart, attempt: Attempt, bound: Attempt) -> Cart:
    """`opened`, which waits for the outcome of its bound attempt."""
    carts.mark(MINE, opened.id, attempt, if_version=1)
    return carts.bind(MINE, opened.id, bound)


@pytest.fixture
def bought(carts: CartDb, pending: Cart, bound: Attempt) -> Cart:
    return carts.purchase(MINE, pending.id, receipt_for(bound))


def test_an_attempt_marks_the_open_cart(
    carts: CartDb, open_carts: OpenCarts, opened: Cart, attempt: Attempt, clock: Clock
) -> None:
    marked = carts.mark(MINE, opened.id, attempt, if_version=1)
    assert marked == opened._replace(state="pending", attempt=attempt, updated=clock.now, version=2)
    assert (marked.total, marked.lines) == (Money("32.15", "USD"), opened.lines)
    assert open_carts().find(MINE) == [marked]


def test_a_cart_is_marked_at_the_version_that_was_priced(
    carts: CartDb, opened: Cart, attempt: Attempt
) -> None:
    changed = carts.update(MINE, opened.id, [Remove("TEA")])
    for version in (0, 1, 3):
        with pytest.raises(VersionConflict):
            carts.mark(MINE, opened.id, attempt, if_version=version)
    assert carts.find(MINE) == [changed]


def test_only_an_open_cart_is_marked(carts: CartDb, pending: Cart, bound: Attempt) -> None:
    other = attempt_for(pending)
    for again in (bound, other):
        with pytest.raises(CheckOutAgain):
            carts.mark(MINE, pending.id, again, if_version=pending.version)
    assert carts.find(MINE) == [pending]
    bought = carts.purchase(MINE, pending.id, receipt_for(bound))
    with pytest.raises(ReviewCart):
        carts.mark(MINE, bought.id, other, if_version=bought.version)
    assert carts.find(MINE) == [bought]


def test_an_attempt_that_does_not_fit_is_not_kept(
    carts: CartDb, opened: Cart, attempt: Attempt
) -> None:
    subtotal, total = attempt.quote.entries
    more = Entry("fee", "Fee", Money(1, "USD"))
    sold_out = Quote.of(attempt.lines, "USD", unsold=["TEA"])
    wrong = [
        attempt._replace(cart="0" * 8 + opened.id[8:]),
        attempt._replace(key="a key"),
        attempt._replace(amount=Money("32.16", "USD")),
        attempt._replace(amount=Money("32.15", "EUR")),
        attempt._replace(quote=attempt.quote._replace(unsold=("TEA",))),
        attempt._replace(quote=sold_out, amount=sold_out.total),
        attempt._replace(quote=attempt.quote._replace(entries=(subtotal, more, total))),
        attempt._replace(quote=attempt.quote._replace(entries=(total,))),
        attempt._replace(quote=attempt.quote._replace(entries=(subtotal, total, total))),
    ]
    for misfit in wrong:
        with pytest.raises(FixInput):
            carts.mark(MINE, opened.id, misfit, if_version=1)
    assert carts.find(MINE) == [opened]
    fee = attempt.quote._replace(
        entries=(subtotal, more, Entry("total", "T", total.amount + more.amount))
    )
    attempt = attempt._replace(quote=fee, amount=fee.total)
    marked = carts.mark(MINE, opened.id, attempt, if_version=1)
    assert carts.find(MINE) == [marked]
    assert marked.attempt == attempt


def test_the_pending_attempt_gets_its_reference(
    carts: CartDb,
    open_carts: OpenCarts,
    opened: Cart,
    attempt: Attempt,
    bound: Attempt,
    clock: Clock,
) -> None:
    marked = carts.mark(MINE, opened.id, attempt, if_version=1)
    clock.move(hours=1)
    cart = carts.bind(MINE, opened.id, bound)
    assert cart == marked._replace(attempt=bound, updated=clock.now, version=3)
    assert open_carts().find(MINE) == [cart]


def test_what_is_waited_for_is_bound_as_often_as_it_changes(
    carts: CartDb, open_carts: OpenCarts, pending: Cart, bound: Attempt, clock: Clock
) -> None:
    waits = (
        Waiting("the bank asks the customer"),
        Waiting("the customer pays", "https://pay.example/1", clock.now + timedelta(minutes=30)),
        None,
    )
    for number, waiting in enumerate(waits):
        attempt = bound._replace(waiting=waiting)
        cart = carts.bind(MINE, pending.id, attempt)
        assert (cart.attempt, cart.version) == (attempt, pending.version + 1 + number)
        assert open_carts().find(MINE) == [cart]


def test_what_is_bound_again_changes_nothing(
    carts: CartDb, pending: Cart, bound: Attempt, clock: Clock
) -> None:
    waiting = bound._replace(waiting=Waiting("the bank asks", "", clock.now))
    cart = carts.bind(MINE, pending.id, waiting)
    clock.move(hours=1)
    assert carts.bind(MINE, pending.id, waiting) == cart
    assert carts.find(MINE) == [cart]


def test_a_reference_is_given_once_and_to_its_attempt(
    carts: CartDb, opened: Cart, pending: Cart, attempt: Attempt, bound: Attempt
) -> None:
    others = (
        attempt,  # takes it away
        attempt._replace(waiting=Waiting("the bank asks")),
        bound._replace(reference="ref_2"),
        bound._replace(key=OTHER_KEY),
        bound._replace(amount=Money(1, "USD")),
        bound._replace(quote=Quote.of(opened.lines, "USD")),
        bound._replace(processor="another"),
    )
    for other in others:
        with pytest.raises(VersionConflict):
            carts.bind(MINE, pending.id, other)
    assert carts.find(MINE) == [pending]


def test_only_a_pending_cart_is_bound(
    carts: CartDb, opened: Cart, attempt: Attempt, bound: Attempt
) -> None:
    with pytest.raises(VersionConflict):
        carts.bind(MINE, opened.id, bound)
    carts.mark(MINE, opened.id, attempt, if_version=1)
    carts.bind(MINE, opened.id, bound)
    bought = carts.purchase(MINE, opened.id, receipt_for(bound))
    with pytest.raises(VersionConflict):
        carts.bind(MINE, opened.id, bound)
    assert carts.find(MINE) == [bought]


def test_a_receipt_makes_the_pending_cart_purchased(
    carts: CartDb, open_carts: OpenCarts, pending: Cart, bound: Attempt
) -> None:
    receipt = receipt_for(bound)._replace(brand="mastercard", last4="5454")
    bought = carts.purchase(MINE, pending.id, receipt)
    assert bought == pending._replace(
        state="purchased",
        receipt=receipt,
        updated=receipt.purchased,
        version=pending.version + 1,
    )
    assert (bought.total, bought.quote) == (receipt.amount, receipt.quote)
    assert open_carts().find(MINE) == [bought]


def test_what_came_to_nothing_has_a_receipt_without_a_payment(carts: CartDb) -> None:
    cart = carts.create(MINE, [add(price="0")], currency="USD")
    attempt = attempt_for(cart)._replace(processor="none", brand="", last4="")
    carts.mark(MINE, cart.id, attempt, if_version=1)
    bought = carts.purchase(MINE, cart.id, receipt_for(attempt, None))
    assert carts.find(MINE) == [bought]
    assert bought.receipt
    assert bought.receipt.payment is None


def test_the_same_receipt_again_changes_nothing(
    carts: CartDb, bought: Cart, bound: Attempt, clock: Clock
) -> None:
    clock.move(hours=1)
    assert carts.purchase(MINE, bought.id, receipt_for(bound)) == bought
    assert carts.find(MINE) == [bought]


def others_than(receipt: Receipt) -> list[Receipt]:
    """Receipts that are not for the attempt of this one."""
    return [
        receipt._replace(cart="0" * 8 + receipt.cart[8:]),
        receipt._replace(key=OTHER_KEY),  # even for the same amount
        receipt._replace(reference="ref_2"),
        receipt._replace(amount=Money("32.14", "USD")),
        receipt._replace(amount=Money(receipt.amount.amount, "EUR")),
        receipt._replace(quote=receipt.quote._replace(was=())),
    ]


def test_a_receipt_of_another_attempt_is_refused(
    carts: CartDb, pending: Cart, bound: Attempt
) -> None:
    for other in others_than(receipt_for(bound)):
        with pytest.raises(RestoreData):
            carts.purchase(MINE, pending.id, other)
    assert carts.find(MINE) == [pending]


def test_another_receipt_of_a_purchased_cart_is_refused(
    carts: CartDb, bought: Cart, bound: Attempt
) -> None:
    receipt = receipt_for(bound)
    for other in (receipt_for(bound, "pay_2"), *others_than(receipt)):
        with pytest.raises(RestoreData):
            carts.purchase(MINE, bought.id, other)
    assert carts.find(MINE) == [bought]


def test_what_waits_for_nothing_takes_no_receipt(
    carts: CartDb, opened: Cart, attempt: Attempt, bound: Attempt
) -> None:
    with pytest.raises(RestoreData):
        carts.purchase(MINE, opened.id, receipt_for(bound))
    assert carts.find(MINE) == [opened]
    marked = carts.mark(MINE, opened.id, attempt, if_version=1)
    for receipt in (receipt_for(attempt), receipt_for(bound)):  # it was never bound
        with pytest.raises(RestoreData):
            carts.purchase(MINE, opened.id, receipt)
    assert carts.find(MINE) == [marked]


def test_a_cart_opens_again_as_it_was(
    carts: CartDb, open_carts: OpenCarts, opened: Cart, pending: Cart, bound: Attempt, clock: Clock
) -> None:
    clock.move(hours=1)
    cart = carts.unpurchase(MINE, pending.id, bound)
    assert cart == opened._replace(updated=clock.now, version=pending.version + 1)
    assert open_carts().find(MINE) == [cart]
    assert carts.mark(MINE, cart.id, attempt_for(cart), if_version=cart.version).attempt


def test_an_open_cart_stays_as_it_is(
    carts: CartDb, opened: Cart, attempt: Attempt, clock: Clock
) -> None:
    clock.move(hours=1)
    assert carts.unpurchase(MINE, opened.id, attempt) == opened
    assert carts.find(MINE) == [opened]


def test_a_cart_does_not_open_but_by_the_whole_attempt(
    carts: CartDb, pending: Cart, attempt: Attempt, bound: Attempt, clock: Clock
) -> None:
    """Least of all by the attempt as it was before it was bound: whoever saw that one knows nothing
    of the charge that may have begun since."""
    others = (
        attempt,
        bound._replace(key=OTHER_KEY),
        bound._replace(reference="ref_2"),
        bound._replace(amount=Money(1, "USD")),
        bound._replace(waiting=Waiting("the bank asks")),
        bound._replace(created=clock.now + timedelta(seconds=1)),
    )
    for other in others:
        with pytest.raises(VersionConflict):
            carts.unpurchase(MINE, pending.id, other)
    assert carts.find(MINE) == [pending]


def test_an_attempt_of_before_does_not_open_the_next_one(
    carts: CartDb, pending: Cart, bound: Attempt
) -> None:
    opened = carts.unpurchase(MINE, pending.id, bound)
    marked = carts.mark(MINE, opened.id, attempt_for(opened), if_version=opened.version)
    with pytest.raises(VersionConflict):
        carts.unpurchase(MINE, opened.id, bound)
    with pytest.raises(RestoreData):
        carts.purchase(MINE, opened.id, receipt_for(bound))
    assert carts.find(MINE) == [marked]


def test_a_purchased_cart_never_opens_again(
    carts: CartDb, bought: Cart, attempt: Attempt, bound: Attempt
) -> None:
    for one in (attempt, bound, attempt_for(bought)):
        with pytest.raises(ReviewCart):
            carts.unpurchase(MINE, bought.id, one)
    assert carts.find(MINE) == [bought]


def test_purchased_carts_outlive_changes_of_others(carts: CartDb, bought: Cart) -> None:
    other, third = (carts.create(MINE, [add()], currency="USD") for _ in range(2))
    changed = carts.update(MINE, other.id, [Remove("MUG")])
    carts.delete(MINE, third.id)
    assert carts.find(MINE, which="purchased") == [bought]
    assert carts.find(MINE, which="unpurchased") == [changed]


def test_a_cart_of_another_owner_cannot_be_paid(
    carts: CartDb, pending: Cart, bound: Attempt
) -> None:
    with pytest.raises(ChooseExisting):
        carts.purchase(THEIRS, pending.id, receipt_for(bound))
    assert carts.find(MINE) == [pending]


def test_an_attempt_for_other_contents_gives_the_cart_its_lines(carts: CartDb) -> None:
    """An old copy of the cart does not know what was in it when it was charged."""
    cart = carts.create(MINE, [add("MUG", 2)], currency="USD")
    bought = attempt_for(cart._replace(lines=(line("TEA", 3, "12.345"),)))
    marked = carts.mark(MINE, cart.id, bought, if_version=cart.version)
    assert marked.lines == bought.lines
    assert carts.purchase(MINE, cart.id, receipt_for(bought)).lines == bought.lines
