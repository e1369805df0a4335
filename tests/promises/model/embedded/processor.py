"""The rules of the embedded processor. One answer a key is on record, and nothing is taken off:

- a key that is known gets its answer again; declines and cancellations are final;
- a cart that was captured, under whatever key, is answered with that capture, and nothing else is
  ever recorded for it;
- a cancellation of an unknown key is recorded as well: a tombstone, which refuses the charge that
  arrives late;
- the card that has the bank ask the customer is charged by the next look.

All of it happens under the lock of the cart's answers, so each request is one moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.promises.model.network import Handled
from tests.promises.model.world import Answer, Payment, Ref, Request, Status, World

OUTCOMES: Final[Sequence[Status]] = ("succeeded", "declined", "action")
FINAL: Final = ("succeeded", "declined", "cancelled")


class EmbeddedProcessor:
    """What a charge comes to is one of the `outcomes`. It never fails by itself."""

    repeated: tuple[str, ...] = ()

    def __init__(self, outcomes: Sequence[Status] = OUTCOMES) -> None:
        self.outcomes = outcomes

    def handle(self, world: World, request: Request) -> Handled:
        """All that the processor may do with the request."""
        recorded = self.final(world, request.ref)
        if recorded:
            yield (
                f"answers from the record, {recorded.ref}: {recorded.status}",
                world,
                _answer(recorded),
            )
        else:
            yield from getattr(self, request.do)(world, request.ref)

    def is_void(self, world: World, request: Request) -> bool:
        """Whether the request changes nothing any more, whatever happens."""
        return self.final(world, request.ref) is not None

    def is_dead(self, payment: Payment) -> bool:
        """Whether the payment stays as it is as long as nobody asks the processor about it."""
        return payment.status != "succeeded"

    def calm(self) -> EmbeddedProcessor:
        """The same processor."""
        return self

    def final(self, world: World, ref: Ref) -> Payment | None:
        """The final answer on record for this payment, or else for the cart."""
        return self.recorded(world, ref) or self.captured(world)

    def recorded(self, world: World, ref: Ref) -> Payment | None:
        """The final answer on record for this payment."""
        own = (payment for payment in world.payments if payment.ref == ref)
        return next((payment for payment in own if payment.status in FINAL), None)

    def captured(self, world: World) -> Payment | None:
        """The capture of the cart."""
        return next((p for p in world.payments if p.status == "succeeded"), None)

    # What is done when there is no final answer yet

    def charge(self, world: World, ref: Ref) -> Handled:
        """Charge by the card, or find that the bank has to ask the customer."""
        if any(payment.ref == ref for payment in world.payments):
            yield f"answers from the record, {ref}: action", world, Answer("action", ref)
        else:
            yield from (self._record(world, ref, outcome) for outcome in self.outcomes)

    def look(self, world: World, ref: Ref) -> Handled:
        """See whether the customer has acted: that is so as soon as somebody looks."""
        if any(payment.ref == ref for payment in world.payments):
            yield self._record(world, ref, "succeeded")
        else:
            yield f"does not know {ref}", world, Answer("new", ref)

    def cancel(self, world: World, ref: Ref) -> Handled:
        """Record that it is cancelled, whether it is known or not."""
        yield self._record(world, ref, "cancelled")

    def _record(self, world: World, ref: Ref, status: Status) -> tuple[str, World, Answer]:
        payment = Payment(ref, status)
        return f"records {ref}: {status}", world.with_payment(payment), _answer(payment)


def _answer(payment: Payment) -> Answer:
    return Answer(payment.status, payment.ref)
