"""What the commands of all checkouts have in common, in small steps.

Between two steps, anything may happen to everything. In one step a client does one thing at most
that others can see, reads what it needs for that, and sends off its next request. To die in the
middle of that is the same as to have that request lost.
"""

from __future__ import annotations

from tests.promises.model.cart_db import CartDb
from tests.promises.model.world import Attempt, Client, Moves, Ref, World, one_less, who


class Checkout:
    """A command `checkout`. `add` and `remove` settle in the same way and stop there, like a
    `checkout` that dies then, so that they need no steps of their own.

    Its methods are given the world and the number of the client, and yield what may come of it. A
    step is a method of which some client's `step` is the name.
    """

    hosted = False  # whether customers pay on a page of the processor's

    def __init__(self, db: CartDb) -> None:
        self.db = db

    def moves(self, world: World) -> Moves:
        """The next step of each client that waits for no answer."""
        for me, client in enumerate(world.clients):
            if client.step and not client.request.do:
                yield from self._step(world, me)
            elif client.left and not client.step:
                begun = Client(one_less(client.left), "begin")
                yield from self._step(world.with_client(me, begun), me)

    def _step(self, world: World, me: int) -> Moves:
        step = getattr(self, world.clients[me].step)
        for what, after in step(world, me):
            yield f"{who(me)} {what}", after

    def begin(self, world: World, me: int) -> Moves:
        """Read the cart. If it is open, mark it."""
        if world.cart.state == "purchased":
            yield "finds the cart purchased", world.ends(me)
        elif world.cart.state == "pending":
            yield from self.settle(world, me, world.cart.attempt)
        else:
            attempt = self.new_attempt(world.keys + 1)
            cart = self.db.mark(world.cart, attempt)
            assert cart, "it is open"
            yield from self.pay(world._replace(cart=cart, keys=world.keys + 1), me, attempt)

    def settled(self, world: World, me: int) -> Moves:
        """Read the answer to a cancellation, or to the look after one that came too late. If the
        cart is open again, begin again."""
        yield from self.end(world, me, go_on=True)

    def closed(self, world: World, me: int) -> Moves:
        """The same for an attempt of its own: that was the command."""
        yield from self.end(world, me, go_on=False)

    def new_attempt(self, key: int) -> Attempt:
        """What a cart is marked with."""
        return Attempt(Ref(key))

    def pay(self, world: World, me: int, attempt: Attempt) -> Moves:
        """The cart is marked with its own attempt: go on."""
        raise NotImplementedError

    def settle(self, world: World, me: int, attempt: Attempt) -> Moves:
        """There is an attempt of somebody else's: end it. Who checks out looks first when the
        customer may still act; who changes the cart does not."""
        yield f"settles {attempt.ref}: cancels", world.asks(me, "cancel", attempt, then="settled")
        if attempt.waiting:
            yield f"settles {attempt.ref}: looks", world.asks(me, "look", attempt, then="looked")

    def end(self, world: World, me: int, *, go_on: bool) -> Moves:
        """Record what has become of the attempt, if that is known now."""
        client = world.clients[me]
        status, attempt = client.answer.status, client.attempt
        if status == "succeeded":
            yield from self.purchase(world, me)
        elif status == "cancelled":
            yield from self.unpurchase(world, me, go_on=go_on)
        elif status in ("action", "processing"):
            yield from self.wait(world, me)
        elif status == "unexpected":
            looks = world.asks(me, "look", attempt, then=client.step)
            yield f"is too late for {attempt.ref}: looks", looks
        else:
            yield f"does not know what has become of {attempt.ref}", world.ends(me)

    def purchase(self, world: World, me: int) -> Moves:
        """The attempt is charged."""
        attempt = world.clients[me].attempt
        cart = self.db.purchase(world.cart, attempt)
        if cart:
            yield f"records that {attempt.ref} is charged", world._replace(cart=cart).ends(me)
        else:
            yield f"cannot record that {attempt.ref} is charged", world.ends(me)

    def unpurchase(self, world: World, me: int, *, go_on: bool) -> Moves:
        """The attempt is over, and nothing is charged by it any more."""
        attempt = world.clients[me].attempt
        cart = self.db.unpurchase(world.cart, attempt)
        if not cart:
            yield f"cannot open the cart: {attempt.ref} is not pending as it was", world.ends(me)
        else:
            opened = world._replace(cart=cart)
            after = opened.goes_on(me, "begin") if go_on else opened.ends(me)
            yield f"opens the cart again, after {attempt.ref}", after

    def wait(self, world: World, me: int) -> Moves:
        """It is for the customer or the bank to act: store that before anything is shown."""
        attempt = world.clients[me].attempt._replace(waiting=True)
        cart = self.db.bind(world.cart, attempt)
        if cart:
            waits = self.show(world._replace(cart=cart), me, attempt)
            yield f"stores that {attempt.ref} waits", waits
        else:
            yield f"cannot store that {attempt.ref} waits", world.ends(me)

    def show(self, world: World, me: int, attempt: Attempt) -> World:
        """It is stored that the attempt waits: go on."""
        return world.ends(me)
