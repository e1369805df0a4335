"""Calls in child processes, which inherit an object that this one has used and goes on using."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from threading import Lock
from typing import TypeVar

from tests.contract.callers.children import Child
from tests.contract.callers.parcels import Place
from tests.contract.callers.stops import lines_of, stopped
from tests.contract.callers.ways import PATIENCE, Verb, Way

T = TypeVar("T")


class Forks(Way):
    """Every call is a new child's, which then looks at the object as well. While that is forked,
    another thread of this process stands in the middle of a look at it. Iterators and context
    managers stay with their child."""

    def __init__(self, seed: str = "", patience: float = PATIENCE) -> None:
        super().__init__(seed, patience)
        self._random = Random(seed)
        self._lines = 1
        # Nobody else of this process looks, or makes anything, while it forks: where threads stand
        # in the interpreter's or a library's own code, no child could be sure to go on.
        self._alone = Lock()

    def made(self, make: Callable[[], T], look: Callable[[T], None]) -> T:
        with self._alone:
            made = make()
            lane = self.lanes.take()
            lines = self.lanes.result(lane.do(lambda: lines_of(lambda: look(made))))
            self.lanes.give_back(lane)
            self._lines = max(self._lines, lines)
        return made

    def call(self, verb: Verb, glance: Callable[[], None]) -> tuple[object, Place]:
        with self._alone, stopped(self.lanes, glance, self._random.randint(1, self._lines)):
            child = Child(verb, glance, self.lanes.patience)
        return child.begin(), child
