"""Checkouts that go about it in a wrong way."""

from __future__ import annotations

from tests.promises.model.remote.checkout import HostedCheckout, RemoteCheckout
from tests.promises.model.world import Attempt, Cart, Moves, World, who


class ConfirmsFirst(RemoteCheckout):
    """Charges, and stores the reference when it has the answer."""

    def prepared(self, world: World, me: int, attempt: Attempt) -> Moves:
        yield f"learns of {attempt.ref}, and charges it", self.charge(world, me, attempt)

    def read(self, world: World, me: int) -> Moves:
        cart = self.db.bind(world.cart, world.clients[me].attempt)
        yield from super().read(world._replace(cart=cart or world.cart), me)


class PaysInOneCall(ConfirmsFirst):
    """Has a payment made and charged by one call. To settle, makes that call with its key again."""

    def pay(self, world: World, me: int, attempt: Attempt) -> Moves:
        pays = world.asks(me, "pay", attempt, then="paid")
        yield f"asks to pay {attempt.ref} in one call", pays

    def settle(self, world: World, me: int, attempt: Attempt) -> Moves:
        if attempt.ref.number:
            yield from super().settle(world, me, attempt)
        else:
            yield from self.pay(world, me, attempt)

    def paid(self, world: World, me: int) -> Moves:
        """Read the answer to that call."""
        client = world.clients[me]
        bound = client.attempt._replace(ref=client.answer.ref)
        yield from self.read(world.with_client(me, client._replace(attempt=bound)), me)


class OpensOnDecline(RemoteCheckout):
    """Takes a decline for final."""

    def read(self, world: World, me: int) -> Moves:
        if world.clients[me].answer.status == "declined":
            yield from self.unpurchase(world, me, go_on=False)
        else:
            yield from super().read(world, me)


class OpensOnSilence(RemoteCheckout):
    """Takes no answer for "not charged"."""

    def moves(self, world: World) -> Moves:
        yield from super().moves(world)
        for me, client in enumerate(world.clients):
            if client.request.do == "confirm":
                for what, after in self.unpurchase(world, me, go_on=False):
                    yield f"{who(me)} gets no answer: {what}", after.with_late(client.request)


class OnlyLooks(RemoteCheckout):
    """Settles without ending anything: takes "not charged yet" for "not charged"."""

    def settle(self, world: World, me: int, attempt: Attempt) -> Moves:
        if attempt.ref.number:
            looks = world.asks(me, "look", attempt, then="looked")
            yield f"settles {attempt.ref}: only looks", looks
        else:
            yield from super().settle(world, me, attempt)

    def unpaid(self, world: World, me: int, attempt: Attempt) -> Moves:
        yield from self.unpurchase(world, me, go_on=True)


class NeverSettles(RemoteCheckout):
    """Pays again what is pending, with a new key."""

    def settle(self, world: World, me: int, attempt: Attempt) -> Moves:
        yield from self.begin(world._replace(cart=Cart()), me)


class TakesTooLateForOver(RemoteCheckout):
    """Opens the cart of what cannot be cancelled."""

    def end(self, world: World, me: int, *, go_on: bool) -> Moves:
        if world.clients[me].answer.status == "unexpected":
            yield from self.unpurchase(world, me, go_on=go_on)
        else:
            yield from super().end(world, me, go_on=go_on)


class TakesWaitingForCharged(RemoteCheckout):
    """Takes whatever is no error for a success."""

    def wait(self, world: World, me: int) -> Moves:
        yield from self.purchase(world, me)


class RecordsAnything(RemoteCheckout):
    """Records an answer whatever the cart waits for by now. What was never bound is compared."""

    def purchase(self, world: World, me: int) -> Moves:
        attempt = world.clients[me].attempt
        bought = world._replace(cart=Cart("purchased", attempt))
        yield f"records that {attempt.ref} is charged", bought.ends(me)

    def unpurchase(self, world: World, me: int, *, go_on: bool) -> Moves:
        attempt = world.clients[me].attempt
        opened = world._replace(cart=Cart())
        after = opened.goes_on(me, "begin") if go_on else opened.ends(me)
        yield f"opens the cart, whatever it is, after {attempt.ref}", after

    def reopen(self, world: World, me: int) -> Moves:
        yield from super().unpurchase(world, me, go_on=True)

    def drop(self, world: World, me: int) -> Moves:
        yield from super().unpurchase(world, me, go_on=False)


class WaitsForNobody(RemoteCheckout):
    """Goes on waiting though the payment was declined since."""

    def unpaid(self, world: World, me: int, attempt: Attempt) -> Moves:
        yield f"goes on waiting for {attempt.ref}", world.ends(me)


class ShowsFirst(HostedCheckout):
    """Shows the page, and stores its reference then."""

    def prepared(self, world: World, me: int, attempt: Attempt) -> Moves:
        page = world.payment(attempt.ref)._replace(shown=True)
        shown = world.with_payment(page).goes_on(me, "bind_what_is_shown", attempt)
        yield f"shows the page of {attempt.ref}", shown

    def bind_what_is_shown(self, world: World, me: int) -> Moves:
        """Store the reference, and that it waits."""
        yield from self.wait(world, me)
