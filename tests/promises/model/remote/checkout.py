"""The protocol of a checkout with a remote processor.

    open --mark--> pending(k1) --bind--> pending(p1.1) --succeeded--> purchased
      ^                |  nothing can charge   |   ^
      |                |  compare-and-set      |   '-- action, processing: waits, stays pending
      '----------------+----- cancelled -------'

A decline is not final: the payment is cancelled before the cart is opened.
"""

from __future__ import annotations

from tests.promises.model.checkout import Checkout
from tests.promises.model.world import Attempt, Moves, World


class RemoteCheckout(Checkout):
    """Pays with a token, such as a card's, which the client has."""

    def pay(self, world: World, me: int, attempt: Attempt) -> Moves:
        """The cart is marked: have a payment made, by which nobody can be charged yet."""
        asks = world.asks(me, "create", attempt, then="bind")
        yield f"marks the cart with {attempt.ref}, and asks for a payment", asks

    def bind(self, world: World, me: int) -> Moves:
        """Read the answer, which names the payment."""
        attempt, answer = world.clients[me].attempt, world.clients[me].answer
        if answer.status == "refused":
            yield from self.give_up(world, me)
        else:
            yield from self.prepared(world, me, attempt._replace(ref=answer.ref))

    def prepared(self, world: World, me: int, attempt: Attempt) -> Moves:
        """There is a payment: store its reference, and only then charge it."""
        cart = self.db.bind(world.cart, attempt)
        if cart:
            charges = self.charge(world._replace(cart=cart), me, attempt)
            yield f"binds {attempt.ref}", charges
        else:
            leaves = world.asks(me, "cancel", attempt, then="leave")
            yield f"cannot bind {attempt.ref}: cancels it", leaves

    def charge(self, world: World, me: int, attempt: Attempt) -> World:
        """The reference is stored: charge."""
        return world.asks(me, "confirm", attempt, then="read")

    def leave(self, world: World, me: int) -> Moves:
        """Whatever has become of the payment: the cart goes by another one."""
        yield "leaves", world.ends(me)

    def read(self, world: World, me: int) -> Moves:
        """Read the answer to the charge. What is declined is cancelled first."""
        attempt, status = world.clients[me].attempt, world.clients[me].answer.status
        if status == "declined":
            cancels = world.asks(me, "cancel", attempt, then="closed")
            yield f"is told that {attempt.ref} is declined: cancels", cancels
        elif status == "refused":
            yield from self.give_up(world, me)
        else:
            yield from self.closed(world, me)

    def give_up(self, world: World, me: int) -> Moves:
        """What it asked for is no good: end whatever attempt there is, and that was the command."""
        attempt = world.cart.attempt
        if world.cart.state != "pending":
            yield "is refused, and finds the attempt over", world.ends(me)
        elif attempt.ref.number:
            cancels = world.asks(me, "cancel", attempt, then="closed")
            yield f"is refused: cancels {attempt.ref}", cancels
        else:
            drops = world.goes_on(me, "drop", attempt)
            yield f"is refused, and sees that {attempt.ref} is not bound", drops

    def drop(self, world: World, me: int) -> Moves:
        """Open the cart, as in `reopen`, and that was the command."""
        yield from self.unpurchase(world, me, go_on=False)

    def settle(self, world: World, me: int, attempt: Attempt) -> Moves:
        """What was never bound cannot have been charged."""
        if attempt.ref.number:
            yield from super().settle(world, me, attempt)
        else:
            reopens = world.goes_on(me, "reopen", attempt)
            yield f"sees that {attempt.ref} is not bound", reopens

    def reopen(self, world: World, me: int) -> Moves:
        """Open the cart without asking anybody, if it is still as it was seen."""
        yield from self.unpurchase(world, me, go_on=True)

    def looked(self, world: World, me: int) -> Moves:
        """Read the answer to a look ahead of everything."""
        attempt = world.clients[me].attempt
        if world.clients[me].answer.status in ("new", "declined"):
            yield from self.unpaid(world, me, attempt)
        else:
            yield from self.settled(world, me)

    def unpaid(self, world: World, me: int, attempt: Attempt) -> Moves:
        """Neither the customer nor the bank is asked any more, such as after a decline: cancel."""
        cancels = world.asks(me, "cancel", attempt, then="settled")
        yield f"sees that {attempt.ref} waits for nobody: cancels", cancels


class HostedCheckout(RemoteCheckout):
    """Has the customer pay on a page of the processor's."""

    hosted = True

    def charge(self, world: World, me: int, attempt: Attempt) -> World:
        """The reference is stored: have the page's address told."""
        return world.asks(me, "look", attempt, then="offer")

    def offer(self, world: World, me: int) -> Moves:
        """Read the page's status: as long as it can be paid, the customer is awaited."""
        if world.clients[me].answer.status in ("new", "declined"):
            yield from self.wait(world, me)
        else:
            yield from self.closed(world, me)

    def show(self, world: World, me: int, attempt: Attempt) -> World:
        """It is stored that the attempt waits: show the page, next."""
        return world.goes_on(me, "present", attempt)

    def present(self, world: World, me: int) -> Moves:
        """Show the page."""
        attempt = world.clients[me].attempt
        payment = world.payment(attempt.ref)
        shown = world.with_payment(payment._replace(shown=True))
        yield f"shows the page of {payment.ref}", shown.ends(me)

    def unpaid(self, world: World, me: int, attempt: Attempt) -> Moves:
        """The page can still be paid: show it again."""
        yield from self.present(world, me)
