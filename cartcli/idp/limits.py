"""Slows the guessing of passwords down, for each account and across processes.

    guesses/<2 hex>.json     when the accounts of one bucket may be tried next
    guesses/<2 hex>.lock     guards it

The first tries go through at once. From then on each one must wait for its turn, and turns are
given out one after the other, so that guessing in parallel gains nothing. A try counts before its
password is looked at: killing it gains nothing either. Turns are at most a few seconds apart and
forgotten after a quarter of an hour, so that nobody is locked out for good. Unknown users are
slowed down as known ones are.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from cartcli.errors import RestoreData, RetryLater
from cartcli.files import durable, locks, names, safety, sealed
from cartcli.idp.digest import digest
from cartcli.model.people import Identity
from cartcli.model.times import parse_time, rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterator

_FREE_TRIES: Final = 3
_SLOWEST: Final = timedelta(seconds=4)
_FORGOTTEN: Final = timedelta(minutes=15)
_MOST_ACCOUNTS: Final = 1_000  # in one bucket: what floods it with names pushes out the oldest


class Guesses:
    """Gives out turns, kept in the folder `store`; nobody waits longer than `wait` seconds."""

    def __init__(self, store: str, wait: float, clock: Callable[[], datetime]) -> None:
        self._folder = os.path.join(store, names.GUESSES)
        self._wait = wait
        self._clock = clock

    def take_turn(self, identity: Identity) -> None:
        """Count a try and wait for its turn; RetryLater when that is too far off."""
        account = digest(identity.owner)
        with self._bucket(account) as accounts:
            now = self._clock()
            tries, turn = accounts.get(account, (0, now))
            delay = turn - now
            if delay > timedelta(seconds=self._wait):
                raise RetryLater(
                    "too many attempts to log in as this user",
                    f"Nobody was logged in. Try again in {delay.total_seconds():.0f} seconds.",
                )
            accounts[account] = (tries + 1, max(turn, now) + _pause(tries + 1))
        time.sleep(max(delay.total_seconds(), 0))

    def forget(self, identity: Identity) -> None:
        """The password was right: the next try is the first again."""
        account = digest(identity.owner)
        with self._bucket(account) as accounts:
            accounts.pop(account, None)

    @contextmanager
    def _bucket(self, account: str) -> Iterator[dict[str, tuple[int, datetime]]]:
        """The accounts of one bucket with the number of their tries and their next turn; saved
        when the block ends. A damaged file is as good as none: it guards, it is no record."""
        path = os.path.join(self._folder, account[:2])
        with locks.locked(f"{path}.lock", self._wait):
            accounts: dict[str, tuple[int, datetime]] = {}
            with suppress(FileNotFoundError, RestoreData):
                accounts = self._recent(_turns(f"{path}.json"))
            yield accounts
            newest = sorted(accounts.items(), key=lambda entry: entry[1][1])[-_MOST_ACCOUNTS:]
            record = {account: [tries, rfc3339(turn)] for account, (tries, turn) in newest}
            durable.replace(f"{path}.json", sealed.seal(record))

    def _recent(self, turns: dict[str, tuple[int, datetime]]) -> dict[str, tuple[int, datetime]]:
        """Entries that still count; one far in the future is from before the clock was set."""
        now = self._clock()
        latest = now + timedelta(seconds=self._wait) + _SLOWEST
        return {
            account: (tries, turn)
            for account, (tries, turn) in turns.items()
            if now - _FORGOTTEN < turn <= latest
        }


def _turns(path: str) -> dict[str, tuple[int, datetime]]:
    """The tries and the next turn of every account in the file; RestoreData when it holds
    anything else."""
    known = sealed.read(path)
    try:
        return {account: (int(tries), parse_time(turn)) for account, (tries, turn) in known.items()}
    except (TypeError, ValueError, OverflowError):
        raise safety.damaged(path, "it holds more than turns") from None


def _pause(tries: int) -> timedelta:
    """How long after the try number `tries` the next one has its turn."""
    if tries < _FREE_TRIES:
        return timedelta(0)
    return min(timedelta(seconds=0.5 * (1 << min(tries - _FREE_TRIES, 10))), _SLOWEST)
