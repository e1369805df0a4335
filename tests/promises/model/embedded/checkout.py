"""The protocol of a checkout with the embedded processor.

    open --mark--> pending(key) --charged--> purchased
      ^               |
      '-- declined, cancelled

There is nothing to prepare: the reference is the key, given with the mark. The record is at hand:
an open cart that is captured is marked with that, and charged no more.
"""

from __future__ import annotations

from tests.promises.model.checkout import Checkout
from tests.promises.model.world import Attempt, Moves, Ref, World


class EmbeddedCheckout(Checkout):
    """Pays with a card."""

    def new_attempt(self, key: int) -> Attempt:
        """What a cart is marked with: it is bound already."""
        return Attempt(Ref(key, 1))

    def begin(self, world: World, me: int) -> Moves:
        """Read the cart, and the record. Who has read that before the capture was in it marks the
        cart anew; then the charge is answered with the capture."""
        yield from super().begin(world, me)
        captures = (payment.ref for payment in world.payments if payment.status == "succeeded")
        for earlier in captures if world.cart.state == "open" else ():
            adopts = world.goes_on(me, "mark_earlier", Attempt(earlier))
            yield f"finds the open cart charged, {earlier}", adopts

    def pay(self, world: World, me: int, attempt: Attempt) -> Moves:
        """The cart is marked: charge."""
        asks = world.asks(me, "charge", attempt, then="closed")
        yield f"marks the cart with {attempt.ref}, and charges it", asks

    def looked(self, world: World, me: int) -> Moves:
        """Read the answer to a look ahead of everything."""
        yield from self.settled(world, me)

    def end(self, world: World, me: int, *, go_on: bool) -> Moves:
        """Record what has become of the attempt. A decline is final. When the cart was captured
        under an earlier key, that capture is adopted."""
        attempt, answer = world.clients[me].attempt, world.clients[me].answer
        if answer.status == "declined":
            yield from self.unpurchase(world, me, go_on=go_on)
        elif answer.status == "succeeded" and answer.ref != attempt.ref:
            yield from self.adopt(world, me, answer.ref)
        else:
            yield from super().end(world, me, go_on=go_on)

    def adopt(self, world: World, me: int, earlier: Ref) -> Moves:
        """Make room for the earlier attempt."""
        attempt = world.clients[me].attempt
        cart = self.db.unpurchase(world.cart, attempt)
        if cart:
            opened = world._replace(cart=cart).goes_on(me, "mark_earlier", Attempt(earlier))
            yield f"opens the cart: {attempt.ref} gives way to {earlier}", opened
        else:
            yield f"cannot open the cart: {attempt.ref} is not pending as it was", world.ends(me)

    def mark_earlier(self, world: World, me: int) -> Moves:
        """Mark the cart with the earlier attempt, as the answer tells it."""
        attempt = world.clients[me].attempt
        cart = self.db.mark(world.cart, attempt)
        if cart:
            marked = world._replace(cart=cart).goes_on(me, "purchase", attempt)
            yield f"marks the cart with {attempt.ref} of earlier", marked
        else:
            yield f"cannot mark the cart with {attempt.ref} of earlier", world.ends(me)
