"""A contract of nothing in particular, one object that is fit for every way to call it, and some
that are not."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, NamedTuple, Protocol

from cartcli.errors import ChooseExisting
from tests.helpers import Clock

_LONG: Final = 60.0  # seconds
Where = tuple[int, int]  # a process, and a thread of it


class Part(NamedTuple):
    """A value with an iterator in it."""

    version: str
    numbers: Iterator[int]


class Shelf(Protocol):
    """The contract of what is tried here."""

    name: str

    def where(self) -> Where:
        """The process and the thread that this is called in."""

    def give(self, *values: Any, **named: Any) -> Any:
        """What it is called with."""

    def fail(self, error: BaseException) -> None:
        """Raise the error."""

    def numbers(self, end: int) -> Iterator[int]:
        """The numbers from 0 to before `end`; then ZeroDivisionError. Never ends before."""

    def part(self, end: int) -> Part:
        """The same in a value."""

    def held(self) -> AbstractContextManager[Where]:
        """Holds the shelf for the `with` block; ValueError raised in it is not raised any more."""

    def is_held(self) -> Where | None:
        """Where the shelf is held, if it is."""

    def total(self, numbers: Iterable[int], told: Callable[[int], object]) -> int:
        """The sum of the `numbers`; `told` of each of them."""

    def now(self) -> object:
        """The time by the clock."""


def here() -> Where:
    return os.getpid(), threading.get_ident()


class Fit:
    """Is fit for everything."""

    name = "shelf"
    secret = "no member of the contract"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._holder: Where | None = None

    def where(self) -> Where:
        return here()

    def give(self, *values: Any, **named: Any) -> Any:
        return values, named

    def fail(self, error: BaseException) -> None:
        raise error

    def numbers(self, end: int) -> Iterator[int]:
        at = here()
        for number in range(end):
            assert here() == at
            yield number
        raise ZeroDivisionError

    def part(self, end: int) -> Part:
        return Part("1", self.numbers(end))

    @contextmanager
    def held(self) -> Iterator[Where]:
        self._holder = here()
        try:
            yield self._holder
        except ValueError:
            pass
        finally:
            assert self._holder == here()
            self._holder = None

    def is_held(self) -> Where | None:
        return self._holder

    def total(self, numbers: Iterable[int], told: Callable[[int], object]) -> int:
        return sum(number for number in numbers if told(number) is None)

    def now(self) -> object:
        return self._clock()


class ThreadsOwn(Fit):
    """Keeps what it needs for each thread, and makes it for the first one only."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._local = threading.local()
        self._local.greeting = "hello"

    def where(self) -> tuple[int, int]:
        assert self._local.greeting
        return here()


class FirstUsersOwn(Fit):
    """Belongs to the thread that uses it first, as a connection does that is made on demand."""

    user: tuple[int, int] | None = None

    def where(self) -> tuple[int, int]:
        self.user = self.user or here()
        if self.user != here():
            raise RuntimeError("made in another thread")
        return here()


class Forgetful(Fit):
    """Keeps in itself what a call is about, and takes its time unless that is nothing."""

    about: Any = None

    def give(self, *values: Any, **named: Any) -> Any:
        self.about = values
        until = time.monotonic() + _LONG
        while values and self.about == values and time.monotonic() < until:
            time.sleep(0.001)
        return self.about, named


class Locking(Fit):
    """Is held by whoever calls it, and by nobody who is to free it in a child."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._lock = threading.Lock()

    def where(self) -> tuple[int, int]:
        with self._lock:
            return super().where()


class HeldForever(Fit):
    """Takes a lock when it is first used, and keeps it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._lock = threading.RLock()

    def where(self) -> tuple[int, int]:
        self._lock.acquire()
        return here()


class ProcessOwn(Fit):
    """Refuses to be used by another process."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._pid = os.getpid()

    def where(self) -> tuple[int, int]:
        if self._pid != os.getpid():
            raise ChooseExisting("not mine")
        return here()


class Dying(Fit):
    """Ends the process."""

    def where(self) -> tuple[int, int]:
        os._exit(3)
