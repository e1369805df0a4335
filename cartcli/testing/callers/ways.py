"""What passes for an object: it has the members of one contract, and calls them in some way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, NamedTuple, Protocol, Self, TypeVar, cast

from cartcli.testing.callers.lanes import Lanes
from cartcli.testing.callers.looks import LOOKS, Look
from cartcli.testing.callers.parcels import Place, joined

T = TypeVar("T")
PATIENCE: Final = 60.0  # seconds; longer than whatever is tried may wait for a lock


class Use(Protocol):
    """Hands out what is made, to be used by its contract."""

    def __call__(self, contract: type, make: Callable[[], T], look: Look | None = None) -> T:
        """What `make` makes, or what passes for it and has the members of the `contract` only. With
        `look` others look at it meanwhile; that of the contract unless one is given."""


class Verb(NamedTuple):
    """A method, and the arguments that it is to be called with, positional and by name."""

    name: str
    args: tuple[Any, ...]
    named: dict[str, Any]

    def of(self, made: object) -> object:
        """What the method of this object returns."""
        return getattr(made, self.name)(*self.args, **self.named)


class Caller(Protocol):
    """Calls the methods of the object that was `made`."""

    made: object

    def call(self, verb: Verb) -> tuple[object, Place]:
        """Call the `verb`: what was sent of the result, as `parcels.parted` has it, and the place
        where the rest has stayed."""


class Way(ABC):
    """A way to call, for the `with` block. What is chosen at random depends on the `seed`. A call
    that does not come back within `patience` seconds raises LostError. `moved` is an object whose
    attributes the test changes meanwhile, as those of a clock."""

    def __init__(self, seed: str = "", moved: object = None, patience: float = PATIENCE) -> None:
        self.seed = seed
        self.moved = moved
        self.lanes = Lanes(patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.lanes.end()

    def __call__(self, contract: type, make: Callable[[], T], look: Look | None = None) -> T:
        return cast(T, Passing(contract, self.caller(make, look or LOOKS[contract])))

    @abstractmethod
    def caller(self, make: Callable[[], object], look: Look) -> Caller:
        """Who calls what `make` makes. It is looked at before anybody calls it."""


@contextmanager
def plain(seed: str = "", moved: object = None) -> Iterator[Use]:
    """Whoever has the object calls it."""

    def use(contract: type, make: Callable[[], T], look: Look | None = None) -> T:
        return make()

    yield use


class Passing:
    """Passes for an object."""

    def __init__(self, contract: type, caller: Caller) -> None:
        self._contract = contract
        self._caller = caller

    def __getattr__(self, name: str) -> Any:
        if name not in {*dir(self._contract), *self._contract.__annotations__}:
            raise AttributeError(f"the contract {self._contract.__name__} has no {name}")
        member = getattr(self._caller.made, name)
        return partial(self._call, name) if callable(member) else member

    def _call(self, name: str, /, *args: Any, **named: Any) -> object:
        return joined(*self._caller.call(Verb(name, args, named)))
