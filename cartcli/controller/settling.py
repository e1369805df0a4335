"""Finding out how an attempt ended, and recording it: the processor's answer moves the cart on, and
nothing else does.

An attempt that never got a reference cannot have been charged, and is opened again without asking.
Any other is settled by the processor that it names, whichever is in use today: by looking when the
customer may still act and shall be let, else by cancelling, which gives the answer on record or
makes sure that there will never be another one.

A cart that is not purchased, and captured by what is on record here, is an old copy. It is made
purchased from its capture, whatever else it says: what is charged is never charged again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeGuard

from cartcli.cart_db import CartDb
from cartcli.errors import (
    CheckOutAgain,
    ChooseExisting,
    FinishPayment,
    RestoreData,
    ReviewCart,
    UseAnotherCard,
    VersionConflict,
    WaitForPayment,
)
from cartcli.model.ids import short_id
from cartcli.model.order import Attempt, Receipt, Waiting
from cartcli.payment import FREE, Capture, Payment, Processors
from cartcli.payment.answers import (
    IndefiniteError,
    check,
    checked_waiting,
    is_earlier_capture,
)

if TYPE_CHECKING:
    from cartcli.model.cart import Cart

_COMPARE: Final = "The cart was left as it is. Compare it with the payment before anything else."


class Gone(ChooseExisting):
    """The attempt has ended and charged nothing, and somebody has deleted its cart since."""


class Settling:
    """Settles attempts of carts in `cart_db` by the `processors` that they name."""

    def __init__(self, cart_db: CartDb, processors: Processors) -> None:
        self._cart_db = cart_db
        self._processors = processors

    def settled(self, owner: str, cart: Cart, *, let_finish: bool) -> Cart:
        """The cart, open or purchased: after its pending attempt, if it has one, has ended; and
        purchased if it is captured. With `let_finish` a customer who may still act is let:
        FinishPayment. CheckOutAgain when nobody knows yet how it ended, WaitForPayment when
        somebody else has begun another one, RestoreData when the records disagree."""
        if cart.state == "purchased":
            return cart
        capture = self._captured(cart)
        if attempt := cart.attempt:
            look = let_finish and capture is None and attempt.waiting is not None
            cart = self._ended(owner, attempt, look=look)
        if capture and cart.state == "open":
            earlier = _earlier(cart.id, cart.currency, capture)
            with unknown_unless_recorded(earlier):
                cart = self._adopted(owner, cart, earlier, capture.payment)
        return cart

    def definite(self, owner: str, attempt: Attempt, answer: Payment | Waiting) -> Payment:
        """The processor's final `answer`; FinishPayment while somebody has to act first. What is
        waited for is kept before it is told of, so that the customer is let finish."""
        if not isinstance(answer, Waiting):
            return answer
        waiting = checked_waiting(answer)
        try:
            self._cart_db.bind(owner, attempt.cart, attempt._replace(waiting=waiting))
        except VersionConflict:
            raise IndefiniteError("somebody else has settled it meanwhile") from None
        raise _unfinished(attempt, waiting)

    def record(self, owner: str, attempt: Attempt, payment: Payment) -> Cart:
        """Move the cart on by the processor's final answer to its attempt; the cart as it is by
        now when somebody else did."""
        check(attempt, payment)
        if is_earlier_capture(attempt, payment):
            capture = Capture(attempt.processor, payment)
            earlier = _earlier(attempt.cart, attempt.amount.currency, capture)
            return self._adopted(owner, self._opened(owner, attempt), earlier, payment)
        if payment.status == "charged":
            return self._purchased(owner, attempt, payment)
        return self._opened(owner, attempt)

    def _captured(self, cart: Cart) -> Capture | None:
        """What charged the `cart`, as far as it is on record here."""
        if cart.attempt is None:
            return self._processors.captured(cart.id)
        with unknown_unless_recorded(cart.attempt):
            return self._processors.captured(cart.id)

    def _ended(self, owner: str, attempt: Attempt, *, look: bool) -> Cart:
        """The cart after its pending `attempt`."""
        with unknown_unless_recorded(attempt):
            if not attempt.reference:
                cart = self._opened(owner, attempt)
            else:
                answer = self._asked(attempt, look=look)
                cart = self.record(owner, attempt, self.definite(owner, attempt, answer))
            if cart.state == "pending":
                raise being_paid(cart.id)
        return cart

    def _asked(self, attempt: Attempt, *, look: bool) -> Payment | Waiting:
        processor = self._processors.named(attempt.processor)
        if processor is None:
            raise CheckOutAgain(
                f"it was begun with the payment processor {attempt.processor!r}, which is not"
                " set up here"
            )
        answer = processor.look(attempt) if look else processor.cancel(attempt)
        if _is_charged(answer, attempt.key) and answer.amount != attempt.amount:
            # What is on record does not change any more.
            raise _disagreement(attempt.cart, f"waits for a payment of {attempt.amount}", answer)
        return answer

    def _purchased(self, owner: str, attempt: Attempt, payment: Payment) -> Cart:
        """The cart, purchased; as it is by now when it does not wait any more for what comes to
        nothing."""
        try:
            return self._cart_db.purchase(owner, attempt.cart, _receipt(attempt, payment))
        except RestoreData:
            if attempt.processor != FREE:
                raise
        return self._uncharged(owner, attempt)

    def _opened(self, owner: str, attempt: Attempt) -> Cart:
        """The cart opened again; as it is by now when somebody else has moved it on."""
        with suppress(VersionConflict, ReviewCart, ChooseExisting):
            return self._cart_db.unpurchase(owner, attempt.cart, attempt)
        return self._uncharged(owner, attempt)

    def _uncharged(self, owner: str, attempt: Attempt) -> Cart:
        """The cart as it is by now, after its attempt, which charged nothing; Gone when there is
        none any more."""
        if cart := self._found(owner, attempt.cart):
            return cart
        raise Gone(
            f"there is no cart {short_id(attempt.cart)} any more",
            f"Its payment of {attempt.amount} charged nothing, and somebody has deleted it since.",
            cart=attempt.cart,
        )

    def _adopted(self, owner: str, cart: Cart, earlier: Attempt, capture: Payment) -> Cart:
        """Make the cart purchased from its capture under the `earlier` attempt. Whoever is in the
        way does the same: then it is settled as it is by now."""
        with suppress(VersionConflict, ReviewCart, CheckOutAgain, ChooseExisting):
            self._cart_db.mark(owner, cart.id, earlier, if_version=cart.version)
            return self._cart_db.purchase(owner, cart.id, _receipt(earlier, capture))
        now = self._found(owner, cart.id)
        if now is None:
            raise _disagreement(cart.id, "is not there any more", capture)
        return self.settled(owner, now, let_finish=False)

    def _found(self, owner: str, cart_id: str) -> Cart | None:
        return next(iter(self._cart_db.find(owner, cart_id)), None)


def _earlier(cart_id: str, currency: str, capture: Capture) -> Attempt:
    """The attempt to pay the cart, which is in this `currency`, that was charged by its capture.
    RestoreData when it cannot be told from that."""
    processor, payment = capture
    quote, amount = payment.quote, payment.amount
    if quote is None or amount is None or quote.total != amount:
        raise _disagreement(cart_id, "is not purchased", payment, ", and nobody knows what for")
    if amount.currency != currency:
        raise _disagreement(cart_id, f"is in {currency}", payment)
    return Attempt(
        payment.key,
        cart_id,
        quote,
        amount,
        processor,
        payment.reference,
        payment.brand,
        payment.last4,
        payment.created,
    )


@contextmanager
def unknown_unless_recorded(attempt: Attempt) -> Iterator[None]:
    """Until the outcome is recorded, whatever goes wrong means that nobody knows it yet; but for
    what says itself what is known."""
    try:
        yield
    except (RestoreData, FinishPayment, WaitForPayment, UseAnotherCard, Gone):
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


def being_paid(cart_id: str) -> WaitForPayment:
    """The error for a cart of which somebody else has begun a payment meanwhile."""
    return WaitForPayment(
        f"cart {short_id(cart_id)} must wait: somebody else has begun to pay it",
        "This call charged nothing. Make it again when the payment has ended.",
        cart=cart_id,
    )


def _unfinished(attempt: Attempt, waiting: Waiting) -> FinishPayment:
    return FinishPayment(
        f"the payment of {attempt.amount} for cart {short_id(attempt.cart)} is not finished:"
        f" {waiting.why}",
        "Nobody was charged yet. Checking out again goes on waiting, or finds out how it ended;"
        " a change of the cart cancels it.",
        cart=attempt.cart,
        amount=attempt.amount,
        waiting_for=waiting.why,
        url=waiting.url,
        until=waiting.until,
    )


def _receipt(attempt: Attempt, payment: Payment) -> Receipt:
    return Receipt(
        attempt.cart,
        payment.id or None,
        payment.key,
        payment.reference,
        attempt.amount,
        payment.brand,
        payment.last4,
        attempt.quote,
        payment.created,
    )


def _is_charged(answer: Payment | Waiting, key: str) -> TypeGuard[Payment]:
    """Whether this is a capture under the `key`."""
    return isinstance(answer, Payment) and (answer.status, answer.key) == ("charged", key)


def _disagreement(cart_id: str, state: str, capture: Payment, more: str = "") -> RestoreData:
    return RestoreData(
        f"cart {short_id(cart_id)} {state}, but was charged {capture.amount}{more}",
        _COMPARE,
        cart=cart_id,
    )
