"""Cart DBs, requests and webhooks that are wrong."""

from __future__ import annotations

from tests.promises.model.cart_db import CartDb
from tests.promises.model.network import Handled
from tests.promises.model.remote.outside import RemoteOutside
from tests.promises.model.remote.processor import RemoteProcessor
from tests.promises.model.world import Attempt, Cart, Moves, Payment, Request, World


class BindsAnything(CartDb):
    """Binds without comparing."""

    def bind(self, cart: Cart, attempt: Attempt) -> Cart | None:
        return Cart("pending", attempt) if cart.state != "purchased" else None


class OpensByKey(CartDb):
    """Opens the cart when the attempt's key is the pending one, and be it bound by now."""

    def unpurchase(self, cart: Cart, attempt: Attempt) -> Cart | None:
        same_key = cart.state == "pending" and cart.attempt.ref.key == attempt.ref.key
        return Cart() if same_key or cart.state == "open" else None


class BindsByKey(CartDb):
    """Binds an attempt anew that has a reference."""

    def bind(self, cart: Cart, attempt: Attempt) -> Cart | None:
        same_key = cart.attempt.ref.key == attempt.ref.key
        return Cart("pending", attempt) if cart.state == "pending" and same_key else None


class PurchasesByKey(CartDb):
    """Takes a receipt of the attempt's key, whatever its reference."""

    def purchase(self, cart: Cart, attempt: Attempt) -> Cart | None:
        same_key = cart.attempt.ref.key == attempt.ref.key
        return Cart("purchased", cart.attempt) if cart.state == "pending" and same_key else None


class ChargesInOneCall(RemoteProcessor):
    """It can make a payment and charge it by one call, and is asked to."""

    keyed = repeated = ("pay",)

    def pay(self, world: World, request: Request) -> Handled:
        """A new payment, charged at once."""
        for made, after, answer in self.create(world, request):
            for what, done, status in self.confirm(after, Request("confirm", answer.ref)):
                yield f"{made} and {what}", done, status


class KeyedCancel(RemoteProcessor):
    """It is given idempotency keys with cancellations, too."""

    keyed = (*RemoteProcessor.keyed, "cancel")
    repeated = ("cancel",)


class BelievesEvents(RemoteOutside):
    """Webhooks are believed: what they say may have been true once."""

    def moves(self, world: World) -> Moves:
        for what, after in super().moves(world):
            declined = (payment.ref for payment in after.payments if payment.status == "declined")
            told = {*after.events, *declined}
            yield what, after._replace(events=tuple(sorted(told)))

    def ring(self, world: World, payment: Payment) -> Moves:
        yield from super().ring(world, payment)
        if payment.ref in world.events and world.cart.attempt.ref == payment.ref:
            cart = self.db.unpurchase(world.cart, world.cart.attempt)
            if cart:
                says = f"a webhook says that {payment.ref} is declined, and opens the cart"
                yield says, world._replace(cart=cart)


class BelievesLanding(RemoteOutside):
    """Whoever comes back from a page is taken to have paid."""

    def ring(self, world: World, payment: Payment) -> Moves:
        yield from super().ring(world, payment)
        if payment.shown and world.cart.attempt.ref == payment.ref:
            cart = self.db.purchase(world.cart, world.cart.attempt)
            if cart:
                lands = f"somebody comes back from the page of {payment.ref}: purchased"
                yield lands, world._replace(cart=cart)
