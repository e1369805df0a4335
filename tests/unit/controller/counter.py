"""A counter to check carts out at, with a processor that answers whatever a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from cartcli import Cart, Money, Receipt
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.catalog_db import open_catalog_db
from cartcli.controller.checkout import Agreed, Checkout
from cartcli.controller.prices import Prices
from cartcli.errors import RestoreData
from cartcli.model.changes import Replace, Set
from cartcli.model.lines import Item
from cartcli.model.order import Attempt, Purchase, Waiting
from cartcli.payment import Payment, Processors
from cartcli.payment.card import Card
from cartcli.payment.source import Source
from tests.helpers import ALICE, CARD, Clock, attempt_for, line, write_catalog

Change = Callable[[Payment], "Payment | Waiting"]
Event = Callable[[Attempt], object]
OWNER = ALICE.owner


def charged(attempt: Attempt) -> Payment:
    """The answer to a charge that went through."""
    return Payment(
        attempt.key,
        "pay_1",
        attempt.cart,
        attempt.reference,
        "charged",
        attempt.amount,
        attempt.brand,
        attempt.last4,
        attempt.created,
    )


def declined(payment: Payment) -> Payment:
    return payment._replace(status="declined", reason="insufficient funds")


def cancelled(payment: Payment) -> Payment:
    return payment._replace(status="cancelled", amount=None, brand="", last4="", id="pay_0")


def lost(payment: Payment) -> Payment:
    raise TimeoutError("no answer within 10 s")


def interrupted(payment: Payment) -> Payment:
    raise KeyboardInterrupt


class Processor:
    """Charges everything, and answers as `change` says. `meanwhile` happens before it answers.
    `asked` are the attempts that it was to charge, `told` everything that it was told to do;
    `recorded` are the captures that are on record here."""

    def __init__(self, name: str = "embedded", *, prepares: bool = False) -> None:
        self.name = name
        self.prepares = prepares
        self.change: Change = lambda payment: payment
        self.meanwhile: Event = lambda attempt: None
        self.while_preparing: Event = lambda attempt: None
        self.asked: list[Attempt] = []
        self.told: list[str] = []
        self.recorded: list[Payment] = []

    def accepts(self, source: Source, amount: Money) -> None:
        self.told.append("accepts")

    def prepare(self, attempt: Attempt, source: Source) -> str:
        self.told.append("prepare")
        self.while_preparing(attempt)
        return f"ref_{len(self.told)}"

    def charge(self, attempt: Attempt, source: Source) -> Payment | Waiting:
        self.asked.append(attempt)
        return self._answer("charge", attempt)

    def look(self, attempt: Attempt) -> Payment | Waiting:
        return self._answer("look", attempt)

    def cancel(self, attempt: Attempt) -> Payment | Waiting:
        return self._answer("cancel", attempt)

    def captured(self, cart: str) -> Payment | None:
        return next((payment for payment in self.recorded if payment.cart == cart), None)

    def payments(self, since: datetime | None = None) -> Iterator[Payment | RestoreData]:
        raise NotImplementedError

    def _answer(self, verb: str, attempt: Attempt) -> Payment | Waiting:
        self.told.append(verb)
        self.meanwhile(attempt)
        return self.change(charged(attempt))


class Counter:
    """A shop that sells mugs and tea: its carts, its processor and its checkout. `meanwhile`
    happens once, between its reading a cart and its marking it; what is `later`, likewise, while a
    cart is charged that comes to nothing."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._catalog = folder / "catalog.csv"
        self._clock = clock
        self.offer("8.90")
        self.carts: CartDb = open_cart_db(str(folder / "store"), 1, clock)
        self.processor = Processor()
        self.others: list[Processor] = []
        self.meanwhile: list[Callable[[], object]] = []
        self.later: list[Callable[[], object]] = []

    def offer(self, price: str) -> None:
        """Sell mugs at this price."""
        rows = [("MUG", "Mug", price, ""), ("TEA", "Tea", "12.80", ""), ("FREE", "Gift", "0", "")]
        write_catalog(self._catalog, rows)

    def cart(self, sku: str = "MUG", price: str = "8.90") -> Cart:
        """A new cart with two of the item, put in at this price."""
        item = Item(sku, "Mug", Money(price, "USD"), "")
        return self.carts.create(OWNER, [Set(sku, 2, item)], currency="USD")

    def put(self, cart: Cart, **contents: int) -> None:
        """Change what is in the `cart`."""
        lines = [line(sku, quantity) for sku, quantity in contents.items()]
        sets = (Set(ln.sku, ln.quantity, Item(ln.sku, ln.name, ln.price, "")) for ln in lines)
        self.carts.update(OWNER, cart.id, [Replace(tuple(sets))])

    def mark(self, cart: Cart) -> Attempt:
        """Mark the open `cart` with another attempt, as a second payer does."""
        cart = self.found(cart)
        attempt = attempt_for(cart)
        self.carts.mark(OWNER, cart.id, attempt, if_version=cart.version)
        return attempt

    @property
    def checkout(self) -> Checkout:
        return self.checkout_in("USD")

    def checkout_in(self, currency: str) -> Checkout:
        return Checkout(
            self.carts,
            Prices(lambda: open_catalog_db(str(self._catalog), currency)),
            Processors(self.processor, *self.others),
            self._now,
        )

    def buy(
        self, cart: Cart, card: str | None = CARD, *, expect: str = "", currency: str = "USD"
    ) -> Receipt:
        """Check the `cart` out."""
        return self.purchase(cart, card, expect=expect, currency=currency).receipt

    def purchase(
        self,
        cart: Cart,
        card: str | None = CARD,
        *,
        expect: str = "",
        currency: str = "USD",
        version: int | None = None,
    ) -> Purchase:
        """Check the `cart` out, and tell how that came about."""
        agreed = Agreed(Money(expect, "USD") if expect else None, version)
        source = Card(card) if card else None
        return self.checkout_in(currency).buy(OWNER, cart.id, source, agreed)

    def found(self, cart: Cart) -> Cart:
        """The `cart` as it is now."""
        (found,) = self.carts.find(OWNER, cart.id)
        return found

    def _now(self) -> datetime:
        if self.meanwhile:  # the time is asked for when everything else of an attempt is known
            self.meanwhile.pop()()
        return self._clock()
