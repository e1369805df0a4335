"""A counter to check carts out at, with a processor that answers whatever a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

from cartcli import Cart, Money, Receipt
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.catalog_db import open_catalog_db
from cartcli.controller.checkout import Checkout
from cartcli.controller.prices import Prices
from cartcli.errors import RestoreData
from cartcli.model.currencies import NO_CURRENCY
from cartcli.model.order import Attempt
from cartcli.payment import Payment, PaymentProcessor
from cartcli.payment.card import Card
from tests.helpers import ALICE, CARD, Clock, attempt_for, line, write_catalog

Change = Callable[[Payment], Payment]
Event = Callable[[Attempt], object]


def charged(attempt: Attempt) -> Payment:
    """The answer to a charge that went through."""
    return Payment(
        attempt.key,
        "pay_1",
        attempt.cart,
        "charged",
        attempt.amount,
        attempt.brand,
        attempt.last4,
        attempt.created,
    )


def declined(payment: Payment) -> Payment:
    return payment._replace(status="declined", reason="insufficient funds")


def cancelled(payment: Payment) -> Payment:
    return payment._replace(
        status="cancelled", amount=Money(0, NO_CURRENCY), brand="", last4="", id="pay_0"
    )


def lost(payment: Payment) -> Payment:
    raise TimeoutError("no answer within 10 s")


def interrupted(payment: Payment) -> Payment:
    raise KeyboardInterrupt


class Processor:
    """Charges everything, and answers as `change` says. `meanwhile` happens before it answers.
    `asked` are the attempts that it was to charge; what it answers to a cancellation is about the
    last one."""

    def __init__(self) -> None:
        self.change: Change = lambda payment: payment
        self.meanwhile: Event = lambda attempt: None
        self.asked: list[Attempt] = []

    def charge(self, attempt: Attempt, card: Card) -> Payment:
        self.asked.append(attempt)
        self.meanwhile(attempt)
        return self.change(charged(attempt))

    def cancel(self, key: str, cart_id: str) -> Payment:
        (attempt,) = (one for one in self.asked if (one.key, one.cart) == (key, cart_id))
        self.meanwhile(attempt)
        return self.change(charged(attempt))

    def payments(self) -> Iterator[Payment | RestoreData]:
        raise NotImplementedError


class Counter:
    """A shop that sells mugs and tea: its carts, its processor and its checkout. `meanwhile`
    happens once, between its reading a cart and its marking it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._catalog = folder / "catalog.csv"
        self._clock = clock
        self.offer("8.90")
        self.carts: CartDb = open_cart_db(str(folder / "store"), 1, clock)
        self.processor = Processor()
        self.meanwhile: list[Callable[[], object]] = []

    def offer(self, price: str) -> None:
        """Sell mugs at this price."""
        write_catalog(self._catalog, [("MUG", "Mug", price, ""), ("TEA", "Tea", "12.80", "")])

    def cart(self) -> Cart:
        """A new cart with two mugs."""
        return self.carts.create(ALICE, [line("MUG", 2)._replace(name="Mug")], "USD")

    def put(self, cart: Cart, **contents: int) -> None:
        """Change what is in the `cart`."""
        lines = [line(sku, quantity) for sku, quantity in contents.items()]
        self.carts.update(ALICE, cart.id, lambda _: lines)

    def mark(self, cart: Cart) -> Attempt:
        """Mark the open `cart` with another attempt, as a second payer does."""
        attempt = attempt_for(cart)
        self.carts.purchase(ALICE, cart.id, lambda _: attempt)
        return attempt

    def buy(
        self, cart: Cart, card: str | None = CARD, *, expect: str = "", currency: str = "USD"
    ) -> Receipt:
        """Check the `cart` out."""
        checkout = Checkout(
            self.carts,
            Prices(open_catalog_db(str(self._catalog), currency), currency),
            cast(PaymentProcessor, self.processor),
            self._now,
        )
        expected = Money(expect, "USD") if expect else None
        return checkout.buy(ALICE, cart.id, Card(card) if card else None, expected)

    def found(self, cart: Cart) -> Cart:
        """The `cart` as it is now."""
        (found,) = self.carts.find(ALICE, cart.id)
        return found

    def _now(self) -> datetime:
        if self.meanwhile:  # the time is asked for when everything else of an attempt is known
            self.meanwhile.pop()()
        return self._clock()
