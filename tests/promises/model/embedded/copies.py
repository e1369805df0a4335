"""What happens without a client: an older copy of the carts is put back, while the payments stay as
they are. That is what a store is after it was copied in use, carts before payments."""

from __future__ import annotations

from typing import NamedTuple

from tests.promises.model.world import Moves, Payment, World


class Copies(NamedTuple):
    """Made and put back at any time, if there are `any`; clients may run all the while. The first
    copy is of the cart as it was in the beginning."""

    any: bool

    def moves(self, world: World) -> Moves:
        """All that may happen now."""
        if self.any and world.copy != world.cart:
            yield "the cart is copied", world._replace(copy=world.cart)
            yield "the copy is put back", world._replace(cart=world.copy, restored=True)

    def is_awaited(self, payment: Payment) -> bool:
        """Whether somebody may still act, or the bank, so that the payment goes on."""
        return payment.status == "action"
