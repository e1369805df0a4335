"""Calls in child processes, which inherit an object that this one has used and goes on using."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from functools import partial
from random import Random
from threading import Lock
from typing import Final

from cartcli.testing.callers.children import Child, Life, Task
from cartcli.testing.callers.lanes import Lanes
from cartcli.testing.callers.looks import Look, look_at
from cartcli.testing.callers.parcels import Place
from cartcli.testing.callers.stops import lines_of, stopped
from cartcli.testing.callers.ways import PATIENCE, Caller, Verb, Way

_CHILDREN: Final = 2  # of an object, which call it in turn; there are more when all are busy


class Forks(Way):
    """Every call of an object is another child's. While one is forked, another thread of this
    process stands in the middle of a look at the object. Iterators and context managers stay with
    their child."""

    def __init__(self, seed: str = "", moved: object = None, patience: float = PATIENCE) -> None:
        super().__init__(seed, moved, patience)
        self._families: list[_Family] = []
        # Nobody else of this process looks, or makes anything, while it forks: where threads stand
        # in the interpreter's or a library's own code, no child could be sure to go on.
        self._alone = Lock()

    def __exit__(self, *of: object) -> None:
        for family in self._families:
            family.end()
        super().__exit__(*of)

    def caller(self, make: Callable[[], object], look: Look) -> Caller:
        with self._alone:
            life = Life(make(), self.moved, self.lanes.patience)
            glance = partial(look_at, look, life.made, ())
            family = _Family(life, glance, self.lanes, self._alone)
            self._families.append(family)
            family.meet(Random(f"{self.seed} {len(self._families)}"))
        return family


class _Family:
    """Calls one object in as many children as are needed at a time, two or more."""

    def __init__(self, life: Life, glance: Callable[[], None], lanes: Lanes, alone: Lock) -> None:
        self.made = life.made
        self._life = life
        self._glance = glance
        self._lanes = lanes
        self._alone = alone
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._children: list[Child] = []
        self._idle: deque[Child] = deque()

    def meet(self, random: Random) -> None:
        """Look at the object for the first time, by another thread."""
        lane = self._lanes.take()
        self._lines = self._lanes.result(lane.do(lambda: lines_of(self._glance)))
        self._lanes.give_back(lane)
        self._random = random

    def call(self, verb: Verb) -> tuple[object, Place]:
        task = Task(self._idle_child(), self._idle.append)
        return task.begin(verb), task

    def end(self) -> None:
        """Let all children end."""
        for child in self._children:
            child.end()

    def _idle_child(self) -> Child:
        if self._pid != os.getpid():  # a test has forked, and its child has none of its own yet
            self._begin()
        if len(self._children) >= _CHILDREN:
            try:
                return self._idle.popleft()
            except IndexError:
                pass
        line = self._random.randint(1, max(self._lines, 1))
        with self._alone, stopped(self._lanes, self._glance, line):
            child = Child(self._life)
        self._children.append(child)
        return child
