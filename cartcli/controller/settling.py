"""Finding out how an attempt ended, and recording it: the processor's answer moves the cart on, and
nothing else does.

An attempt that never got a reference cannot have been charged, and is opened again without asking.
Any other is settled by the processor that it names, whichever is in use today: by looking when the
customer may still act and shall be let, else by cancelling, which gives the answer on record or
makes sure that there will never be another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeGuard

from cartcli.cart_db import CartDb
from cartcli.errors import (
    CheckOutAgain,
    FinishPayment,
    RestoreData,
    ReviewCart,
    UseAnotherCard,
    VersionConflict,
    WaitForPayment,
)
from cartcli.model.ids import short_id
from cartcli.model.order import Attempt, Receipt, Waiting
from cartcli.payment import Payment, Processors
from cartcli.payment.answers import (
    IndefiniteError,
    check,
    checked_waiting,
    is_earlier_capture,
)

if TYPE_CHECKING:
    from cartcli.model.cart import Cart

_COMPARE: Final = "The cart was left as it is. Compare it with the payment before anything else."


class Settling:
    """Settles attempts of carts in `cart_db` by the `processors` that they name."""

    def __init__(self, cart_db: CartDb, processors: Processors) -> None:
        self._cart_db = cart_db
        self._processors = processors

    def settled(self, owner: str, cart: Cart, *, let_finish: bool) -> Cart:
        """The cart after its pending attempt, if it has one, has ended: open or purchased. With
        `let_finish` a customer who may still act is let: FinishPayment. CheckOutAgain when nobody
        knows yet how it ended, WaitForPayment when somebody else has begun another one."""
        attempt = cart.attempt
        if attempt is None or cart.state != "pending":
            return cart
        with unknown_unless_recorded(attempt):
            if not attempt.reference:
                cart = self._opened(owner, attempt)
            else:
                answer = self._asked(attempt, look=let_finish and attempt.waiting is not None)
                cart = self.record(owner, attempt, self.definite(owner, attempt, answer))
            if cart.state == "pending":
                raise being_paid(cart.id)
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
            return self._adopted(owner, attempt, payment)
        if payment.status == "charged":
            return self._cart_db.purchase(owner, attempt.cart, _receipt(attempt, payment))
        return self._opened(owner, attempt)

    def _asked(self, attempt: Attempt, *, look: bool) -> Payment | Waiting:
        processor = self._processors.named(attempt.processor)
        if processor is None:
            raise CheckOutAgain(
                f"it was begun with the payment processor {attempt.processor!r}, which is not"
                " set up here"
            )
        answer = processor.look(attempt) if look else processor.cancel(attempt)
        if _is_charged(answer, attempt.key) and answer.amount != attempt.amount:
            raise _disagreement(attempt, answer)  # what is on record does not change any more
        return answer

    def _opened(self, owner: str, attempt: Attempt) -> Cart:
        """The cart opened again; as it is by now when somebody else has moved it on."""
        try:
            return self._cart_db.unpurchase(owner, attempt.cart, attempt)
        except (VersionConflict, ReviewCart):
            (cart,) = self._cart_db.find(owner, attempt.cart)
            return cart

    def _adopted(self, owner: str, attempt: Attempt, capture: Payment) -> Cart:
        """Make the cart purchased from its capture under an earlier key, of which an old copy of
        the cart does not know: what is charged is never charged again."""
        quote, amount = capture.quote, capture.amount
        fits = amount is not None and amount.currency == attempt.amount.currency
        if quote is None or amount is None or not fits or quote.total != amount:
            raise _disagreement(attempt, capture)
        earlier = attempt._replace(
            key=capture.key,
            quote=quote,
            amount=amount,
            reference=capture.reference,
            brand=capture.brand,
            last4=capture.last4,
            created=capture.created,
            waiting=None,
        )
        opened = self._cart_db.unpurchase(owner, attempt.cart, attempt)
        self._cart_db.mark(owner, attempt.cart, earlier, if_version=opened.version)
        return self._cart_db.purchase(owner, attempt.cart, _receipt(earlier, capture))


@contextmanager
def unknown_unless_recorded(attempt: Attempt) -> Iterator[None]:
    """Until the outcome is recorded, whatever goes wrong means that nobody knows it yet; but for
    what says itself what is known."""
    try:
        yield
    except (RestoreData, FinishPayment, WaitForPayment, UseAnotherCard):
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


def _disagreement(attempt: Attempt, capture: Payment) -> RestoreData:
    return RestoreData(
        f"cart {short_id(attempt.cart)} waits for a payment of {attempt.amount}, but was charged"
        f" {capture.amount}",
        _COMPARE,
        cart=attempt.cart,
    )
