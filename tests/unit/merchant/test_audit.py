"""What an audit makes of records that change while it looks at them, and of those that do not.

It looks twice and compares: what a checkout that runs meanwhile leaves behind itself for an instant
is no disagreement, and what lasts is one. `tests/promises/damage/test_audit.py` shows that each
disagreement is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from cartcli import Cart
from cartcli.cart_db import CartReader, open_cart_db, open_cart_reader
from cartcli.errors import RestoreData
from cartcli.merchant.audit import audit
from cartcli.model.audit import Audit
from cartcli.payment import PaymentProcessor, open_payment
from cartcli.payment.card import Card
from tests.helpers import ALICE, CARD, Clock, attempt_for, line, receipt_for

Event = Callable[[], object]


class Shop:
    """Carts and payments. `meanwhile` is what happens between an audit's looking at the carts and
    its looking at the payments: the first event in its first look, and so on."""

    def __init__(self, store: Path, clock: Clock) -> None:
        self.carts = open_cart_db(str(store), 1, clock)
        self.reader = open_cart_reader(str(store))
        self.processor: PaymentProcessor = open_payment(str(store), 1, 0, clock)
        self.meanwhile: list[Event] = []

    def everything(self) -> Iterator[Cart | RestoreData]:
        """The carts, for the audit."""
        yield from list(self.reader.everything())
        if self.meanwhile:
            self.meanwhile.pop(0)()

    def audit(self) -> Audit:
        return audit(cast(CartReader, self), self.processor)

    def cart(self) -> Cart:
        return self.carts.create(ALICE, [line()], "USD")

    def charge(self, cart: Cart) -> None:
        """Charge what belongs to the `cart`, which stays open."""
        self.processor.charge(attempt_for(cart), Card(CARD))

    def check_out(self, cart: Cart) -> None:
        """Take the `cart` the whole way to purchased."""
        attempt = attempt_for(cart)
        self.carts.purchase(ALICE, cart.id, lambda _: attempt)
        payment = self.processor.charge(attempt, Card(CARD))
        self.carts.purchase(ALICE, cart.id, lambda _: receipt_for(attempt, payment.id))


@pytest.fixture
def shop(store: Path, clock: Clock) -> Shop:
    return Shop(store, clock)


def test_a_checkout_that_runs_meanwhile_is_no_disagreement(shop: Shop) -> None:
    cart = shop.cart()
    shop.meanwhile = [lambda: shop.check_out(cart)]
    assert shop.audit() == Audit(1, 1, [])
    assert shop.meanwhile == []  # it was looked at while the cart still seemed open, but charged


def test_nor_are_two_checkouts_one_in_each_look(shop: Shop) -> None:
    first, second = shop.cart(), shop.cart()
    shop.meanwhile = [lambda: shop.check_out(first), lambda: shop.check_out(second)]
    assert shop.audit() == Audit(2, 2, [])
    assert shop.meanwhile == []
    assert shop.audit() == Audit(2, 2, [])


def test_nor_is_a_new_cart_that_is_bought_at_once(shop: Shop) -> None:
    shop.meanwhile = [lambda: shop.check_out(shop.cart())]
    assert shop.audit() == Audit(1, 1, [])


def test_what_lasts_is_a_disagreement(shop: Shop) -> None:
    charged, busy = shop.cart(), shop.cart()
    shop.charge(charged)
    shop.meanwhile = [lambda: shop.check_out(busy)]
    carts, payments, disagreements = shop.audit()
    assert (carts, payments) == (2, 2)
    assert disagreements == [(charged.id, "open, but charged 8.90 USD")]


def test_what_began_during_the_first_look_and_lasts_is_one(shop: Shop) -> None:
    cart = shop.cart()
    shop.meanwhile = [lambda: shop.charge(cart)]
    assert shop.audit().disagreements == [(cart.id, "open, but charged 8.90 USD")]


def test_a_file_that_is_damaged_in_both_looks_is_one(shop: Shop, store: Path) -> None:
    shop.cart()
    path = store / "carts" / "alice" / "open.pickle"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    shop.meanwhile = [lambda: path.write_bytes(whole)]
    assert shop.audit() == Audit(1, 0, [])
    path.write_bytes(whole[:-1])
    (disagreement,) = shop.audit().disagreements
    assert (disagreement.cart, str(path) in disagreement.problem) == ("", True)
