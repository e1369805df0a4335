"""The cart DB's verbs on the one cart. Each is one durable write, or is refused: None."""

from __future__ import annotations

from tests.promises.model.world import Attempt, Cart, Ref


class CartDb:
    """What is compared here is all that the promise rests on: there are no locks in this model."""

    def mark(self, cart: Cart, attempt: Attempt) -> Cart | None:
        """Make the open cart pending with `attempt`."""
        return Cart("pending", attempt) if cart.state == "open" else None

    def bind(self, cart: Cart, attempt: Attempt) -> Cart | None:
        """Give the pending attempt of this key its reference, once, and what it waits for."""
        given = (Ref(attempt.ref.key), attempt.ref)
        pending = cart.state == "pending" and cart.attempt.ref in given
        return Cart("pending", attempt) if pending else None

    def purchase(self, cart: Cart, attempt: Attempt) -> Cart | None:
        """Make the cart purchased that is pending with this key and reference."""
        pending = cart.state == "pending" and cart.attempt.ref == attempt.ref
        return Cart("purchased", attempt) if pending else None

    def unpurchase(self, cart: Cart, attempt: Attempt) -> Cart | None:
        """Open the cart if the whole `attempt` is the pending one; an open one stays open."""
        return Cart() if cart.state == "open" or cart == ("pending", attempt) else None
