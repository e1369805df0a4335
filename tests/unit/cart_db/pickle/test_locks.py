"""The locks of the cart DB on files: OWNER, which a unit of work holds, and PAY, which a payment
does. Other cart DBs keep the same promises by other means."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.errors import RetryLater, ReviewCart, WaitForPayment
from cartcli.model.changes import Remove
from tests.helpers import ALICE, BOB, Clock, add, at_once

MINE: Final = ALICE.owner
THEIRS: Final = BOB.owner
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
    return carts.create(MINE, [add()], currency="USD")


def test_a_unit_of_work_keeps_out_its_owner_and_nobody_else(
    store: Path, waiting: Open, cart: Cart, clock: Clock
) -> None:
    impatient = waiting(0)
    asked: list[datetime] = []

    def within() -> datetime:
        """What time it is, which is asked for within the unit of work."""
        with pytest.raises(RetryLater):
            impatient.update(MINE, cart.id, [add()])
        with pytest.raises(RetryLater):
            impatient.create(MINE, currency="USD")
        assert impatient.find(MINE) == [cart]
        impatient.create(THEIRS, [add()], currency="USD")
        asked.append(clock.now)
        return clock.now

    open_cart_db(str(store), 30, within).update(MINE, cart.id, [add()])
    assert impatient.update(MINE, cart.id, [add()]).contents == {"MUG": 3}
    assert len(impatient.find(THEIRS)) == len(asked) == 1


def test_a_unit_of_work_that_raises_lets_the_next_one_in(
    carts: CartDb, waiting: Open, cart: Cart
) -> None:
    with pytest.raises(ReviewCart):
        carts.update(MINE, cart.id, [Remove("MUG", 2)])
    assert waiting(0).update(MINE, cart.id, [add()]).contents == {"MUG": 2}


def test_a_payment_keeps_out_other_payments_of_its_cart(
    carts: CartDb, waiting: Open, cart: Cart
) -> None:
    brief = waiting(0.01)
    with (
        carts.paying(MINE, cart.id),
        pytest.raises(WaitForPayment),
        brief.paying(MINE, cart.id),
    ):
        pytest.fail("two payments of one cart at once")
    with brief.paying(MINE, cart.id):
        pass


def test_who_is_impatient_does_not_wait_for_a_payment(
    carts: CartDb, waiting: Open, cart: Cart
) -> None:
    patient = waiting(100_000)

    def pay() -> None:
        with patient.paying(MINE, cart.id, patient=False):
            pass

    with ThreadPoolExecutor() as pool, carts.paying(MINE, cart.id):
        payment = pool.submit(pay)
        with pytest.raises(WaitForPayment):
            payment.result(timeout=30)  # waited for only if it waits, too


def test_a_payment_keeps_out_nothing_else(carts: CartDb, waiting: Open, cart: Cart) -> None:
    impatient = waiting(0)
    theirs = carts.create(THEIRS, [add()], currency="USD")
    with carts.paying(MINE, cart.id):
        assert impatient.find(MINE) == [cart]
        assert impatient.update(MINE, cart.id, [Remove("MUG")]).lines == ()
        impatient.create(MINE, currency="USD")
        with impatient.paying(THEIRS, theirs.id, patient=False):
            pass


def test_a_payment_that_raises_lets_the_next_one_in(carts: CartDb, cart: Cart) -> None:
    with pytest.raises(ZeroDivisionError), carts.paying(MINE, cart.id):
        raise ZeroDivisionError
    with carts.paying(MINE, cart.id, patient=False):
        pass


def test_a_payment_waits_for_the_one_before(carts: CartDb, cart: Cart) -> None:
    inside = 0

    def pay(_: int) -> int:
        nonlocal inside
        with carts.paying(MINE, cart.id):
            inside += 1
            together = inside
            carts.update(MINE, cart.id, [add()])
            inside -= 1
        return together

    assert at_once(4, pay) == [1] * 4
