"""Calls from eight threads in turn, each while others look at the same object."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Any, Final, Self

from cartcli.testing.callers.lanes import Lane, Lanes
from cartcli.testing.callers.looks import Look, look_at, no_look
from cartcli.testing.callers.parcels import Place, parted
from cartcli.testing.callers.ways import Caller, Verb, Way

_LOOKING: Final = 2  # threads beside the one that calls
_OFTEN: Final = 1e-4  # seconds after which another thread has its turn


class Threads(Way):
    """Every call is another thread's; iterators and context managers stay with theirs."""

    def __enter__(self) -> Self:
        self._switch_interval = sys.getswitchinterval()
        sys.setswitchinterval(_OFTEN)
        return super().__enter__()

    def __exit__(self, *of: object) -> None:
        sys.setswitchinterval(self._switch_interval)
        super().__exit__(*of)

    def caller(self, make: Callable[[], object], look: Look) -> Caller:
        made = make()
        look_at(look, made, ())
        return _Caller(made, look, self.lanes)


class _Caller:
    """Calls one object from many threads."""

    def __init__(self, made: object, look: Look, lanes: Lanes) -> None:
        self.made = made
        self._look = look
        self._lanes = lanes

    def call(self, verb: Verb) -> tuple[object, Place]:
        place = _Thread(self._lanes)
        with self._watched(verb):
            return place.begin(lambda: verb.of(self.made)), place

    @contextmanager
    def _watched(self, verb: Verb) -> Iterator[None]:
        """Others look, again and again, until the block ends, and once at least."""
        called = Event()
        glance = partial(look_at, self._look, self.made, verb.args)
        lanes = [] if self._look is no_look else [*self._idle()]
        looking = [(lane, lane.do(partial(_until, called, glance))) for lane in lanes]
        try:
            yield
        finally:
            called.set()
            for lane, future in looking:
                self._lanes.result(future)
                self._lanes.give_back(lane)

    def _idle(self) -> Iterator[Lane]:
        for _ in range(_LOOKING):
            if lane := self._lanes.take_idle():
                yield lane


class _Thread:
    """The place of one call: a thread that is nobody else's until it is left."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._lane: Lane | None = lanes.take()
        self._stays: object = None

    def begin(self, task: Callable[[], object]) -> object:
        """What was sent of the result."""
        try:
            return self._do(lambda: self._keep(task()))
        except BaseException:
            self.leave()
            raise

    def go_on(self, step: Callable[..., object], *args: object) -> Any:
        return self._do(lambda: step(self._stays, *args))

    def leave(self) -> None:
        lane, self._lane = self._lane, None
        if lane:
            lane.do(self._drop)
            self._lanes.give_back(lane)

    def _do(self, task: Callable[[], object]) -> Any:
        assert self._lane, "what has been left is asked for more"
        return self._lanes.result(self._lane.do(task))

    def _keep(self, result: object) -> object:
        sent, self._stays = parted(result)
        return sent

    def _drop(self) -> None:
        self._stays = None


def _until(called: Event, glance: Callable[[], None]) -> None:
    glance()
    while not called.is_set():
        glance()
