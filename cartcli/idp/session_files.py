"""Sessions on files:

sessions/<2 hex>/<id>.json        a session, by a digest of its secret; gone when revoked
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from cartcli.errors import LogIn
from cartcli.files import durable, names, safety, sealed
from cartcli.idp.digest import digest
from cartcli.model.people import Identity, Session
from cartcli.model.times import parse_time, rfc3339

_TOKEN: Final = r"([0-9a-f]{32})\.([0-9a-f]{64})"
_CLOCK_SLACK: Final = timedelta(minutes=1)  # clocks are corrected by a little all the time


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
            "user": identity.user,
            "digest": digest(secret),
            "created": rfc3339(now),
            "expires": rfc3339(session.expires),
        }
        path = self._file(session_id)
        durable.make_folder(os.path.dirname(path))
        _sweep(os.path.dirname(path), now)
        durable.create(path, sealed.seal(record))
        return session

    def identify(self, token: str) -> Session:
        match = re.fullmatch(_TOKEN, token)
        if not match:
            raise _no_session("the saved login is garbled")
        path = self._file(match[1])
        try:
            record = sealed.read(path)
        except FileNotFoundError:
            raise _no_session("this login was revoked, or belongs to another store") from None
        fields = ("user", "digest", "created", "expires")
        user, saved, created, expires = (sealed.text_field(path, record, name) for name in fields)
        try:
            identity = Identity(user)
            begins, ends = parse_time(created) - _CLOCK_SLACK, parse_time(expires)
        except (ValueError, OverflowError) as error:
            raise safety.damaged(path, f"it is not a session: {error}") from None
        if saved != digest(match[2]):
            raise _no_session("the saved login is garbled")
        if not begins <= self._clock() < ends:
            raise _no_session("this login has expired")
        return Session(token, identity, ends)

    def revoke(self, token: str) -> None:
        path = self._file(token[:32])
        with suppress(LogIn, FileNotFoundError):
            self.identify(token)
            os.unlink(path)
            durable.sync_folder(os.path.dirname(path))

    def _file(self, session_id: str) -> str:
        return os.path.join(self._folder, session_id[:2], f"{session_id}.json")


def _sweep(folder: str, now: datetime) -> None:
    """Remove the sessions of one folder that are over, so that they do not pile up."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        with suppress(Exception):  # what cannot be read is not ours to remove
            if parse_time(sealed.read(path)["expires"]) < now:
                os.unlink(path)


def _no_session(reason: str) -> LogIn:
    return LogIn(reason, "Nothing was changed.", session="over")
