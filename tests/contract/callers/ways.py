"""What passes for an object: it has the methods of one contract, and calls them in some way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, Protocol, Self, TypeVar, cast

from tests.contract.callers.lanes import Lanes
from tests.contract.callers.looks import LOOKS, Look, look_at
from tests.contract.callers.parcels import Place, joined

T = TypeVar("T")
PATIENCE: Final = 60.0  # seconds; longer than whatever is tried may wait for a lock


class Use(Protocol):
    """Hands out what is made, to be used by its contract."""

    def __call__(self, contract: type, make: Callable[[], T], look: Look | None = None) -> T:
        """What `make` makes, or what passes for it and has the members of the `contract` only. With
        `look` others look at it meanwhile; that of the contract unless one is given."""


class Verb:
    """A method that is to be called with these arguments, positional and by name."""

    def __init__(
        self, method: Callable[..., object], args: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        self.method = method
        self.args = args
        self.named = named

    def __call__(self) -> object:
        return self.method(*self.args, **self.named)


@contextmanager
def plain(seed: str = "") -> Iterator[Use]:
    """Whoever has the object calls it."""

    def use(contract: type, make: Callable[[], T], look: Look | None = None) -> T:
        return make()

    yield use


class Way(ABC):
    """A way to call, for the `with` block. What is chosen at random depends on the `seed`. A call
    that does not come back within `patience` seconds raises LostError."""

    def __init__(self, seed: str = "", patience: float = PATIENCE) -> None:
        self.lanes = Lanes(patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.lanes.end()

    def __call__(self, contract: type, make: Callable[[], T], look: Look | None = None) -> T:
        look = look or LOOKS[contract]
        made = self.made(make, lambda made: look_at(look, made, ()))
        return cast(T, _Passing(contract, made, self, partial(look_at, look, made)))

    @abstractmethod
    def made(self, make: Callable[[], T], look: Callable[[T], None]) -> T:
        """What `make` makes, after a first `look` at it."""

    @abstractmethod
    def call(self, verb: Verb, glance: Callable[[], None]) -> tuple[object, Place]:
        """Call the `verb`: what was sent of the result, as `parcels.parted` has it, and the place
        where the rest has stayed. A `glance` looks at what it is called with."""


class _Passing:
    """Passes for an object."""

    def __init__(
        self, contract: type, made: object, way: Way, seen: Callable[[tuple[Any, ...]], None]
    ) -> None:
        self._contract = contract
        self._made = made
        self._way = way
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        if name not in {*dir(self._contract), *self._contract.__annotations__}:
            raise AttributeError(f"the contract {self._contract.__name__} has no {name}")
        member = getattr(self._made, name)
        return partial(self._call, member) if callable(member) else member

    def _call(self, method: Callable[..., object], /, *args: Any, **named: Any) -> object:
        verb = Verb(method, args, named)
        return joined(*self._way.call(verb, partial(self._seen, args)))
