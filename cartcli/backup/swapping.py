"""One store put in place of another, which is kept beside it and never removed.

A folder cannot take the place of another one in one step. The old store is put aside first; in the
new one stands a note of that, so that whoever comes meanwhile, or after this was stopped, makes no
third one. In between a plain file keeps out whoever has begun before. Whoever holds a lock of the
old store is waited for; nobody can take one afterwards, because it stands somewhere else by then.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final

from cartcli.backup.belonging import is_lock
from cartcli.errors import FixInput, RetryLater
from cartcli.files import durable, locks, names

_UNCHANGED: Final = "Nothing was changed."


class Swap:
    """Puts the folder `new` in place of the folder `store`. `now` is the present time (UTC), after
    which the old store is called. Nobody is waited for longer than `lock_wait` seconds."""

    def __init__(self, new: str, store: str, now: datetime, lock_wait: float) -> None:
        self._new = new
        self._store = store
        self._now = now
        self._lock_wait = lock_wait
        self._note = f"{new}/{names.SWAPPING}"

    def is_midway(self) -> bool:
        """Whether the store was put aside, and the new one has not taken its place."""
        return os.path.lexists(self._note) and not os.path.isdir(self._store)

    def check(self, *, replace: bool) -> None:
        """FixInput when there is a store, unless it is to `replace`; or something else."""
        if not os.path.lexists(self._store) or self.is_midway():
            return
        if not os.path.isdir(self._store):
            raise FixInput(f"{self._store} is not a folder", _UNCHANGED)
        if not replace and os.listdir(self._store):
            raise FixInput(f"there is a store in {self._store}", _UNCHANGED, replace=self._store)

    def make(self, *, replace: bool) -> str:
        """Do it, durably; where the old store is by now, "" when there was none. Raises as `check`,
        and RetryLater when somebody keeps a lock too long; nothing was changed then."""
        self.check(replace=replace)
        if os.path.isdir(self._store) and os.listdir(self._store):
            aside = self._replace()
        else:
            aside = self._noted()  # by an earlier call, which was stopped
            self._unblock()
            os.rename(self._new, self._store)
        durable.sync_folder(os.path.dirname(self._store))
        with suppress(OSError):
            os.unlink(f"{self._store}/{names.SWAPPING}")
        return aside

    def _replace(self) -> str:
        self._wait_for_all(self._store)
        aside = _free_name(self._store, self._now)
        durable.replace(self._note, os.fsencode(aside))
        try:
            os.rename(self._store, aside)
            self._without_rivals(self._block)
            self._wait_for_all(aside)
            self._unblock()
            self._without_rivals(lambda: os.rename(self._new, self._store))
        except BaseException:
            self._put_back(aside)
            raise
        return aside

    def _without_rivals(self, step: Callable[[], None]) -> None:
        """Do the `step`. A folder that somebody has made in the place of the store is put aside
        before."""
        while True:  # each turn means that there was one
            try:
                step()
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                os.rename(self._store, _free_name(self._store, self._now))
            else:
                return

    def _block(self) -> None:
        """Put a plain file where the store was."""
        os.close(os.open(self._store, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))

    def _unblock(self) -> None:
        """Remove that file, if it is there."""
        if os.path.isfile(self._store) and os.path.getsize(self._store) == 0:
            os.unlink(self._store)

    def _put_back(self, aside: str) -> None:
        """Put the old store back in its place. If that is not free, or this fails, the note tells
        of it."""
        with suppress(OSError):
            if not os.path.lexists(aside):
                return  # it was never moved, or the new one is in its place
            self._unblock()
            if not os.path.lexists(self._store):
                os.rename(aside, self._store)

    def _wait_for_all(self, folder: str) -> None:
        """Return when each lock of the store in the `folder` was free once."""
        busy = partial(
            RetryLater,
            f"somebody is using {self._store}",
            "This call changed nothing. Stop what uses the store, and make it again.",
        )
        for path, _, found in os.walk(folder):
            for name in filter(is_lock, found):
                locks.wait_until_free(f"{path}/{name}", self._lock_wait, busy)

    def _noted(self) -> str:
        """Where the old store was put aside; "" when it was not."""
        try:
            return os.fsdecode(durable.read(self._note))
        except FileNotFoundError:
            return ""


def _free_name(store: str, now: datetime) -> str:
    """A name beside the `store` that tells when it was put aside, and is free."""
    name = f"{store}.{now:%Y-%m-%dT%H%M%SZ}"
    number = 1
    while os.path.lexists(name if number == 1 else f"{name}.{number}"):
        number += 1
    return name if number == 1 else f"{name}.{number}"
