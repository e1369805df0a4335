"""The locks of the cart DB on files: OWNER, which a unit of work holds, and PAY, which a payment
does. Other cart DBs keep the same promises by other means."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cartcli import Cart, Line
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.errors import RetryLater, WaitForPayment
from tests.helpers import ALICE, BOB, Clock, at_once, line

Open = Callable[[float], CartDb]


@pytest.fixture
def waiting(store: Path, clock: Clock) -> Open:
    """Opens the carts of the store, with the seconds to wait for a lock."""
    return lambda seconds: open_cart_db(str(store), seconds, clock)


@pytest.fixture
def carts(waiting: Open) -> CartDb:
    return waiting(30)


@pytest.fixture
def cart(carts: CartDb) -> Cart:
    return carts.create(ALICE, [line()], "USD")


def one_more(cart: Cart) -> list[Line]:
    """A change that adds one to every line."""
    return [line._replace(quantity=line.quantity + 1) for line in cart.lines]


def never(cart: Cart) -> list[Line]:
    """A change that must not be asked for."""
    pytest.fail(f"{cart} was to be changed")


def test_a_unit_of_work_keeps_out_its_owner_and_nobody_else(
    carts: CartDb, waiting: Open, cart: Cart
) -> None:
    impatient = waiting(0)

    def change(present: Cart) -> list[Line]:
        with pytest.raises(RetryLater):
            impatient.update(ALICE, cart.id, never)
        with pytest.raises(RetryLater):
            impatient.create(ALICE, [], "USD")
        assert impatient.find(ALICE) == [cart]
        impatient.create(BOB, [line()], "USD")
        return one_more(present)

    carts.update(ALICE, cart.id, change)
    assert impatient.update(ALICE, cart.id, one_more).contents == {"MUG": 3}
    assert len(carts.find(BOB)) == 1


def test_a_unit_of_work_that_raises_lets_the_next_one_in(
    carts: CartDb, waiting: Open, cart: Cart
) -> None:
    def change(_: Cart) -> list[Line]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        carts.update(ALICE, cart.id, change)
    assert waiting(0).update(ALICE, cart.id, one_more).contents == {"MUG": 2}


def test_a_payment_keeps_out_other_payments_of_its_cart(
    carts: CartDb, waiting: Open, cart: Cart
) -> None:
    brief = waiting(0.01)
    with (
        carts.paying(ALICE, cart.id),
        pytest.raises(WaitForPayment),
        brief.paying(ALICE, cart.id),
    ):
        pytest.fail("two payments of one cart at once")
    with brief.paying(ALICE, cart.id):
        pass


def test_who_is_impatient_does_not_wait_for_a_payment(
    carts: CartDb, waiting: Open, cart: Cart
) -> None:
    patient = waiting(100_000)

    def pay() -> None:
        with patient.paying(ALICE, cart.id, patient=False):
            pass

    with ThreadPoolExecutor() as pool, carts.paying(ALICE, cart.id):
        payment = pool.submit(pay)
        with pytest.raises(WaitForPayment):
            payment.result(timeout=30)  # waited for only if it waits, too


def test_a_payment_keeps_out_nothing_else(carts: CartDb, waiting: Open, cart: Cart) -> None:
    impatient = waiting(0)
    theirs = carts.create(BOB, [line()], "USD")
    with carts.paying(ALICE, cart.id):
        assert impatient.find(ALICE) == [cart]
        assert impatient.update(ALICE, cart.id, lambda _: ()).lines == ()
        impatient.create(ALICE, [], "USD")
        with impatient.paying(BOB, theirs.id, patient=False):
            pass


def test_a_payment_that_raises_lets_the_next_one_in(carts: CartDb, cart: Cart) -> None:
    with pytest.raises(ZeroDivisionError), carts.paying(ALICE, cart.id):
        raise ZeroDivisionError
    with carts.paying(ALICE, cart.id, patient=False):
        pass


def test_a_payment_waits_for_the_one_before(carts: CartDb, cart: Cart) -> None:
    inside = 0

    def pay(_: int) -> int:
        nonlocal inside
        with carts.paying(ALICE, cart.id):
            inside += 1
            together = inside
            carts.update(ALICE, cart.id, lambda present: present.lines)
            inside -= 1
        return together

    assert at_once(4, pay) == [1] * 4
