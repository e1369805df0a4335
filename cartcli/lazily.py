"""Values that are made when they are first asked for, by whichever thread, and after a fork."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functools import cached_property as lazily
else:

    class lazily:  # noqa: N801 - a decorator, as `property` is
        """As `functools.cached_property`, which until Python 3.12 holds a lock that a child process
        may inherit locked for ever. Without one, two threads may make the value; one is kept."""

        def __init__(self, make):
            self._make = make
            self.__doc__ = make.__doc__

        def __get__(self, instance, owner):
            if instance is None:
                return self
            return vars(instance).setdefault(self._make.__name__, self._make(instance))


__all__ = ["lazily"]
