"""The embedded identity provider.

    users/<user>.json                 the password's Argon2id hash
    sessions/<2 hex>/<id>.json        a session, by a digest of its secret; gone when revoked
    guesses/                          see guesses.py

Argon2id with the second recommended parameters of RFC 9106, section 4.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from cartcli import files
from cartcli.errors import FixInput, LogIn
from cartcli.idp import Session
from cartcli.idp.digest import digest
from cartcli.model import Identity, parse_time, rfc3339

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from cartcli.idp.guesses import Guesses

_TOKEN: Final = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{64})", re.ASCII)
_MAX_PASSWORD_BYTES: Final = 1024
_CLOCK_SLACK: Final = timedelta(minutes=1)


class LocalIdentityProvider:
    """Keeps users and sessions in the folder `store`; a session lasts `session_hours`."""

    def __init__(
        self, store: str, session_hours: float, lock_wait: float, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._lock_wait = lock_wait
        self._users = os.path.join(store, "users")
        self._sessions = os.path.join(store, "sessions")
        self._lifetime = timedelta(hours=session_hours)
        self._clock = clock

    def knows(self, identity: Identity) -> bool:
        return os.path.lexists(self._user_file(identity))

    def register(self, identity: Identity, password: str) -> None:
        path = self._user_file(identity)
        record = {
            "user": identity.user,
            "hash": _hasher().hash(_checked(_bytes(password))),
            "created": rfc3339(self._clock()),
        }
        files.make_folder(self._users)
        try:
            files.create(path, files.seal(record))
        except FileExistsError:
            raise FixInput(
                f"the user {identity.user} is registered already",
                "Nothing was changed. Log in without --register.",
            ) from None

    def login(self, identity: Identity, password: str) -> Session:
        guesses = self._guesses()
        guesses.take_turn(identity)
        path = self._user_file(identity)
        secret = _bytes(password)
        try:
            record = files.unseal(path, files.read(path))
        except FileNotFoundError:
            _hasher().hash(secret)  # takes as long as a wrong password
            raise _refused() from None
        if record.get("user") != identity.user:
            raise files.damaged(path, "it belongs to another user")
        _verify(path, files.text_of(path, record, "hash"), secret)
        guesses.forget(identity)
        return self._start(identity)

    def identify(self, token: str) -> Session:
        match = _TOKEN.fullmatch(token)
        if not match:
            raise _no_session("the saved login is garbled")
        path = self._session_file(match[1])
        try:
            record = files.unseal(path, files.read(path))
        except FileNotFoundError:
            raise _no_session("this login was revoked, or belongs to another store") from None
        user, saved, created, expires = (
            files.text_of(path, record, field) for field in ("user", "digest", "created", "expires")
        )
        try:
            identity = Identity(user)
            begins, ends = parse_time(created) - _CLOCK_SLACK, parse_time(expires)
        except (ValueError, OverflowError) as error:
            raise files.damaged(path, f"it is not a session: {error}") from None
        if saved != digest(match[2]):
            raise _no_session("the saved login is garbled")
        if not begins <= self._clock() < ends:
            raise _no_session("this login has expired")
        return Session(token, identity, ends)

    def logout(self, token: str) -> None:
        path = self._session_file(token[:32])
        with suppress(LogIn, FileNotFoundError):
            self.identify(token)
            os.unlink(path)
            files.sync_folder(os.path.dirname(path))

    def _guesses(self) -> Guesses:
        from cartcli.idp.guesses import Guesses  # only a login needs it

        return Guesses(self._store, self._lock_wait, self._clock)

    def _start(self, identity: Identity) -> Session:
        session_id, secret = os.urandom(16).hex(), os.urandom(32).hex()
        now = self._clock()
        session = Session(f"{session_id}.{secret}", identity, now + self._lifetime)
        record = {
            "user": identity.user,
            "digest": digest(secret),
            "created": rfc3339(now),
            "expires": rfc3339(session.expires),
        }
        path = self._session_file(session_id)
        files.make_folder(os.path.dirname(path))
        self._sweep(os.path.dirname(path), now)
        files.create(path, files.seal(record))
        return session

    def _sweep(self, folder: str, now: datetime) -> None:
        """Remove the sessions of one folder that are over, so that they do not pile up."""
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            with suppress(Exception):  # what cannot be read is not ours to remove
                if parse_time(files.unseal(path, files.read(path))["expires"]) < now:
                    os.unlink(path)

    def _user_file(self, identity: Identity) -> str:
        return os.path.join(self._users, f"{files.escaped(identity.user)}.json")

    def _session_file(self, session_id: str) -> str:
        return os.path.join(self._sessions, session_id[:2], f"{session_id}.json")


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, Type

    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, type=Type.ID)


def _verify(path: str, known: str, secret: bytes) -> None:
    """LogIn unless `secret` is the password whose hash `known` is. A hash that asks for another
    amount of work than ours is none of ours: RestoreData, before the work is done."""
    from argon2.exceptions import VerificationError, VerifyMismatchError

    hasher = _hasher()
    try:
        if hasher.check_needs_rehash(known):
            raise ValueError
        hasher.verify(known, secret)
    except VerifyMismatchError:
        raise _refused() from None
    except (VerificationError, ValueError):
        raise files.damaged(path, "it holds no password hash") from None


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


def _refused() -> LogIn:
    return LogIn(
        "the user name or the password is wrong",
        "Nothing was changed. A new user registers with: cart login USER --register",
    )


def _no_session(reason: str) -> LogIn:
    return LogIn(reason, "Nothing was changed. Log in with: cart login USER")
