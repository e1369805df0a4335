"""Checkout: whatever is killed, at whatever instant, a cart is charged at most once, it is
purchased if and only if it was charged, and checking it out once more finds out which.

    open --mark--> pending(attempt) --charged--> purchased(receipt)
      ^----------------- not charged, and recorded ----------'

Locks are taken in the order PAY(cart), OWNER(user), the processor's own. OWNER is never held
while the processor is called: each call of the cart DB takes and frees it. Once an attempt is
marked, it is charged, refused or cancelled by the processor before anything else may happen to
the cart, and no answer but a definite one moves it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, get_args

from cartcli.cart_db import CartDb
from cartcli.controller.carts import no_cart
from cartcli.controller.prices import Prices
from cartcli.errors import (
    CartError,
    CheckOutAgain,
    GiveCard,
    RestoreData,
    ReviewCart,
    UseAnotherCard,
)
from cartcli.model.cart import Cart
from cartcli.model.ids import new_key, short_id
from cartcli.model.money import Money
from cartcli.model.order import Attempt, Receipt
from cartcli.model.people import Identity
from cartcli.payment import Payment, PaymentProcessor, Status
from cartcli.payment.card import Card
from cartcli.rules import pricing

_COMPARE: Final = "The cart was left as it is. Compare it with the payment before anything else."


class Checkout:
    """Takes carts of `cart_db` at today's `prices` through their payment by `processor`; `clock`
    gives the present time in UTC."""

    def __init__(
        self,
        cart_db: CartDb,
        prices: Prices,
        processor: PaymentProcessor,
        clock: Callable[[], datetime],
    ) -> None:
        self._cart_db = cart_db
        self._prices = prices
        self._processor = processor
        self._clock = clock

    def buy(
        self, identity: Identity, cart_id: str, card: Card | None, expected: Money | None
    ) -> Receipt:
        """Buy the cart, and return its receipt; the same one if it is bought already. An earlier
        attempt is settled first.

        ChooseExisting when there is no such cart; ReviewCart, or GiveCard without a card, before
        anything is charged; UseAnotherCard when nothing was charged, CheckOutAgain when nobody
        knows yet, RestoreData when the records disagree.
        """
        with self._cart_db.paying(identity, cart_id):
            found = self._cart_db.find(identity, cart_id)
            if not found:
                raise no_cart(cart_id)
            (before,) = found
            cart = self._settled(identity, before)
            if cart.receipt:
                return cart.receipt
            with _telling_of(before.attempt):
                return self._pay(identity, cart, card, expected)

    def reopen(self, identity: Identity, cart_id: str) -> None:
        """Find out how the earlier attempt of the pending cart ended, so that it can be changed.
        ReviewCart when it was paid, WaitForPayment at once when it is being paid."""
        with self._cart_db.paying(identity, cart_id, patient=False):
            (cart,) = self._cart_db.find(identity, cart_id)
            if self._settled(identity, cart).state == "purchased":
                raise ReviewCart(
                    f"the payment of cart {cart.short_id} went through: it is purchased",
                    "Put further items into a new cart.",
                    cart=cart.id,
                )

    def _settled(self, identity: Identity, cart: Cart) -> Cart:
        if cart.state != "pending" or cart.attempt is None:
            return cart
        with _unknown_unless_recorded(cart.attempt):
            payment = self._processor.cancel(cart.attempt.key, cart.id)
            _check_answer(cart.attempt, payment, on_record=True)
            return self._record(identity, cart.attempt, payment)

    def _pay(
        self, identity: Identity, cart: Cart, card: Card | None, expected: Money | None
    ) -> Receipt:
        if card is None:
            payable = self._payable(cart, expected)  # who has no card yet learns first what else
            raise GiveCard(
                f"cart {cart.short_id} comes to {payable.total} and no card was given",
                "This call charged nothing.",
                cart=cart.id,
                amount=payable.total,
            )
        attempt = self._mark(identity, cart, card, expected)
        with _unknown_unless_recorded(attempt):  # from here on money may move
            payment = self._processor.charge(attempt, card)
            _check_answer(attempt, payment, on_record=False)
            cart = self._record(identity, attempt, payment)
        if cart.receipt:
            return cart.receipt
        raise UseAnotherCard(
            f"the payment of {attempt.amount} was declined: {payment.reason or payment.status}",
            "Nothing was charged and the cart is open again.",
            cart=cart.id,
            amount=attempt.amount,
        )

    def _mark(self, identity: Identity, cart: Cart, card: Card, expected: Money | None) -> Attempt:
        """Freeze what is charged, and mark the cart with it if it is still this `cart`; if it has
        changed meanwhile, then as it is now."""
        while True:  # each turn means that somebody else has changed the cart
            attempt = self._frozen(cart, card, expected)
            marked = self._cart_db.purchase(identity, cart.id, _if_still(cart, attempt))
            if marked.attempt == attempt:
                return attempt
            cart = marked

    def _frozen(self, cart: Cart, card: Card, expected: Money | None) -> Attempt:
        payable = self._payable(cart, expected)
        lines = pricing.frozen_lines(payable)
        now = self._clock()
        return Attempt(new_key(), cart.id, lines, payable.total, card.brand, card.last4, now)

    def _payable(self, cart: Cart, expected: Money | None) -> Cart:
        """The cart at today's prices; ReviewCart when there is a reason not to charge for it."""
        self._prices.check_currency(cart)
        today = self._prices.today(cart)
        pricing.check_payable(today, expected)
        return today

    def _record(self, identity: Identity, attempt: Attempt, payment: Payment) -> Cart:
        """Move the cart on by the processor's answer, if it still waits with this attempt."""
        if payment.status != "charged":
            return self._cart_db.unpurchase(identity, attempt.cart, attempt.key)
        receipt = _receipt(attempt, payment)
        return self._cart_db.purchase(
            identity, attempt.cart, lambda cart: _only_for(attempt, cart, receipt)
        )


class _IndefiniteError(Exception):
    """The processor's answer settles nothing."""


def _check_answer(attempt: Attempt, payment: Payment, *, on_record: bool) -> None:
    """_IndefiniteError unless `payment` tells how this attempt ended. What is `on_record` may be
    the cart's capture under an earlier key; that of another amount is RestoreData."""
    charged = payment.status == "charged"
    if payment.status not in get_args(Status):
        raise _IndefiniteError(f"the processor answered {payment.status!r}")
    if payment.cart != attempt.cart:
        raise _IndefiniteError("the processor answered for another cart")
    if payment.key != attempt.key and not (charged and on_record):
        raise _IndefiniteError("the processor answered for another payment")
    if payment.amount != attempt.amount:
        if charged and on_record:
            raise _disagreement(attempt, payment)
        if charged or (payment.status == "declined" and not on_record):
            raise _IndefiniteError("the processor answered with another amount")


@contextmanager
def _telling_of(earlier: Attempt | None) -> Iterator[None]:
    """Whatever is said of a new attempt, say as well that an `earlier` one charged nothing."""
    try:
        yield
    except CartError as error:
        if earlier:
            error.hint = f"The earlier payment of {earlier.amount} charged nothing. {error.hint}"
        raise


@contextmanager
def _unknown_unless_recorded(attempt: Attempt) -> Iterator[None]:
    """Until the outcome is recorded, whatever goes wrong means that nobody knows it yet."""
    try:
        yield
    except RestoreData:
        raise
    except (Exception, KeyboardInterrupt) as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        reason = "interrupted" if interrupted else str(error) or type(error).__name__
        raise CheckOutAgain(
            f"the outcome of the payment of {attempt.amount} for cart {short_id(attempt.cart)}"
            f" is not known yet ({reason})",
            "Find out how it ended, without being charged twice, by checking out again.",
            cart=attempt.cart,
            amount=attempt.amount,
        ) from error


def _if_still(cart: Cart, attempt: Attempt) -> Callable[[Cart], Attempt | None]:
    """`attempt`, unless another open cart than `cart` is found; the cart DB refuses the rest."""
    return lambda found: attempt if found == cart or found.state != "open" else None


def _only_for(attempt: Attempt, cart: Cart, receipt: Receipt) -> Receipt:
    """`receipt`, if `cart` waits with this attempt, or was bought with it."""
    if cart.attempt is None or cart.attempt.key != attempt.key:
        raise RestoreData(
            f"cart {cart.short_id} was charged {receipt.amount} under the key {receipt.key},"
            " but does not wait for this payment",
            _COMPARE,
            cart=cart.id,
        )
    return receipt


def _disagreement(attempt: Attempt, payment: Payment) -> RestoreData:
    return RestoreData(
        f"cart {short_id(attempt.cart)} waits for a payment of {attempt.amount},"
        f" but was charged {payment.amount}",
        _COMPARE,
        cart=attempt.cart,
    )


def _receipt(attempt: Attempt, payment: Payment) -> Receipt:
    return Receipt(
        attempt.cart,
        payment.id,
        payment.key,
        payment.amount,
        payment.brand,
        payment.last4,
        attempt.lines,
        payment.created,
    )
