"""What every cart DB promises about those who pay one cart at once: exactly one payment counts,
whether or not they take the courtesy of `paying`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from cartcli import Cart, CartError, Receipt
from cartcli.cart_db import CartDb
from cartcli.errors import (
    CheckOutAgain,
    RestoreData,
    ReviewCart,
    VersionConflict,
    WaitForPayment,
)
from cartcli.model.changes import Remove
from cartcli.testing.fixtures import OpenCarts
from cartcli.testing.suites.cart_db import MINE, THEIRS
from cartcli.testing.values import add, at_once, attempt_for, receipt_for


@pytest.fixture
def opened(carts: CartDb) -> Cart:
    return carts.create(MINE, [add("MUG", 2)], currency="USD")


def both_at_once(
    one: Callable[[], Cart], other: Callable[[], Cart]
) -> tuple[Cart | Exception, Cart | Exception]:
    """What two callers get who start together."""
    first, second = at_once(2, lambda number: (one, other)[number]())
    return first, second


def rush(carts: CartDb, opened: Cart) -> Cart:
    """Take the cart through a whole checkout of one's own, without `paying`."""
    unbound = attempt_for(opened)._replace(reference="")
    bound = unbound._replace(reference=f"ref {unbound.key}")
    carts.mark(MINE, opened.id, unbound, if_version=opened.version)
    carts.bind(MINE, opened.id, bound)
    return carts.purchase(MINE, opened.id, receipt_for(bound, bound.key))


def pay(carts: CartDb, cart: Cart) -> Receipt | None:
    """Check the cart out as a careful caller does; its receipt, if it has one then."""
    with carts.paying(MINE, cart.id):
        (found,) = carts.find(MINE, cart.id)
        return found.receipt or rush(carts, found).receipt


def test_of_racing_marks_one_wins(carts: CartDb, open_carts: OpenCarts, opened: Cart) -> None:
    results = at_once(
        8, lambda _: open_carts().mark(MINE, opened.id, attempt_for(opened), if_version=1)
    )
    (won,) = (result for result in results if isinstance(result, Cart))
    assert sum(isinstance(result, CheckOutAgain) for result in results) == 7
    assert carts.find(MINE) == [won]


def test_of_racing_references_one_wins(carts: CartDb, open_carts: OpenCarts, opened: Cart) -> None:
    unbound = attempt_for(opened)._replace(reference="")
    carts.mark(MINE, opened.id, unbound, if_version=1)
    results = at_once(
        8,
        lambda number: open_carts().bind(
            MINE, opened.id, unbound._replace(reference=f"ref_{number}")
        ),
    )
    (won,) = (result for result in results if isinstance(result, Cart))
    assert sum(isinstance(result, VersionConflict) for result in results) == 7
    assert carts.find(MINE) == [won]


def test_of_a_binding_and_an_opening_that_race_one_wins(
    carts: CartDb, open_carts: OpenCarts, opened: Cart
) -> None:
    """One prepares a charge, while another finds the attempt unbound and opens the cart again."""
    for _ in range(5):
        (opened,) = carts.find(MINE)
        unbound = attempt_for(opened)._replace(reference="")
        bound = unbound._replace(reference="ref_1")
        carts.mark(MINE, opened.id, unbound, if_version=opened.version)
        binding, opening = both_at_once(
            partial(open_carts().bind, MINE, opened.id, bound),
            partial(open_carts().unpurchase, MINE, opened.id, unbound),
        )
        (cart,) = carts.find(MINE)
        if cart.state == "pending":
            assert (binding, type(opening)) == (cart, VersionConflict)
            carts.unpurchase(MINE, cart.id, bound)
        else:
            assert (type(binding), opening) == (VersionConflict, cart)


def test_of_a_receipt_and_an_opening_that_race_one_wins(
    open_carts: OpenCarts, carts: CartDb
) -> None:
    for _ in range(5):
        opened = carts.create(MINE, [add()], currency="USD")
        attempt = attempt_for(opened)
        carts.mark(MINE, opened.id, attempt, if_version=1)
        receipt, opening = both_at_once(
            partial(open_carts().purchase, MINE, opened.id, receipt_for(attempt)),
            partial(open_carts().unpurchase, MINE, opened.id, attempt),
        )
        (cart,) = carts.find(MINE, opened.id)
        if cart.state == "purchased":
            assert (receipt, type(opening)) == (cart, ReviewCart)
        else:
            assert (type(receipt), opening) == (RestoreData, cart)


def test_of_a_mark_and_a_change_that_race_one_wins(open_carts: OpenCarts, carts: CartDb) -> None:
    """What is charged was never priced before somebody else's change."""
    for _ in range(5):
        opened = carts.create(MINE, [add("MUG", 2)], currency="USD")
        marked, changed = both_at_once(
            partial(open_carts().mark, MINE, opened.id, attempt_for(opened), if_version=1),
            partial(open_carts().update, MINE, opened.id, [Remove("MUG", 1)]),
        )
        (cart,) = carts.find(MINE, opened.id)
        if cart.state == "pending":
            assert (marked, type(changed), cart.lines) == (cart, CheckOutAgain, opened.lines)
        else:
            assert (type(marked), changed) == (VersionConflict, cart)


def test_of_racing_payments_one_counts(carts: CartDb, open_carts: OpenCarts, opened: Cart) -> None:
    results = at_once(8, lambda _: pay(open_carts(), opened))
    told = [result for result in results if isinstance(result, Exception)]
    assert {type(error) for error in told} <= {CheckOutAgain, WaitForPayment, ReviewCart}
    (bought,) = carts.find(MINE)
    assert bought.receipt
    receipts = {result for result in results if not isinstance(result, Exception)}
    assert receipts == {bought.receipt}
    assert pay(carts, opened) == bought.receipt


def test_without_the_courtesy_of_paying_one_counts_as_well(
    carts: CartDb, open_carts: OpenCarts, opened: Cart
) -> None:
    results = at_once(8, lambda _: rush(open_carts(), opened))
    (bought,) = carts.find(MINE)
    assert [result for result in results if isinstance(result, Cart)] == [bought]
    errors = {type(result) for result in results if isinstance(result, Exception)}
    assert errors <= {CheckOutAgain, ReviewCart}


def test_whoever_pays_and_settles_without_courtesy_buys_once(
    carts: CartDb, open_carts: OpenCarts, opened: Cart
) -> None:
    """Each settles what it finds pending as unbound and pays anew, and takes no courtesy: of those
    who charged, which is allowed to who has bound, one alone did."""
    charged: list[str] = []

    def shop(_: int) -> Receipt | None:
        handle = open_carts()
        while True:
            (cart,) = handle.find(MINE, opened.id)
            if cart.receipt:
                return cart.receipt
            try:
                if cart.attempt:
                    handle.unpurchase(MINE, cart.id, cart.attempt._replace(reference=""))
                    continue
                unbound = attempt_for(cart)._replace(reference="")
                bound = unbound._replace(reference=unbound.key)
                handle.mark(MINE, cart.id, unbound, if_version=cart.version)
                handle.bind(MINE, cart.id, bound)
                charged.append(bound.key)
                return handle.purchase(MINE, cart.id, receipt_for(bound, bound.key)).receipt
            except (VersionConflict, CheckOutAgain, ReviewCart):
                continue

    results = at_once(8, shop)
    (bought,) = carts.find(MINE)
    assert bought.receipt
    assert charged == [bought.receipt.key]
    assert results == [bought.receipt] * 8


def test_all_else_goes_on_while_a_cart_is_paid(
    carts: CartDb, open_carts: OpenCarts, opened: Cart
) -> None:
    handle = open_carts()
    other = carts.create(MINE, [add()], currency="USD")
    theirs = carts.create(THEIRS, [add()], currency="USD")
    with carts.paying(MINE, opened.id):
        assert opened in handle.find(MINE)
        assert handle.update(MINE, other.id, [Remove("MUG")]).lines == ()
        handle.create(MINE, currency="USD")
        with handle.paying(THEIRS, theirs.id):
            marked = handle.mark(THEIRS, theirs.id, attempt_for(theirs), if_version=1)
            assert marked.state == "pending"
    assert len(carts.find(MINE)) == 3


def test_a_payment_that_raises_lets_the_next_one_in(carts: CartDb, opened: Cart) -> None:
    with pytest.raises(CartError), carts.paying(MINE, opened.id):
        carts.delete(MINE, "0" * 36)
    assert pay(carts, opened)
