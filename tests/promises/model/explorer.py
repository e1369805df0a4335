"""Looks at every world that can come about, the nearest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Set
from typing import NamedTuple

from tests.promises.model.model import Model
from tests.promises.model.promises import STUCK, OneMoreRun, broken
from tests.promises.model.tidy import pruned, tidied
from tests.promises.model.world import World

Before = dict[World, World | None]  # every world that was met, and from which one first


class Found(NamedTuple):
    """A broken promise, and a shortest way there."""

    promise: str
    trace: list[str]

    def __str__(self) -> str:
        lines = (f"{number:4} {what}" for number, what in enumerate(self.trace, 1))
        return "\n".join([f"{self.promise}:", *lines])


class Explored(NamedTuple):
    """The worlds that were met, and what was found: if nothing was, these are all there are."""

    worlds: Set[World]
    found: Found | None


class Explorer:
    """Explores one `model`: each world, and unless `states_only`, one more run from each.

    Unless it is `tidy`, it takes no two worlds for one, which is slow.
    """

    def __init__(self, model: Model, *, states_only: bool = False, tidy: bool = True) -> None:
        self._model = model
        self._one_more_run = None if states_only else OneMoreRun(model)
        self._tidy = tidy

    def explore(self) -> Explored:
        """Meet all worlds, or all until the first one that breaks a promise."""
        start = self._stands_for(self._model.size.start())
        before: Before = {start: None}
        queue = deque([start])
        while queue:
            world = queue.popleft()
            if broken(world) or self._failing_run(world):
                return Explored(before.keys(), self._found(_way(before, world)))
            for _, after in self._model.moves(world):
                stop = self._stands_for(after)
                if stop not in before:
                    before[stop] = world
                    queue.append(stop)
        return Explored(before.keys(), None)

    def _failing_run(self, world: World) -> list[str]:
        return self._one_more_run.fails(world) if self._one_more_run else []

    def _found(self, way: list[World]) -> Found:
        """What is broken at the end of the way, which is told from its beginning by worlds in which
        nothing is numbered anew."""
        world, trace = self._model.size.start(), []
        for stop in way:
            what, world = self._move(world, stop)
            trace.append(what)
        run = [] if broken(world) else self._failing_run(world)
        return Found(broken(world) or STUCK, trace + [f"one more run: {what}" for what in run])

    def _move(self, world: World, stop: World) -> tuple[str, World]:
        """The move from `world` to one for which `stop` stands."""
        for what, after in self._model.moves(world):
            if self._stands_for(after) == stop:
                return what, pruned(after, self._model.network.processor) if self._tidy else after
        raise LookupError("there is no such move: what stands for a world is wrong")

    def _stands_for(self, world: World) -> World:
        """What stands for this world."""
        return tidied(world, self._model.network.processor) if self._tidy else world


def _way(before: Before, world: World) -> list[World]:
    """The worlds on the way to this one, without the first."""
    way = []
    while (earlier := before[world]) is not None:
        way.append(world)
        world = earlier
    return way[::-1]
