"""Threads of one process that want the same thing get it in the order in which they came.

A courtesy, and no promise rests on it: whoever is held up for too long goes ahead without. All is
kept in single steps, each of which is done whatever other threads do: a lock of one's own might be
inherited, locked, by a child.
"""

from __future__ import annotations

import os
import time
from _thread import get_ident  # of `threading`, which takes longer to import
from collections.abc import Hashable, Iterator
from contextlib import suppress
from itertools import count
from typing import Final, Self

_LONGEST_PAUSE: Final = 0.02  # seconds
_OUT_OF_TURN: Final = 16  # pauses
_STUCK: Final = 1.0  # seconds in which nobody's turn ends
_lines: Final[dict[tuple[int, Hashable], list[Place]]] = {}  # a child has its parent's as well


class Place:
    """A place in the line of those who want something, during a `with` block."""

    def __init__(self, what: Hashable) -> None:
        self._key = _key(what)
        self._line: list[Place] = []
        self._thread = get_ident()

    def __enter__(self) -> Self:
        self._line = _lines.setdefault(self._key, [])
        self._line.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        line = self._line
        with suppress(ValueError):
            line.remove(self)
        if not line:
            _lines.pop(self._key, None)
            if line:  # somebody came just then
                _lines.setdefault(self._key, line)

    def is_mine(self) -> bool:
        """Whether it is this thread's."""
        return self._thread == get_ident()

    def before(self) -> int:
        """How many come before this thread."""
        for number, place in enumerate(self._line):
            if place.is_mine():
                return number
        return 0

    def tries(self, wait: float) -> Iterator[None]:
        """When to try, within `wait` seconds: soon and often when it is this thread's turn. Until
        then it looks often whether it is, and tries rarely, in case that something holds the first
        one up; and in the end."""
        deadline = time.monotonic() + wait
        for number in count(1):
            before = self.before()
            left = deadline - time.monotonic()
            if not before or number % _OUT_OF_TURN == 0 or left <= 0:
                yield
            if left <= 0:
                return
            time.sleep(min(_pause(before), left))

    def wait(self) -> bool:
        """Wait until nobody comes first; when the line stands still for a second, no longer.
        Whether anybody did."""
        before = self.before()
        if not before:
            return False
        least, since = before, time.monotonic()
        while before and time.monotonic() < since + _STUCK:
            time.sleep(_pause(before))
            before = self.before()
            if before < least:
                least, since = before, time.monotonic()
        return True


class Turn(Place):
    """Wait for this thread's turn, and have it during the `with` block. Who has it already does not
    wait for it again.

    `waited` tells whether others came first, and `within`, how often this thread has had the same
    turn again while it had this one.
    """

    def __init__(self, what: Hashable) -> None:
        super().__init__(what)
        self.waited = False
        self.within = 0

    def __enter__(self) -> Self:
        for outer in [*_lines.get(self._key, ())]:
            if isinstance(outer, Turn) and outer.is_mine():
                outer.within += 1
                break
        super().__enter__()
        try:
            self.waited = self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self


def anybody_wants(what: Hashable) -> bool:
    """Whether a thread of this process stands in line for this."""
    return _key(what) in _lines


def _pause(before: int) -> float:
    """For how long, in seconds, to sleep before the next look when so many come before."""
    return min(0.0005 * (before + 1), _LONGEST_PAUSE)


def _key(what: Hashable) -> tuple[int, Hashable]:
    return os.getpid(), what
