"""Threads that wait for work, one after the other in turn."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
Work = Callable[[], None]


class LostError(AssertionError):
    """What came of a call is not known: it is stuck, or it ended, or it cannot be sent."""


class Lane:
    """One thread, which does what it is given in that order."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Work | None] = SimpleQueue()
        Thread(target=self._run, daemon=True).start()

    def do(self, task: Callable[[], T]) -> Future[T]:
        """Have the `task` done; the future has its result, or its error."""
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(task())
            except BaseException as error:
                future.set_exception(error)

        self._work.put(work)
        return future

    def end(self) -> None:
        """Let the thread end once it has done what there is."""
        self._work.put(None)

    def _run(self) -> None:
        while work := self._work.get():
            work()


class Lanes:
    """As many lanes as are needed at a time, eight or more. The one that has been idle for longest
    comes next, so that one call after the other is another thread's."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._pid = os.getpid()
        self._all = [Lane() for _ in range(8)]
        self._idle = deque(self._all)  # of use to all threads, and while garbage is collected

    def take(self) -> Lane:
        """An idle lane, which is the caller's until given back."""
        lane = self.take_idle()
        if lane is None:
            lane = Lane()
            self._all.append(lane)
        return lane

    def take_idle(self) -> Lane | None:
        """As `take`, but None when all are at work."""
        if self._pid != os.getpid():  # a test has forked, and its child has no threads yet
            Lanes.__init__(self, self.patience)
        try:
            return self._idle.popleft()
        except IndexError:
            return None

    def give_back(self, lane: Lane) -> None:
        """The lane is idle, or will be."""
        self._idle.append(lane)

    def result(self, future: Future[T]) -> T:
        """What comes of it; LostError when nothing does."""
        if not wait([future], self.patience).done:
            raise LostError(f"a call did not come back within {self.patience} seconds")
        return future.result()

    def end(self) -> None:
        """Let all threads end."""
        for lane in self._all:
            lane.end()
