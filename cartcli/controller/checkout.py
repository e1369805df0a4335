"""Checkout: whatever is killed, at whatever instant, a cart is charged at most once, it is
purchased if and only if it was charged, and checking it out once more finds out which.

    open --mark--> pending(key) --bind--> pending(key, reference) --charged--> purchased(receipt)
      ^----------------- not charged, and recorded ------------------'

What is charged is computed from one version of the cart and marked only for that version. A
processor that prepares gives its reference before money can move, and it is bound, durably, before
the charge; another one takes the attempt's key, given with the mark. From the mark on, no answer
but a definite one of the processor moves the cart on, and each step is a compare-and-set on the
attempt: locks only save work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from cartcli.cart_db import CartDb
from cartcli.controller.carts import changing, no_cart
from cartcli.controller.prices import Prices
from cartcli.controller.settling import Settling, being_paid, unknown_unless_recorded
from cartcli.errors import (
    CartError,
    FixInput,
    GiveCard,
    ReviewCart,
    UseAnotherCard,
    VersionConflict,
)
from cartcli.model.cart import Cart
from cartcli.model.ids import new_key, short_id
from cartcli.model.money import Money
from cartcli.model.order import Attempt, How, Purchase, Receipt
from cartcli.model.quote import Quote
from cartcli.payment import Payment, PaymentProcessor, Processors, Refused
from cartcli.payment.answers import IndefiniteError, checked_reference
from cartcli.payment.source import Nothing, Source
from cartcli.rules import pricing
from cartcli.rules.changes import checked_version


class Agreed(NamedTuple):
    """What the payer agreed to: the total, and the cart's version; None is whatever it is now."""

    total: Money | None = None
    version: int | None = None


def _check_version(cart: Cart, agreed: Agreed) -> None:
    if agreed.version not in (None, cart.version):
        raise VersionConflict(
            f"cart {cart.short_id} is at version {cart.version}, not at {agreed.version}",
            "This call charged nothing. Look at the cart again.",
            cart=cart.id,
            version=cart.version,
        )


def agreed_to(total: object, version: object) -> Agreed:
    """What was agreed to; FixInput for a total that is no amount of money, or a version that is
    none."""
    if total is None or isinstance(total, Money):
        return Agreed(total, checked_version(version))
    raise FixInput(
        f"a total is given as Money, and this is a {type(total).__name__}",
        'This call charged nothing. Make one: cartcli.Money("39.47", "USD").',
    )


class Checkout:
    """Takes carts of `cart_db` at today's `prices` through their payment by `processors`; `clock`
    gives the present time in UTC."""

    def __init__(
        self,
        cart_db: CartDb,
        prices: Prices,
        processors: Processors,
        clock: Callable[[], datetime],
    ) -> None:
        self._cart_db = cart_db
        self._prices = prices
        self._processors = processors
        self._clock = clock
        self._settling = Settling(cart_db, processors)

    def buy(self, owner: str, cart_id: str, source: Source | None, agreed: Agreed) -> Purchase:
        """Buy the cart, and return its receipt; the same one if it is bought already. An earlier
        attempt is settled first. Raises as `Shop.buy_cart` does."""
        with self._paying(owner, cart_id):
            before = self._found(owner, cart_id)
            let_finish = before.attempt is None or agreed.total in (None, before.attempt.amount)
            cart = self._settling.settled(owner, before, let_finish=let_finish)
            if cart.receipt:
                settled = cart.receipt != before.receipt
                how: How = "settled an earlier attempt" if settled else "bought before"
                return _as_agreed(cart.receipt, how, agreed)
            with _telling_of(before.attempt):
                return self._pay(owner, cart, source, agreed)

    def quote(self, owner: str, cart_id: str, agreed: Agreed) -> Quote:
        """What buying the cart would come to: what was, or is being charged, or what it comes to
        now. Changes nothing. Raises what `buy` does before it charges, but for the means."""
        cart = self._found(owner, cart_id)
        if not cart.attempt:
            return self._quoted(cart, agreed)
        pricing.check_payable(cart, cart.quote, agreed.total)
        return cart.quote

    def reopen(self, owner: str, cart_id: str) -> Cart:
        """The cart, open again, after its earlier attempt has ended, so that it can be changed.
        ReviewCart when it was paid, WaitForPayment at once when it is being paid."""
        with self._paying(owner, cart_id, patient=False):
            cart = self._settling.settled(owner, self._found(owner, cart_id), let_finish=False)
            if cart.state == "purchased":
                raise ReviewCart(
                    f"the payment of cart {cart.short_id} went through: it is purchased",
                    "Nothing was changed, and nothing else was charged. Put further items into a"
                    " new cart.",
                    cart=cart.id,
                )
            return cart

    def settle(self, owner: str, cart_id: str, *, let_finish: bool) -> Cart:
        """The cart after its earlier attempt has ended, if it has one, and made purchased if it was
        charged. Raises as `Settling.settled` does, and WaitForPayment at once while it is being
        paid."""
        with self._paying(owner, cart_id, patient=False):
            return self._settling.settled(owner, self._found(owner, cart_id), let_finish=let_finish)

    @contextmanager
    def _paying(self, owner: str, cart_id: str, *, patient: bool = True) -> Iterator[None]:
        """As `CartDb.paying`. An interrupt that comes when all is done does not hide what was."""
        courtesy = self._cart_db.paying(owner, cart_id, patient=patient)
        courtesy.__enter__()
        try:
            yield
        finally:
            with suppress(KeyboardInterrupt):
                courtesy.__exit__(None, None, None)

    def _pay(self, owner: str, cart: Cart, source: Source | None, agreed: Agreed) -> Purchase:
        attempt, processor, source = self._marked(owner, cart, source, agreed)
        with unknown_unless_recorded(attempt):  # from here on money may move
            attempt, payment = self._charged(owner, attempt, processor, source)
            cart = self._settling.record(owner, attempt, payment)
            if cart.state == "pending":
                raise being_paid(cart.id)
        if cart.receipt:
            mine = cart.receipt.key == attempt.key
            how: How = "bought now" if mine else "settled an earlier attempt"
            return _as_agreed(cart.receipt, how, agreed)
        raise _not_bought(cart, attempt, payment)

    def _marked(
        self, owner: str, cart: Cart, source: Source | None, agreed: Agreed
    ) -> tuple[Attempt, PaymentProcessor, Source]:
        """Freeze what is charged, and mark the cart with it: if it has changed meanwhile, then as
        it is now. With the attempt, who is to charge it, and by which means."""
        with changing(owner, cart.id):
            while True:  # each turn means that somebody else has changed the cart
                quote = self._payable(cart, agreed)
                processor, means = self._means(cart, quote, source)
                attempt = self._frozen(cart, quote, processor, means)
                try:
                    self._cart_db.mark(owner, cart.id, attempt, if_version=cart.version)
                except VersionConflict:
                    cart = self._found(owner, cart.id)
                else:
                    return attempt, processor, means

    def _payable(self, cart: Cart, agreed: Agreed) -> Quote:
        """As `_quoted`, in a shop that has its currency and its catalogue for good from now on."""
        _check_version(cart, agreed)
        self._prices.keep()
        return self._quoted(cart, agreed)

    def _quoted(self, cart: Cart, agreed: Agreed) -> Quote:
        """What the cart comes to now; ReviewCart when there is a reason not to charge for it,
        VersionConflict when it is not as agreed."""
        _check_version(cart, agreed)
        self._prices.check_currency(cart)
        quote = self._prices.quote(cart)
        pricing.check_payable(cart, quote, agreed.total)
        return quote

    def _means(
        self, cart: Cart, quote: Quote, source: Source | None
    ) -> tuple[PaymentProcessor, Source]:
        """Who is to charge the quote's total, and by which means; GiveCard without the means that
        are needed, FixInput for some that the processor does not take."""
        processor = self._processors.today
        if not quote.total.amount:
            processor, source = self._processors.free, Nothing()
        if source is None:  # who has no card yet learns first what else is wrong
            raise GiveCard(
                f"cart {cart.short_id} comes to {quote.total} and no card was given",
                "This call charged nothing.",
                cart=cart.id,
                amount=quote.total,
            )
        processor.accepts(source, quote.total)
        return processor, source

    def _frozen(
        self, cart: Cart, quote: Quote, processor: PaymentProcessor, source: Source
    ) -> Attempt:
        key = new_key()
        return Attempt(
            key,
            cart.id,
            quote,
            quote.total,
            processor.name,
            "" if processor.prepares else key,
            source.brand,
            source.last4,
            self._clock(),
        )

    def _charged(
        self, owner: str, attempt: Attempt, processor: PaymentProcessor, source: Source
    ) -> tuple[Attempt, Payment]:
        """Charge the marked attempt; it has its reference then. FinishPayment when somebody has to
        act first. What was refused is ended before that is told."""
        try:
            if processor.prepares:
                attempt = self._bound(owner, attempt, processor, source)
            answer = processor.charge(attempt, source)
        except Refused:
            cart = self._found(owner, attempt.cart)
            if self._settling.settled(owner, cart, let_finish=False).state != "open":
                raise IndefiniteError("it was refused, and charged") from None
            raise
        return attempt, self._settling.definite(owner, attempt, answer)

    def _bound(
        self, owner: str, attempt: Attempt, processor: PaymentProcessor, source: Source
    ) -> Attempt:
        """The attempt with the processor's reference, which the cart keeps from now on. When the
        cart does not wait for this attempt any more, what was prepared is cancelled."""
        bound = attempt._replace(reference=checked_reference(processor.prepare(attempt, source)))
        try:
            self._cart_db.bind(owner, attempt.cart, bound)
        except VersionConflict:
            with suppress(Exception):  # nobody can pay what nobody was shown
                processor.cancel(bound)
            raise being_paid(attempt.cart) from None
        return bound

    def _found(self, owner: str, cart_id: str) -> Cart:
        for cart in self._cart_db.find(owner, cart_id):
            return cart
        raise no_cart(cart_id)


def _not_bought(cart: Cart, attempt: Attempt, payment: Payment) -> CartError:
    """The error for a cart that is open again after the `payment`, which charged nothing."""
    if payment.status == "charged":
        return VersionConflict(
            f"somebody else has changed cart {cart.short_id} while it was bought for nothing",
            "This call charged nothing. Look at the cart again.",
            cart=cart.id,
            version=cart.version,
        )
    return UseAnotherCard(
        f"the payment of {attempt.amount} was {_said(payment)}",
        "Nothing was charged and the cart is open again.",
        cart=cart.id,
        amount=attempt.amount,
    )


def _as_agreed(receipt: Receipt, how: How, agreed: Agreed) -> Purchase:
    """What a purchase came to; ReviewCart when that is another total than was agreed to."""
    if agreed.total in (None, receipt.amount):
        return Purchase(receipt, how)
    raise ReviewCart(
        f"cart {short_id(receipt.cart)} was bought for {receipt.amount}, not for {agreed.total}",
        "This call charged nothing more.",
        cart=receipt.cart,
        amount=receipt.amount,
        expected=agreed.total,
        receipt=receipt,
    )


def _said(payment: Payment) -> str:
    """How a payment ended that charged nothing."""
    if payment.status == "cancelled":
        return "cancelled by somebody else"
    return f"declined: {payment.reason or 'no reason was given'}"


@contextmanager
def _telling_of(earlier: Attempt | None) -> Iterator[None]:
    """Whatever is said of a new attempt, say as well that an `earlier` one charged nothing."""
    try:
        yield
    except CartError as error:
        if earlier:
            error.hint = f"The earlier payment of {earlier.amount} charged nothing. {error.hint}"
        raise
