"""A model: where it starts, and what may happen next."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tests.promises.model.checkout import Checkout
from tests.promises.model.network import Network
from tests.promises.model.world import ANY, Cart, Client, Moves, Payment, World


class Outside(Protocol):
    """What happens without a client."""

    def moves(self, world: World) -> Moves:
        """All that may happen now."""

    def is_awaited(self, payment: Payment) -> bool:
        """Whether somebody may still act, or the bank, so that the payment goes on."""


class Size(NamedTuple):
    """How much there is of everything, which may be ANY number: clients and commands of each,
    requests that are doubled, and requests that are late at the same time."""

    clients: int = 2
    commands: int = 1
    doubles: int = 1
    late: int = ANY

    def start(self) -> World:
        """An open cart, of which nothing is known to anybody."""
        return World(Cart(), (Client(self.commands),) * self.clients, doubles=self.doubles)


class Model(NamedTuple):
    """All that takes part in it."""

    size: Size
    checkout: Checkout
    network: Network
    outside: Outside

    def moves(self, world: World) -> Moves:
        """All that may happen next."""
        yield from self.checkout.moves(world)
        yield from self.network.moves(world)
        yield from self.outside.moves(world)
