"""The rules of a remote processor: Stripe's PaymentIntents and Checkout Sessions, by what is
published about them.

F1  An answer is kept under the idempotency key of its request, errors too, and given again, unless
    the request itself was no good; but not for ever, and then the same request is a new one.
F2  Only the key makes a confirmation the same one. By its status, a payment succeeds at most once;
    to confirm a final one is an error.
F3  A payment can be cancelled unless it is final, and rarely while it is processing; afterwards
    nothing is charged by it, and every operation fails.
F4  After a decline a payment can be confirmed again: a decline ends nothing.
F5  A search lags by minutes: nothing here finds a payment but by its reference.
F6  What is paid on a hosted page ends with the page, and the page can only be ended while it is
    open. It ends by itself, too.
F7  "Busy" (429, 409) means that nothing was done: the request may as well have been lost.
F8  A time-out or a 5xx leaves open what was done: the answer may as well have been lost.
F9  Events are told at least once, in any order, for days (outside.py).
F10 That the customer comes back from a page is no proof of anything (flaws/others.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.promises.model.network import Handled
from tests.promises.model.world import Answer, Kept, Payment, Ref, Request, Status, World

OUTCOMES: Final[Sequence[Status]] = ("succeeded", "declined", "action", "processing")
LIVE: Final = ("new", "declined", "action")
FINAL: Final = ("succeeded", "cancelled")


class RemoteProcessor:
    """What a confirmation comes to is one of the `outcomes`. With `refuses`, what is asked may be
    no good; with `forgets`, answers that are kept may be forgotten at any time; with `fails`, a
    request with an idempotency key may be answered with an error, which is kept like any answer.
    """

    keyed: tuple[str, ...] = ("create", "confirm")  # what comes with an idempotency key
    repeated: tuple[str, ...] = ()

    def __init__(
        self,
        outcomes: Sequence[Status],
        *,
        refuses: bool = True,
        forgets: bool = True,
        fails: bool = False,
    ) -> None:
        self.outcomes = outcomes
        self.refuses = refuses
        self.forgets = forgets
        self.fails = fails

    def handle(self, world: World, request: Request) -> Handled:
        """All that the processor may do with the request."""
        kept = next((kept for kept in world.kept if kept.request == request), None)
        if not kept:
            yield from self._anew(world, request)
            return
        yield f"answers {request.do} {request.ref} as before", world, kept.answer
        if self.forgets:
            for what, after, answer in self._anew(world, request):
                yield f"forgets its answer and {what}", after, answer

    def calm(self) -> RemoteProcessor:
        """The same processor, which forgets nothing and does not fail."""
        return type(self)(self.outcomes, refuses=self.refuses, forgets=False)

    def is_void(self, world: World, request: Request) -> bool:
        """Whether the request changes nothing any more, whatever happens."""
        if request.do == "look":
            return True
        return request.ref.number > 0 and world.payment(request.ref).status in FINAL

    def is_dead(self, payment: Payment) -> bool:
        """Whether the payment stays as it is as long as nobody asks the processor about it."""
        unpaid = payment.status in ("new", "declined") and not payment.shown
        return unpaid or payment.status == "cancelled"

    def create(self, world: World, request: Request) -> Handled:
        """A new payment, by which nobody is charged yet."""
        key = request.ref.key
        numbers = (payment.ref.number for payment in world.payments if payment.ref.key == key)
        payment = Payment(Ref(key, max(numbers, default=0) + 1), "new")
        answer = Answer("new", payment.ref)
        yield f"creates {payment.ref}", world.with_payment(payment), answer
        if self.refuses:
            yield "refuses to create a payment", world, Answer("refused", request.ref)

    def confirm(self, world: World, request: Request) -> Handled:
        """Charge it, by the means that come with the request."""
        payment = world.payment(request.ref)
        if payment.status in LIVE:
            for outcome in self.outcomes:
                after = world.with_payment(payment._replace(status=outcome))
                yield f"charges {payment.ref}: {outcome}", after, Answer(outcome, payment.ref)
            if self.refuses:
                yield f"refuses to charge {payment.ref}", world, Answer("refused", request.ref)
        else:
            yield f"cannot charge {payment.ref} any more", world, Answer("unexpected", request.ref)

    def cancel(self, world: World, request: Request) -> Handled:
        """End it for good."""
        payment = world.payment(request.ref)
        if payment.status not in FINAL:
            after = world.with_payment(payment._replace(status="cancelled"))
            yield f"cancels {payment.ref}", after, Answer("cancelled", payment.ref)
        if payment.status not in LIVE:
            yield f"cannot cancel {payment.ref} any more", world, Answer("unexpected", request.ref)

    def look(self, world: World, request: Request) -> Handled:
        """Tell its status."""
        payment = world.payment(request.ref)
        answer = Answer(payment.status, payment.ref)
        yield f"tells of {payment.ref}: {payment.status}", world, answer

    def _anew(self, world: World, request: Request) -> Handled:
        """What is asked is done, because no answer to it is kept."""
        if request.do not in self.keyed:
            yield from getattr(self, request.do)(world, request)
            return
        failed = Answer("error", request.ref)
        if self.fails:
            yield f"fails to {request.do}", _keep(world, request, failed), failed
        for what, after, answer in getattr(self, request.do)(world, request):
            is_kept = answer.status != "refused"
            yield what, _keep(after, request, answer) if is_kept else after, answer
            if self.fails:
                yield f"{what}, and answers with an error", _keep(after, request, failed), failed


def _keep(world: World, request: Request, answer: Answer) -> World:
    """The answer is kept under the key of the request, in place of one that was forgotten."""
    others = [kept for kept in world.kept if kept.request != request]
    return world._replace(kept=tuple(sorted([*others, Kept(request, answer)])))
