"""Argon2id with the second recommended parameters of RFC 9106, section 4: 64 MiB a hash.

    guesses/hash-<0..3>      the places for hashes; each is done in one of them

So whoever tries to log in, however many at once, they take no more than 256 MiB and four hashes'
work. Tries that come before their turn have two of the places only: they keep nobody else out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from cartcli.errors import RetryLater
from cartcli.files import locks, names, safety

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_PLACES: Final = 4
_EARLY_PLACES: Final = 2
_MOMENT: Final = 1.0  # seconds that a try before its turn waits for a place


class Hashing:
    """Hashes passwords for the store, one in each of its places; nobody waits longer than `wait`
    seconds for one. RetryLater when there is none."""

    def __init__(self, store: str, wait: float) -> None:
        folder = os.path.join(store, names.GUESSES)
        self._places = [os.path.join(folder, f"hash-{number}") for number in range(_PLACES)]
        self._wait = wait

    def hash(self, secret: bytes, *, early: bool = False) -> str:
        """The hash of a password."""
        with self._place(early):
            return _hasher().hash(secret)

    def is_hashed(self, path: str, known: str, secret: bytes, *, early: bool = False) -> bool:
        """Whether `secret` is the password whose hash `known` is, which stands in the file `path`.
        A hash that asks for another amount of work than ours is none of ours: RestoreData, before
        the work is done."""
        from argon2.exceptions import VerificationError, VerifyMismatchError

        hasher = _hasher()
        try:
            if hasher.check_needs_rehash(known):
                raise ValueError
            with self._place(early):
                return hasher.verify(known, secret)
        except VerifyMismatchError:
            return False
        except (VerificationError, ValueError):
            raise safety.damaged(path, "it holds no password hash") from None

    @contextmanager
    def _place(self, early: bool) -> Iterator[None]:
        places = self._places[:_EARLY_PLACES] if early else self._places[::-1]
        busy = partial(
            RetryLater,
            "too many people log in at once",
            "Nothing was changed. Try again in a moment.",
        )
        with locks.one_of(places, min(self._wait, _MOMENT) if early else self._wait, busy):
            yield


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, Type

    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, type=Type.ID)
