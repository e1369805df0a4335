"""What must hold in every world, and after one more run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.promises.model.model import Model
from tests.promises.model.world import Client, World

TWICE: Final = "charged more than once"
NOT_CHARGED: Final = "purchased but not charged"
OPEN: Final = "charged but open"
STUCK: Final = "one more run does not find out"


def broken(world: World) -> str:
    """The promise that this world breaks, or "".

    Where an older copy of the cart was put back, it may be open though it is charged. That is for
    one more run to find out.
    """
    charged = [payment.ref for payment in world.payments if payment.status == "succeeded"]
    if len(charged) > 1:
        return TWICE
    if world.cart.state == "purchased" and world.cart.attempt.ref not in charged:
        return NOT_CHARGED
    if world.cart.state == "open" and charged and not world.restored:
        return OPEN
    return ""


class OneMoreRun:
    """One more command, when nothing else happens and nothing goes wrong any more.

    It must end with a cart that is purchased, or open and not charged, or that waits for somebody
    who may still act.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._network = model.network.calm()
        self._good: set[World] = set()

    def fails(self, world: World) -> list[str]:
        """What the command does when it does not find out; nothing if it always does."""
        stands_still = world._replace(clients=(), late=(), doubles=0)
        if stands_still in self._good:
            return []
        idle = (Client(0),) * len(world.clients)
        alone = stands_still._replace(clients=(*idle, Client(1)))
        failing = next(self._failing(alone, len(idle)), [])
        if not failing:
            self._good.add(stands_still)
        return failing

    def _failing(self, world: World, me: int) -> Iterator[list[str]]:
        """Each way on from here that does not find out."""
        if not world.clients[me].left and not world.clients[me].step:
            if not self._found_out(world):
                yield []
            return
        for moves in (self._model.checkout.moves(world), self._network.answers(world)):
            for what, after in moves:
                for rest in self._failing(after, me):
                    yield [what, *rest]

    def _found_out(self, world: World) -> bool:
        attempt = world.cart.attempt
        if world.cart.state == "pending":
            awaited = [p.ref for p in world.payments if self._model.outside.is_awaited(p)]
            return attempt.waiting and attempt.ref in awaited
        charged = any(payment.status == "succeeded" for payment in world.payments)
        return charged == (world.cart.state == "purchased")
