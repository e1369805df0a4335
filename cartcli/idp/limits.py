"""Slows the guessing of passwords down, across processes, and keeps the right one out for nobody.

    guesses/<2 hex>.json     the tries of the accounts of one bucket, and when their next turn is
    guesses/<2 hex>.lock     guards it

Tries are counted for each client and account together, and for the account whoever tries. The first
ones have their turn at once; from then on turns come further and further apart, up to some seconds.
Each counts before its password is looked at: killing it gains nothing. All of it is forgotten after
a quarter of an hour, and unknown users are slowed down as known ones are.

A try before its turn is told when that will be, at once. If a place for hashes is free (hashing.py)
its password is looked at all the same, and lets in if it is right; else nobody is told that it was
looked at. So whoever shares a client with an attacker gets in, sooner or later, and an attacker
makes no more guesses than two hashes at a time allow.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from cartcli.errors import RestoreData
from cartcli.files import durable, locks, names, safety, sealed
from cartcli.idp.digest import digest
from cartcli.model.people import Identity
from cartcli.model.times import parse_time, rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Pace(NamedTuple):
    """So many tries are free, and then the pauses double, from half a second to the slowest."""

    free: int
    slowest: timedelta

    def pause(self, tries: int) -> timedelta:
        """How long after the try number `tries` the next one has its turn."""
        if tries < self.free:
            return timedelta(0)
        return min(timedelta(seconds=0.5 * (1 << min(tries - self.free, 10))), self.slowest)


_OF_CLIENT: Final = _Pace(3, timedelta(seconds=4))
_OF_ALL: Final = _Pace(100, timedelta(seconds=1))
_FORGOTTEN: Final = timedelta(minutes=15)
_MOST_ENTRIES: Final = 1_000  # in one bucket: what floods it with names pushes out the oldest
_Turns = dict[str, tuple[int, datetime]]  # tries, and when the next one has its turn


class Guesses:
    """Gives out turns, kept in the folder `store`; nobody waits longer than `wait` seconds for
    others who are given theirs."""

    def __init__(self, store: str, wait: float, clock: Callable[[], datetime]) -> None:
        self._folder = os.path.join(store, names.GUESSES)
        self._wait = wait
        self._clock = clock

    def count(self, identity: Identity, client: str) -> float:
        """Count a try, if it is its turn: 0. Else it does not count, and this is how many seconds
        it comes before its turn."""
        account = digest(identity.owner)
        paces = {_key(account, client): _OF_CLIENT, account: _OF_ALL}
        with self._bucket(account) as turns:
            now = self._clock()
            known = {key: turns.get(key, (0, now)) for key in paces}
            turn = max(turn for _, turn in known.values())
            if turn <= now:
                for key, pace in paces.items():
                    tries = known[key][0] + 1
                    turns[key] = tries, now + pace.pause(tries)
        return max((turn - now).total_seconds(), 0)

    def clear(self, identity: Identity, client: str) -> None:
        """The password was right: the client's next try is the first again."""
        account = digest(identity.owner)
        with self._bucket(account) as turns:
            turns.pop(_key(account, client), None)

    def forget(self, owner: str) -> None:
        """Forget every try to log in as this owner."""
        account = digest(owner)
        with self._bucket(account) as turns:
            for key in [key for key in turns if key.startswith(account)]:
                del turns[key]

    def prune(self, *, dry_run: bool = False) -> int:
        """Remove what counts no more, and return how many entries that are; with `dry_run` they
        stay. The files of buckets that are empty go, and those that are damaged."""
        pruned = 0
        for name in names.listed(self._folder):
            if not name.endswith(".json"):
                continue
            path = os.path.join(self._folder, name)
            with locks.locked(f"{path.removesuffix('.json')}.lock", self._wait):
                pruned += self._prune_bucket(path, dry_run=dry_run)
        return pruned

    def _prune_bucket(self, path: str, *, dry_run: bool) -> int:
        turns: _Turns = {}
        with suppress(FileNotFoundError, RestoreData):
            turns = _turns(path)
        recent = self._recent(turns)
        if not dry_run and not recent:
            with suppress(FileNotFoundError):
                os.unlink(path)
        elif not dry_run and len(recent) < len(turns):
            _save(path, recent)
        return len(turns) - len(recent)

    @contextmanager
    def _bucket(self, account: str) -> Iterator[_Turns]:
        """The turns of one bucket; what was changed of them is saved when the block ends. A damaged
        file is as good as none: it guards, it is no record."""
        path = os.path.join(self._folder, account[:2])
        with locks.locked(f"{path}.lock", self._wait):
            turns: _Turns = {}
            with suppress(FileNotFoundError, RestoreData):
                turns = self._recent(_turns(f"{path}.json"))
            before = dict(turns)
            yield turns
            if turns == before:
                return
            _save(f"{path}.json", turns)

    def _recent(self, turns: _Turns) -> _Turns:
        """Entries that still count; one far in the future is from before the clock was set."""
        now = self._clock()
        latest = now + max(_OF_CLIENT.slowest, _OF_ALL.slowest)
        return {
            key: (tries, turn)
            for key, (tries, turn) in turns.items()
            if now - _FORGOTTEN < turn <= latest
        }


def _save(path: str, turns: _Turns) -> None:
    """Put the newest of these turns into the file."""
    newest = sorted(turns.items(), key=lambda entry: entry[1][1])[-_MOST_ENTRIES:]
    record = {key: [tries, rfc3339(turn)] for key, (tries, turn) in newest}
    durable.replace(path, sealed.seal(record))


def _key(account: str, client: str) -> str:
    """What the tries of a client at an account are counted by."""
    return f"{account} {digest(client)}"


def _turns(path: str) -> _Turns:
    """The tries and the next turn of every entry in the file; RestoreData when it holds anything
    else."""
    known = sealed.read(path)
    try:
        return {key: (int(tries), parse_time(turn)) for key, (tries, turn) in known.items()}
    except (TypeError, ValueError, OverflowError):
        raise safety.damaged(path, "it holds more than turns") from None
