"""What is between the clients and the processor: requests and answers are lost, late or doubled,
and clients die."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from tests.promises.model.world import (
    ANY,
    NO_REQUEST,
    Answer,
    Client,
    Moves,
    Payment,
    Request,
    World,
    one_less,
    who,
)

Handled = Iterator[tuple[str, World, Answer]]  # what the processor does, what is then, its answer


class Processor(Protocol):
    """Whoever answers requests, each of them at one moment."""

    repeated: tuple[str, ...]  # what later commands ask for again, with the same key

    def handle(self, world: World, request: Request) -> Handled:
        """All that the processor may do with the request."""

    def is_void(self, world: World, request: Request) -> bool:
        """Whether the request changes nothing any more, whatever happens."""

    def is_dead(self, payment: Payment) -> bool:
        """Whether the payment stays as it is as long as nobody asks the processor about it."""

    def calm(self) -> Processor:
        """The same processor, of which nothing goes wrong."""


class Network(NamedTuple):
    """Between the clients and the `processor`, with at most `late` late requests at a time.

    Whatever becomes of a request is one of these, and of an answer as well:

    - it is handled and the answer is read, each at any time;
    - it is handled, and its client gives up, or dies, before it goes by the answer;
    - it is handled late: when its client has given up, or is dead;
    - it is never handled;
    - it is handled twice, at two moments, and its client gets either answer.

    A time-out, a 429 and a 5xx tell the client nothing, whether something was done or not: it gives
    up. The clock decides nothing.
    """

    processor: Processor
    late: int = ANY

    def moves(self, world: World) -> Moves:
        """All that may happen next to a request or an answer."""
        yield from self.answers(world)
        for me, client in enumerate(world.clients):
            if client.step:
                yield from self._gives_up(world, me, client)
        for request in dict.fromkeys(world.late):
            yield from self._answers_nobody(world, request)

    def answers(self, world: World) -> Moves:
        """The processor handles the request of a client that waits for the answer."""
        for me, client in enumerate(world.clients):
            if client.request.do:
                for what, after, answer in self.processor.handle(world, client.request):
                    yield from self._tells(what, after, me, answer)

    def calm(self) -> Network:
        """The same network, and nothing goes wrong at the processor either."""
        return self._replace(processor=self.processor.calm())

    def _tells(self, what: str, world: World, me: int, answer: Answer) -> Moves:
        client = world.clients[me]
        told = client._replace(request=NO_REQUEST, answer=answer)
        if answer.status == "error":
            told = Client(client.left)
        yield f"the processor {what}", world.with_client(me, told)
        if world.doubles and self._has_room(world):
            once_more = world._replace(doubles=one_less(world.doubles))
            heard = once_more.with_client(me, told).with_late(client.request)
            yield f"the processor {what} (asked twice)", heard
            yield f"the processor {what} (asked twice, and this is not heard)", once_more

    def _answers_nobody(self, world: World, request: Request) -> Moves:
        for what, after, _ in self.processor.handle(world, request):
            yield f"the processor {what} (late)", after.without_late(request)
            if world.doubles:
                once_more = after._replace(doubles=one_less(world.doubles))
                yield f"the processor {what} (late, and asked twice)", once_more

    def _gives_up(self, world: World, me: int, client: Client) -> Moves:
        ended = world.ends(me)
        if not client.request.do:
            yield f"{who(me)} dies", ended
            return
        yield f"{who(me)} gives up or dies, and its request is lost", ended
        if self._has_room(world) and not self.processor.is_void(world, client.request):
            late = ended.with_late(client.request)
            yield f"{who(me)} gives up or dies, and its request is late", late

    def _has_room(self, world: World) -> bool:
        return self.late == ANY or len(world.late) < self.late
