"""The embedded identity provider: users and their passwords, on files:

    users/<user>.json                 the password's Argon2id hash
    guesses/                          see limits.py

Argon2id with the second recommended parameters of RFC 9106, section 4.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from cartcli.errors import FixInput, LogIn
from cartcli.files import durable, names, safety, sealed
from cartcli.model.people import Identity
from cartcli.model.times import rfc3339

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from cartcli.idp.limits import Guesses

_MAX_PASSWORD_BYTES: Final = 1024


class PasswordLogins:
    """The users in the folder `store`. Nobody waits longer than `lock_wait` seconds."""

    def __init__(self, store: str, lock_wait: float, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._lock_wait = lock_wait
        self._users = os.path.join(store, names.USERS)
        self._clock = clock

    def knows(self, identity: Identity) -> bool:
        return os.path.lexists(self._file(identity))

    def register(self, identity: Identity, password: str) -> None:
        path = self._file(identity)
        record = {
            "user": identity.user,
            "hash": _hasher().hash(_checked(_bytes(password))),
            "created": rfc3339(self._clock()),
        }
        durable.make_folder(self._users)
        try:
            durable.create(path, sealed.seal(record))
        except FileExistsError:
            raise FixInput(
                f"the user {identity.user} is registered already",
                "Nothing was changed.",
                user=identity.user,
            ) from None

    def authenticate(self, identity: Identity, password: str) -> None:
        guesses = self._guesses()
        guesses.take_turn(identity)
        path = self._file(identity)
        secret = _bytes(password)
        try:
            record = sealed.read(path)
        except FileNotFoundError:
            _hasher().hash(secret)  # takes as long as a wrong password
            raise _refused(identity) from None
        if record.get("user") != identity.user:
            raise safety.damaged(path, "it belongs to another user")
        if not _is_hashed(path, sealed.text_field(path, record, "hash"), secret):
            raise _refused(identity)
        guesses.forget(identity)

    def _guesses(self) -> Guesses:
        from cartcli.idp.limits import Guesses  # only a login needs it

        return Guesses(self._store, self._lock_wait, self._clock)

    def _file(self, identity: Identity) -> str:
        return os.path.join(self._users, f"{names.file_name(identity.user)}.json")


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, Type

    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, type=Type.ID)


def _is_hashed(path: str, known: str, secret: bytes) -> bool:
    """Whether `secret` is the password whose hash `known` is. A hash that asks for another amount
    of work than ours is none of ours: RestoreData, before the work is done."""
    from argon2.exceptions import VerificationError, VerifyMismatchError

    hasher = _hasher()
    try:
        if hasher.check_needs_rehash(known):
            raise ValueError
        return hasher.verify(known, secret)
    except VerifyMismatchError:
        return False
    except (VerificationError, ValueError):
        raise safety.damaged(path, "it holds no password hash") from None


def _bytes(password: str) -> bytes:
    """The password in one form, however it was typed (RFC 8265, OpaqueString: NFC)."""
    return unicodedata.normalize("NFC", password).encode(errors="surrogateescape")


def _checked(password: bytes) -> bytes:
    if not 1 <= len(password) <= _MAX_PASSWORD_BYTES:
        raise FixInput(
            f"a password has 1 to {_MAX_PASSWORD_BYTES:,} bytes, not {len(password):,}",
            "Nobody was registered.",
        )
    return password


def _refused(identity: Identity) -> LogIn:
    message = "the user name or the password is wrong"
    return LogIn(message, "Nothing was changed.", user=identity.user)
