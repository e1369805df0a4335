"""Sessions on files:

sessions/<2 hex>/<id>.json        a session, by a digest of its secret; gone when revoked
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from cartcli.errors import LogIn, RestoreData
from cartcli.files import durable, names, safety, sealed
from cartcli.idp import roles
from cartcli.idp.digest import digest
from cartcli.model.ids import is_key
from cartcli.model.people import Identity, Session
from cartcli.model.times import parse_time, rfc3339

if TYPE_CHECKING:
    from cartcli.model.sessions import SessionInfo

_HEX: Final = "0123456789abcdef"
_SECRET_DIGITS: Final = 64
_CLOCK_SLACK: Final = timedelta(minutes=1)  # clocks are corrected by a little all the time


class _Saved:
    """A session as it is saved: whose it is, the digest of its secret, and the times between which
    it counts. Without an identity it is of an `owner` whose name is not allowed any more."""

    def __init__(
        self,
        owner: str,
        identity: Identity | None,
        secret_digest: str,
        created: datetime,
        ends: datetime,
    ) -> None:
        self.owner = owner
        self.identity = identity
        self.digest = secret_digest
        self.created = created
        self.begins = created - _CLOCK_SLACK
        self.ends = ends


class SessionFiles:
    """The sessions in the folder `store`; each lasts `session_hours`."""

    def __init__(self, store: str, session_hours: float, clock: Callable[[], datetime]) -> None:
        self._folder = os.path.join(store, names.SESSIONS)
        self._lifetime = timedelta(hours=session_hours)
        self._clock = clock

    def start(self, identity: Identity) -> Session:
        session_id, secret = os.urandom(16).hex(), os.urandom(32).hex()
        now = self._clock()
        session = Session(f"{session_id}.{secret}", identity, now + self._lifetime)
        record = {
            "user": identity.owner,
            "issuer": identity.issuer,
            "subject": identity.subject,
            "name": identity.name,
            "roles": sorted(identity.roles),
            "digest": digest(secret),
            "created": rfc3339(now),
            "expires": rfc3339(session.expires),
        }
        path = self._file(session_id)
        durable.make_folder(os.path.dirname(path))
        self._sweep(os.path.dirname(path), now)
        durable.create(path, sealed.seal(record))
        return session

    def identify(self, token: str) -> Session:
        session_id, _, secret = token.partition(".")
        is_secret = len(secret) == _SECRET_DIGITS and not secret.strip(_HEX)
        if not is_key(session_id) or not is_secret:
            raise _no_session("the saved login is garbled")
        path = self._file(session_id)
        try:
            saved = _saved(path)
        except FileNotFoundError:
            raise _no_session("this login was revoked, or belongs to another store") from None
        if saved.digest != digest(secret):
            raise _no_session("the saved login is garbled")
        if not saved.begins <= self._clock() < saved.ends:
            raise _no_session("this login has expired")
        if saved.identity is None:
            raise _no_session("the user name of this login is not allowed any more")
        return Session(token, saved.identity, saved.ends)

    def revoke(self, token: str) -> None:
        path = self._file(token[:32])
        with suppress(LogIn, FileNotFoundError):
            self.identify(token)
            os.unlink(path)
            durable.sync_folder(os.path.dirname(path))

    def revoke_all(self, owner: str, *, but: str = "") -> int:
        now = self._clock()
        revoked = 0
        kept = self._file(but[:32]) if but else ""
        for folder, paths in self._files():
            others = (path for path in paths if path != kept)
            ends = [end for path in others if (end := _ended(path, owner)) is not None]
            if ends:
                durable.sync_folder(folder)
            revoked += sum(now < end for end in ends)  # the others were over before
        return revoked

    def lasting(self, owner: str) -> list[SessionInfo]:
        from cartcli.model.sessions import SessionInfo  # few look at them

        now = self._clock()
        found = (
            SessionInfo(os.path.basename(path).removesuffix(".json"), saved.created, saved.ends)
            for _, paths in self._files()
            for path in paths
            if (saved := _saved_by(path, owner)) and saved.begins <= now < saved.ends
        )
        return sorted(found, key=lambda session: (session.created, session.id))

    def revoke_one(self, owner: str, session_id: str) -> None:
        if is_key(session_id) and _ended(path := self._file(session_id), owner) is not None:
            durable.sync_folder(os.path.dirname(path))

    def _sweep(self, folder: str, now: datetime) -> None:
        """Remove the sessions of one folder that are over, so that they do not pile up."""
        for path in self._in(folder):
            with suppress(OSError):
                if _is_over(path, now):
                    os.unlink(path)

    def prune(self, *, dry_run: bool = False) -> int:
        now = self._clock()
        pruned = 0
        for folder, paths in self._files():
            over = [path for path in paths if _is_over(path, now)]
            for path in () if dry_run else over:
                with suppress(FileNotFoundError):
                    os.unlink(path)
            if over and not dry_run:
                durable.sync_folder(folder)
            pruned += len(over)
        return pruned

    def _files(self) -> Iterator[tuple[str, list[str]]]:
        """Every folder of sessions, with the files in it that are called as sessions are."""
        for number in range(256):
            folder = os.path.join(self._folder, f"{number:02x}")
            with suppress(FileNotFoundError, NotADirectoryError):
                yield folder, self._in(folder)

    def _in(self, folder: str) -> list[str]:
        """The files of a folder that are called as sessions are."""
        ids = (name.removesuffix(".json") for name in os.listdir(folder))
        return [self._file(id_) for id_ in ids if is_key(id_)]

    def _file(self, session_id: str) -> str:
        return os.path.join(self._folder, session_id[:2], f"{session_id}.json")


def _saved(path: str) -> _Saved:
    """The session in the file `path`; FileNotFoundError, or RestoreData when that holds none."""
    record = sealed.read(path)
    fields = ("user", "digest", "created", "expires")
    user, saved, created, expires = (sealed.text_field(path, record, name) for name in fields)
    try:
        identity = _identity(path, user, record)
        return _Saved(user, identity, saved, parse_time(created), parse_time(expires))
    except (ValueError, OverflowError) as error:
        raise safety.damaged(path, f"it is not a session: {error}") from None


def _identity(path: str, owner: str, record: dict[str, Any]) -> Identity | None:
    """Whose session the `record` is, or None when their name is not allowed any more; ValueError
    when it does not tell. One of only an owner is from the time when there were none but users with
    passwords."""
    told = {"issuer": "", "subject": owner, "name": owner} | record
    fields = ("issuer", "subject", "name")
    issuer, subject, name = (sealed.text_field(path, told, field) for field in fields)
    known = roles.recorded(record)
    try:
        identity = Identity(name, roles=known, issuer=issuer, subject=subject)
    except ValueError:
        if issuer or (subject, name) != (owner, owner):
            raise
        return None
    if (identity.owner, identity.subject, identity.name) != (owner, subject, name):
        raise ValueError("it tells of two owners")
    return identity


def _ended(path: str, owner: str) -> datetime | None:
    """Remove the session at `path` if it is this owner's, and return when it would have ended."""
    with suppress(FileNotFoundError):
        if saved := _saved_by(path, owner):
            os.unlink(path)
            return saved.ends
    return None


def _saved_by(path: str, owner: str) -> _Saved | None:
    """The session at `path` if it is this owner's. What cannot be read is nobody's: it lets nobody
    in, and is not ours to remove."""
    with suppress(FileNotFoundError, RestoreData):
        saved = _saved(path)
        if saved.owner == owner:
            return saved
    return None


def _is_over(path: str, now: datetime) -> bool:
    """Whether the session at `path` has ended. What cannot be read is not ours to remove."""
    with suppress(FileNotFoundError, RestoreData):
        return _saved(path).ends < now
    return False


def _no_session(reason: str) -> LogIn:
    return LogIn(reason, "Nothing was changed.", session="over")
