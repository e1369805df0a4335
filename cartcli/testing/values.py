"""Users, goods and carts that the suites speak of, and a clock that is set by hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Final, TypeVar

from cartcli import Cart, Identity, Item, Line, Money, Receipt
from cartcli.model.changes import Add
from cartcli.model.order import Attempt
from cartcli.model.quote import Quote
from cartcli.payment import EMBEDDED
from cartcli.payment.card import Card

T = TypeVar("T")
_TIMEOUT: Final = 120

ALICE: Final = Identity("alice")
BOB: Final = Identity("bob")
PASSWORD: Final = "correct horse battery staple"

CARD: Final = "4242 4242 4242 4242"
DECLINED_CARD: Final = "4000000000000002"
LOST_ANSWER_CARD: Final = "4000000000000341"  # charged, but the answer is lost
WAITING_CARD: Final = "4000002500003155"  # charged after the bank has asked the customer

# The original demonstration's three items, and one whose name is wide on a terminal.
PLATES: Final = "205591201309003190_7662246479379859829"
RICE: Final = "104835569772621442_1192278084129500173"
DRONE: Final = "141398737587437883_1354554456861557135"
TEA: Final = "TEA-玉露"
CATALOG: Final = (
    (PLATES, "Genpak Elite Laminated Foam Plates", "39.47", "6 inches, White, Round"),
    (RICE, "Gourmet House Cracked Minnesota Cultivated Wild Rice", "29.38", "1 lb (Pack of 12)"),
    (DRONE, "Angry Birds Licensed Bomb Squak-Copter", "49.50", "Color: Black. Gender: Male"),
    (TEA, "玉露 green tea", "12.345", 'from "Uji", 100 g'),
)


class Clock:
    """A clock that stands still until it is moved; give it where the present time is asked for."""

    def __init__(self, now: datetime = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        """Go forward, or back by a negative amount."""
        self.now += timedelta(days=days, hours=hours, seconds=seconds)


def item(sku: str = "MUG", price: str = "8.90", currency: str = "USD") -> Item:
    """Something on sale."""
    return Item(sku, f"name of {sku}", Money(price, currency), "")


def line(sku: str = "MUG", quantity: int = 1, price: str = "8.90", currency: str = "USD") -> Line:
    """A line of a cart: so many of an `item`."""
    return Line.of(item(sku, price, currency), quantity)


def add(sku: str = "MUG", quantity: int = 1, price: str = "8.90", currency: str = "USD") -> Add:
    """The change that makes such a `line` in a new cart."""
    return Add(sku, quantity, item(sku, price, currency))


def attempt_for(cart: Cart, card: str = CARD, *, key: str = "", amount: str = "") -> Attempt:
    """An attempt to pay `cart` with the embedded processor, at the prices when put in. Its key is
    new, and its amount the total, unless others are given."""
    payer = Card(card)
    key = key or os.urandom(16).hex()
    quote = Quote.of(cart.lines, cart.currency)
    return Attempt(
        key,
        cart.id,
        quote,
        Money(amount, cart.currency) if amount else quote.total,
        EMBEDDED,
        key,
        payer.brand,
        payer.last4,
        cart.updated,
    )


def receipt_for(attempt: Attempt, payment: str | None = "pay_1") -> Receipt:
    """The receipt of an `attempt` that was charged."""
    return Receipt(
        attempt.cart,
        payment,
        attempt.key,
        attempt.reference,
        attempt.amount,
        attempt.brand,
        attempt.last4,
        attempt.quote,
        attempt.created + timedelta(seconds=1),
    )


def at_once(threads: int, call: Callable[[int], T]) -> list[T | Exception]:
    """`call(0)`, `call(1)`, … in as many threads, started together; an error is its result."""
    barrier = Barrier(threads)

    def run(number: int) -> T | Exception:
        barrier.wait(_TIMEOUT)
        try:
            return call(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))
