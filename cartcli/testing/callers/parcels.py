"""What comes back of a call, and what stays where the call was made: iterators, context managers.

Whoever called is given something that passes for them, and that goes back there for each step.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from enum import Enum
from itertools import islice
from types import TracebackType
from typing import Any, Final, Protocol

_MOST: Final = 256  # values of an iterator that are fetched at once


class Kept(Enum):
    """Stands in a result for what has stayed behind."""

    ITERATOR = "iterator"
    CONTEXT = "context manager"


class Place(Protocol):
    """Where a call was made, and something of it has stayed."""

    def go_on(self, step: Callable[..., object], *args: object) -> Any:
        """Call `step`, a function of a module, there with what has stayed, and with `args`."""

    def leave(self) -> None:
        """Nothing is asked for any more. May be said twice, and at any time."""


class Batches:
    """An iterator, some values at a time."""

    def __init__(self, iterator: Iterator[object]) -> None:
        self._iterator = iterator
        self._error: Exception | None = None

    def more(self, count: int) -> list[object]:
        """The next values, `count` at most, and none at the end. An error is kept back until what
        came before it has been fetched."""
        if self._error:
            raise self._error
        values: list[object] = []
        try:
            for value in islice(self._iterator, count):
                values.append(value)
        except Exception as error:
            if not values:
                raise
            self._error = error
        return values


def parted(result: object) -> tuple[object, object]:
    """The `result` as it can be sent, and what stays of it, or None. That is one thing at most: the
    result itself, or a field of it."""
    stays: list[object] = []

    def keep(part: object) -> object:
        if isinstance(part, Iterator):
            stays.append(Batches(part))
            return Kept.ITERATOR
        if isinstance(part, AbstractContextManager):
            stays.append(part)
            return Kept.CONTEXT
        return part

    sent = _with_parts(result, keep)
    assert len(stays) <= 1, f"{len(stays)} parts of {result!r} stay behind"
    return sent, stays[0] if stays else None


def joined(sent: object, place: Place) -> object:
    """What was `parted` in that `place`, with something that passes for what has stayed there."""
    stays: list[object] = []

    def stand_in(part: object) -> object:
        if not isinstance(part, Kept):
            return part
        passing = batched(_Asking(place)) if part is Kept.ITERATOR else _Context(place)
        weakref.finalize(passing, place.leave).atexit = False  # when it is dropped half way
        stays.append(passing)
        return passing

    result = _with_parts(sent, stand_in)
    if not stays:
        place.leave()
    return result


def batched(more: Callable[[int], list[object]]) -> Iterator[object]:
    """An iterator over what `more` fetches, ever more at a time, and one at first: what is done
    between two steps is seen by most of what follows."""
    count = 1
    while values := more(count):
        yield from values
        count = min(2 * count, _MOST)


class _Asking:
    """Asks for more of the iterator that stays in a place."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def __call__(self, count: int) -> list[object]:
        values: list[object] = self._place.go_on(Batches.more, count)
        if not values:
            self._place.leave()
        return values


class _Context(AbstractContextManager[object]):
    """Enters and leaves the context manager that stays in a place."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def __enter__(self) -> object:
        return self._place.go_on(_enter)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        try:
            return bool(self._place.go_on(_exit, error))
        finally:
            self._place.leave()


def _enter(context: AbstractContextManager[object]) -> object:
    return context.__enter__()


def _exit(context: AbstractContextManager[object], error: BaseException | None) -> bool:
    return bool(context.__exit__(type(error) if error else None, error, None))


def _with_parts(result: object, change: Callable[[object], object]) -> object:
    """The `result`, or if it is a named tuple each of its fields, as `change` makes it."""
    fields = getattr(type(result), "_make", None)
    return change(result) if fields is None else fields(map(change, result))  # type: ignore[call-overload]
