"""What happens without any client: customers and the bank act, and the processor tells."""

from __future__ import annotations

from collections.abc import Iterator

from tests.promises.model.cart_db import CartDb
from tests.promises.model.remote.processor import FINAL
from tests.promises.model.world import Moves, Payment, Status, World


class RemoteOutside:
    """Customers, the bank, and webhooks, each at any time."""

    def __init__(self, db: CartDb, *, hosted: bool, webhooks: bool) -> None:
        self.db = db
        self.hosted = hosted
        self.webhooks = webhooks

    def moves(self, world: World) -> Moves:
        """All that may happen now."""
        for payment in world.payments:
            for outcome in self._outcomes(payment):
                after = world.with_payment(payment._replace(status=outcome))
                yield f"without any client, {payment.ref} goes on: {outcome}", after
            if self.webhooks:
                yield from self.ring(world, payment)

    def is_awaited(self, payment: Payment) -> bool:
        """Whether somebody may still act, or the bank, so that the payment goes on."""
        if payment.status in ("action", "processing"):
            return True
        return self.hosted and payment.shown and payment.status in ("new", "declined")

    def _outcomes(self, payment: Payment) -> Iterator[Status]:
        """What the payment may become by itself. A hosted page can be paid as soon as somebody has
        seen it, and a card that was declined there can be followed by another; unseen, all it can
        do is end."""
        if payment.status in ("action", "processing"):
            yield from ("succeeded", "declined")
        elif self.is_awaited(payment):
            yield from ("succeeded", "processing")
            if payment.status == "new":
                yield "declined"
        if self.hosted and payment.status in ("new", "declined"):
            yield "cancelled"

    def ring(self, world: World, payment: Payment) -> Moves:
        """A webhook is a doorbell: it says where to look, and is not believed.

        That the look and the compare-and-set are one step here hides nothing: only what is final
        is acted on, and that is the same at both moments. It may come as often, as late and in
        whatever order it likes, so that nothing of it has to be remembered.
        """
        cart = world.cart
        if cart.state != "pending" or cart.attempt.ref != payment.ref:
            return
        if payment.status in FINAL:
            charged = payment.status == "succeeded"
            record = self.db.purchase if charged else self.db.unpurchase
            recorded = record(cart, cart.attempt)
            assert recorded, "it is the pending attempt"
            told = f"a webhook has the shop look at {payment.ref}: {payment.status}"
            yield told, world._replace(cart=recorded)
