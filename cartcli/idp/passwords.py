"""The embedded identity provider: users and their passwords, on files:

users/<user>.json                 the password's Argon2id hash, and the roles if any were given;
                                  or only that it is `closed`: the user is being removed
users/lock                        guards the changing of them
guesses/                          see limits.py and hashing.py
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cartcli.errors import ChooseExisting, FixInput, LogIn, RestoreData, RetryLater
from cartcli.files import durable, locks, names, safety, sealed
from cartcli.idp import LOCAL
from cartcli.idp import roles as role_rules
from cartcli.idp.rules import new_secret, secret_of
from cartcli.model.people import CUSTOMER, Identity, Role
from cartcli.model.times import rfc3339

if TYPE_CHECKING:
    from cartcli.idp.hashing import Hashing
    from cartcli.idp.limits import Guesses

# No character has twice as many parts as bytes: what is longer than this has too many bytes in NFC.


class PasswordLogins:
    """The users in the folder `store`, as `Logins` and as `Accounts`. Nobody waits longer than
    `lock_wait` seconds."""

    def __init__(self, store: str, lock_wait: float, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._lock_wait = lock_wait
        self._users = os.path.join(store, names.USERS)
        self._clock = clock

    def register(self, identity: Identity, password: str) -> Identity:
        if identity.issuer:
            raise FixInput(
                f"{identity.name} is another provider's user, and has no password here",
                "Nobody was registered.",
            )
        record = {
            "user": identity.owner,
            "hash": self._hashing().hash(new_secret(password)),
            "created": rfc3339(self._clock()),
        }
        durable.make_folder(self._users)
        try:
            durable.create(self._file(identity), sealed.seal(record))
        except FileExistsError:
            raise _refused(identity) from None
        self._guesses().forget(identity.owner)
        return identity.with_roles(CUSTOMER)

    def authenticate(self, identity: Identity, password: str, client: str = LOCAL) -> Identity:
        secret = secret_of(password)
        if secret is None:  # which is nobody's password
            raise _refused(identity)
        guesses = self._guesses()
        early = guesses.count(identity, client)
        try:
            let_in = self._let_in(identity, secret, early=early > 0)
        except (LogIn, RetryLater):
            if early:  # whether it was looked at, nobody is told
                raise _too_early(early) from None
            raise
        guesses.clear(identity, client)
        return let_in

    def change_password(self, identity: Identity, old: str, new: str, client: str = LOCAL) -> None:
        secret, stamp = new_secret(new), self.stamp(identity)
        try:
            self.authenticate(identity, old, client)
        except LogIn:  # unless whoever changed it was killed before they could say so
            self.authenticate(identity, new, client)
        else:
            self._change(identity, {"hash": self._hashing().hash(secret)}, stamp)

    def set_password(self, identity: Identity, password: str) -> None:
        secret = new_secret(password)
        if not self.knows(identity):  # before the work
            raise _unknown(identity)
        self._change(identity, {"hash": self._hashing().hash(secret)})

    def close(self, owner: str) -> bool:
        path = self._path(owner)
        with self._changing(path) as is_there:
            if is_there:
                durable.replace(path, sealed.seal({"user": owner, "closed": True}))
        return is_there

    def remove(self, owner: str) -> bool:
        path = self._path(owner)
        with self._changing(path) as is_there:
            if is_there:
                self._guesses().forget(owner)
                with suppress(FileNotFoundError):  # what a killed writer has left
                    os.unlink(f"{path}.tmp")
                os.unlink(path)
                durable.sync_folder(self._users)
        return is_there

    def prune(self, *, dry_run: bool = False) -> int:
        return self._guesses().prune(dry_run=dry_run)

    def stamp(self, identity: Identity) -> str:
        try:
            return repr(_record(self._file(identity), identity))
        except FileNotFoundError:
            return ""

    def _let_in(self, identity: Identity, secret: bytes, *, early: bool) -> Identity:
        """Who that is when the password is theirs; LogIn when it is not, and when there is no such
        user, after the same work."""
        path, hashing = self._file(identity), self._hashing()
        try:
            record = _record(path, identity)
        except FileNotFoundError:
            hashing.hash(secret, early=early)
            raise _refused(identity) from None
        known = sealed.text_field(path, record, "hash")
        if not hashing.is_hashed(path, known, secret, early=early):
            raise _refused(identity)
        return identity.with_roles(_roles(path, record))

    def knows(self, identity: Identity) -> bool:
        path = self._file(identity)
        try:
            return bool(_record(path, identity))
        except FileNotFoundError:
            return False
        except RestoreData:  # whatever it says, it is somebody's
            return True

    def give_roles(self, identity: Identity, roles: Iterable[Role]) -> Identity:
        try:
            those = role_rules.given(roles)
        except ValueError as error:
            raise FixInput(str(error), "Nothing was changed.", user=identity.name) from None
        self._change(identity, {"roles": sorted(those)})
        return identity.with_roles(those)

    def _change(self, identity: Identity, fields: dict[str, Any], stamp: str | None = None) -> None:
        """Put these `fields` into the user's record; ChooseExisting when there is none, RetryLater
        when it does not have the `stamp` any more that is given."""
        path = self._file(identity)
        with self._changing(path) as is_there:
            if stamp is not None and self.stamp(identity) != stamp:
                raise _changed_meanwhile(identity)
            if not is_there or not self.knows(identity):
                raise _unknown(identity)
            durable.replace(path, sealed.seal(_record(path, identity) | fields))

    @contextmanager
    def _changing(self, path: str) -> Iterator[bool]:
        """Keep every other change of users out for the `with` block; whether the user at `path` is
        there. Without one there is no lock, which would make the folder."""
        if not safety.is_there(path):
            yield False
            return
        with locks.locked(os.path.join(self._users, "lock"), self._lock_wait):
            yield safety.is_there(path)

    def _hashing(self) -> Hashing:
        from cartcli.idp.hashing import Hashing

        return Hashing(self._store, self._lock_wait)

    def _guesses(self) -> Guesses:
        from cartcli.idp.limits import Guesses  # only a login needs it

        return Guesses(self._store, self._lock_wait, self._clock)

    def _file(self, identity: Identity) -> str:
        return self._path(identity.owner)

    def _path(self, owner: str) -> str:
        return os.path.join(self._users, f"{names.file_name(owner)}.json")


def _record(path: str, identity: Identity) -> dict[str, Any]:
    """The record of the user at `path`; FileNotFoundError when there is none, or none any more."""
    record = sealed.read(path)
    if record.get("user") != identity.owner:
        raise safety.damaged(path, "it belongs to another user")
    if record.get("closed"):
        raise FileNotFoundError(path)
    return record


def _roles(path: str, record: dict[str, Any]) -> frozenset[Role]:
    try:
        return role_rules.given(role_rules.recorded(record))
    except ValueError as error:
        raise safety.damaged(path, str(error)) from None


def _unknown(identity: Identity) -> ChooseExisting:
    return ChooseExisting(
        f"there is no user {identity.name}", "Nothing was changed.", user=identity.name
    )


def _changed_meanwhile(identity: Identity) -> RetryLater:
    return RetryLater(
        f"the password or the roles of {identity.name} were changed in this moment",
        "Nothing was changed. Try again in a moment.",
        user=identity.name,
    )


def _refused(identity: Identity) -> LogIn:
    message = "the user name or the password is wrong"
    return LogIn(message, "Nothing was changed.", user=identity.name)


def _too_early(seconds: float) -> RetryLater:
    """The error for a try that comes so many seconds before its turn."""
    whole = math.ceil(seconds)
    return RetryLater(
        "too many attempts to log in as this user",
        f"Nothing was changed. Try again in {whole} s.",
        seconds=whole,
    )
