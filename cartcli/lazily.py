"""Values that are made when they are first asked for, by whichever thread, and after a fork."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class lazily(Generic[T]):  # noqa: N801 - a decorator, as `property` is
    """As `functools.cached_property`, which until Python 3.12 holds a lock that a child process
    may inherit locked for ever. Without one, two threads may make the value; one of them is kept.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> T | Self:
        if instance is None:
            return self
        kept: T = vars(instance).setdefault(self._name, self._make(instance))
        return kept
