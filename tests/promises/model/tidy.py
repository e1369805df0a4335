"""Worlds in which the same can happen from here on are one world.

This is what makes the model small: without it, every world also has the history of how it came
about. Nothing that can still happen is lost by it, which `test_tidy.py` shows.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import groupby
from typing import Any, Protocol

from tests.promises.model.world import Client, Kept, Payment, Ref, Request, World

Refs = frozenset[Ref]


class Rules(Protocol):
    """What has to be known of a processor for this."""

    repeated: tuple[str, ...]  # what later commands ask for again, with the same key

    def is_void(self, world: World, request: Request) -> bool:
        """Whether the request changes nothing any more, whatever happens."""

    def is_dead(self, payment: Payment) -> bool:
        """Whether the payment stays as it is as long as nobody asks the processor about it."""


def tidied(world: World, rules: Rules) -> World:
    """The world that stands for all those in which the same can happen from here on."""
    return _renumbered(*_pruned(world, rules))


def pruned(world: World, rules: Rules) -> World:
    """The same without the late requests that change nothing any more, and without what nobody can
    name any more. What is left of that is the money that moved, or may still move."""
    return _pruned(world, rules)[0]


def renumbered(world: World) -> World:
    """The same with keys, and the payments of each, numbered without gaps in their order, and with
    the clients in an order that goes by what they do."""
    return _renumbered(world, _named(world, world.late, world.kept))


def _pruned(world: World, rules: Rules) -> tuple[World, Refs]:
    """The pruned world, and what can be named in it."""
    late, kept, events = world.late, world.kept, world.events
    if late:
        late = tuple(request for request in late if not rules.is_void(world, request))
    if kept:
        asked = {*late, *(client.request for client in world.clients)}
        kept = tuple(k for k in kept if k.request in asked or k.request.do in rules.repeated)
    named = _named(world, late, kept)
    payments = tuple([p for p in world.payments if p.ref in named or not rules.is_dead(p)])
    if events:
        events = tuple(ref for ref in events if ref in named)
    return world._replace(payments=payments, late=late, kept=kept, events=events), named


def _renumbered(world: World, named: Refs) -> World:
    refs = named.union([payment.ref for payment in world.payments])
    if _numbers(refs):
        world = World(*[_renamed(part, refs) for part in world])
    return world._replace(clients=tuple(sorted(world.clients)), keys=_keys(refs))


def _named(world: World, late: tuple[Request, ...], kept: tuple[Kept, ...]) -> Refs:
    """What somebody can name: the cart, or its copy, a client, a request or a kept answer."""
    refs = [world.cart.attempt.ref, world.copy.attempt.ref]
    if late:
        refs += [request.ref for request in late]
    if kept:
        refs += [answer.ref for _, answer in kept]
    return frozenset(refs).union(*map(_named_by, world.clients))


@cache
def _keys(refs: Refs) -> int:
    """How many keys there are."""
    return len({ref.key for ref in refs} - {0})


@cache
def _named_by(client: Client) -> Refs:
    return frozenset((client.attempt.ref, client.request.ref, client.answer.ref))


@cache
def _numbers(refs: Refs) -> dict[Ref, Ref]:
    """The new names of these, if any of them needs one. A key goes with each of its payments."""
    keys = {Ref(ref.key) for ref in refs}
    new = {
        ref: Ref(key, number)
        for key, (_, same) in enumerate(groupby(sorted(refs | keys), lambda ref: ref.key))
        for number, ref in enumerate(same)
    }
    return new if any(old != name for old, name in new.items()) else {}


@lru_cache(maxsize=None, typed=True)  # tuples of other types may be equal
def _renamed(value: Any, refs: Refs) -> Any:
    """The same with each of `refs` in it by its new name."""
    if isinstance(value, Ref):
        return _numbers(refs)[value]
    if not isinstance(value, tuple):
        return value
    parts = (_renamed(part, refs) for part in value)
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
