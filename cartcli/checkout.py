"""Checkout: whatever is killed, at whatever instant, a cart is charged at most once, it is
purchased if and only if it was charged, and checking it out once more finds out which.

    open --mark--> pending(attempt) --charged--> purchased(receipt)
      ^----------------- not charged, and recorded ----------'

Locks are taken in the order PAY(cart), OWNER(user), the processor's own. OWNER is never held
while the processor is called: each call of the cart DB takes and frees it. Once an attempt is
marked, its card is charged or refused by the processor before anything else may happen to the
cart, and no answer but a definite one moves it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cartcli.cart_db import CartDb
from cartcli.errors import CartError, CheckOutAgain, RestoreData, UseAnotherCard
from cartcli.model import Attempt, Cart, Identity, Receipt, short_id
from cartcli.payment import Payment, PaymentProcessor
from cartcli.payment.card import Card


class Checkout:
    """Takes carts from `carts` through their payment by `processor`."""

    def __init__(self, carts: CartDb, processor: PaymentProcessor) -> None:
        self._carts = carts
        self._processor = processor

    def run(
        self,
        identity: Identity,
        cart_id: str,
        card: Card | None,
        freeze: Callable[[Cart], Attempt],
    ) -> Receipt:
        """Buy the cart, which exists, and return its receipt; the same one if it is bought
        already. `freeze` makes the attempt of the open cart, or refuses.

        UseAnotherCard when nothing was charged, CheckOutAgain when nobody knows yet, RestoreData
        when the records disagree, and what `freeze` raises.
        """
        with self._carts.paying(identity, cart_id):
            (before,) = self._carts.find(identity, cart_id)
            cart = self._settled(identity, before)
            if cart.state == "open":
                with _telling_of(before.attempt):
                    cart = self._pay(identity, cart_id, card, freeze)
        assert cart.receipt is not None
        return cart.receipt

    def settle(self, identity: Identity, cart_id: str) -> Cart:
        """The cart, no longer pending: the outcome of an earlier attempt is found out first.
        The caller holds the cart's payment lock.
        """
        (cart,) = self._carts.find(identity, cart_id)
        return self._settled(identity, cart)

    def _settled(self, identity: Identity, cart: Cart) -> Cart:
        if cart.state != "pending" or cart.attempt is None:
            return cart
        with _unknown_unless_recorded(cart.attempt):
            payment = self._processor.cancel(cart.attempt.key, cart.attempt.order)
            return self._record(identity, cart.attempt, payment)

    def _pay(
        self,
        identity: Identity,
        cart_id: str,
        card: Card | None,
        freeze: Callable[[Cart], Attempt],
    ) -> Cart:
        attempt = self._carts.purchase(identity, cart_id, freeze).attempt
        assert attempt is not None
        assert card is not None
        with _unknown_unless_recorded(attempt):
            payment = self._processor.charge(attempt, card)
            if payment.key != attempt.key:
                raise _IndefiniteError("the processor answered for another payment")
            if payment.status != "cancelled" and payment.amount != attempt.amount:
                raise _IndefiniteError("the processor answered with another amount")
            cart = self._record(identity, attempt, payment)
        if cart.state == "open":
            raise UseAnotherCard(
                f"the payment of {attempt.amount} was declined: {payment.reason or payment.status}",
                "Nothing was charged and the cart is open again."
                f" Use another card:\n  cart checkout {short_id(cart_id)}",
            )
        return cart

    def _record(self, identity: Identity, attempt: Attempt, payment: Payment) -> Cart:
        """Move the cart on by the processor's answer, if it still waits with this attempt."""
        if payment.order != attempt.order:
            raise _IndefiniteError("the processor answered for another order")
        if payment.status == "charged":
            receipt = _receipt(attempt, payment)
            return self._carts.purchase(
                identity, attempt.order, lambda cart: _only_for(attempt, cart, receipt)
            )
        if payment.status not in ("declined", "cancelled"):
            raise _IndefiniteError(f"the processor answered {payment.status!r}")
        if payment.key != attempt.key:
            raise _IndefiniteError("the processor answered for another payment")
        return self._carts.unpurchase(identity, attempt.order, attempt.key)


class _IndefiniteError(Exception):
    """The processor's answer settles nothing."""


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
            f"the outcome of the payment of {attempt.amount} for cart {short_id(attempt.order)}"
            f" is not known yet ({reason})",
            "Find out how it ended, without being charged twice, with the same"
            f" command:\n  cart checkout {short_id(attempt.order)}",
        ) from error


def _only_for(attempt: Attempt, cart: Cart, receipt: Receipt) -> Receipt:
    """`receipt`, if `cart` waits with this attempt, or was bought with it."""
    if cart.attempt is None or cart.attempt.key != attempt.key:
        raise RestoreData(
            f"cart {cart.short_id} was charged {receipt.amount} under the key {receipt.key},"
            " but does not wait for this payment",
            "The cart was left as it is. Compare it with the payment before anything else.",
        )
    return receipt


def _receipt(attempt: Attempt, payment: Payment) -> Receipt:
    return Receipt(
        attempt.order,
        payment.id,
        payment.key,
        payment.amount,
        payment.brand,
        payment.last4,
        attempt.lines,
        payment.created,
    )
