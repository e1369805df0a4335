"""Commands that die between any two steps."""

from __future__ import annotations

import random
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

_DIES: Final = 0.02
_DAWDLES: Final = 0.15
_AT_MOST: Final = 0.02  # seconds


class Died(BaseException):
    """The process was killed; nobody catches this."""


class Fate:
    """Lets commands die, or dawdle, unless it is `calm`. There were so many `deaths` so far."""

    def __init__(self, seed: int) -> None:
        self.calm = True
        self.deaths = 0
        self._random = random.Random(seed)

    def step(self) -> None:
        """Before or after a step of a command."""
        chance = self._random.random()
        if self.calm or chance > _DIES + _DAWDLES:
            return
        if chance < _DIES:
            self.deaths += 1
            raise Died
        time.sleep(self._random.random() * _AT_MOST)


class Mortal:
    """A `service` of whose users some die, before or after a call."""

    def __init__(self, service: object, fate: Fate) -> None:
        self._service = service
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._service, name)
        if not callable(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            self._fate.step()
            result = found(*args, **named)
            self._fate.step()
            return result

        return call


class Discourteous:
    """A `cart_db` that keeps nobody from paying a cart that somebody else is paying."""

    def __init__(self, cart_db: object) -> None:
        self._cart_db = cart_db

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cart_db, name)

    def paying(self, *_: object, **named: object) -> AbstractContextManager[None]:
        """Nobody is kept out."""
        return nullcontext()
