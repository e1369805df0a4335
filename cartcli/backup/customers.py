"""Who is in a copy of a store in use: every customer as a whole, with the user's record and the
carts, or not at all.

A customer who is forgotten moves: the carts go to the folder of an owner whom nobody knows, and the
user's record is replaced, and removed. So it is noted which folder and which record were copied;
when they are others in the end, both are copied again as they are by then, or are left out, and
whoever came of it is copied. Whose forgetting has begun, and not ended, is forgotten in the copy.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from cartcli.backup.belonging import is_lock
from cartcli.backup.copying import Copying
from cartcli.cart_db.pickle.keeper import PickleCartKeeper
from cartcli.errors import CheckOutAgain, RestoreData
from cartcli.files import names, sealed
from cartcli.model.people import is_forgotten

_SUFFIX: Final = ".json"
_Mark = tuple[int, int, int]  # which folder, which record, and when that was written (ns)


class Customers:
    """Copies the customers of the folder `store`, by means of `copying`, to the folder `target`;
    `carts` copies those in the folder at a path. A name is as in a path: the owner's, escaped."""

    def __init__(
        self, store: str, target: str, copying: Copying, carts: Callable[[str], None]
    ) -> None:
        self._store = store
        self._target = target
        self._copying = copying
        self._carts = carts
        self._copied: dict[str, _Mark] = {}

    def names(self) -> list[str]:
        """Everyone who has carts or a user's record by now, in order."""
        return sorted({*_in(self._copying, names.CARTS), *self._users()})

    def copy(self, name: str) -> None:
        """Copy what there is of one."""
        self._copied[name] = self._mark(name)
        self._copying.file(_record(name))
        self._carts(_folder(name))

    def rest(self) -> None:
        """Copy what is among the users' records, and is none."""
        for name in _in(self._copying, names.USERS):
            if not _is_record(name):
                self._copying.tree(f"{names.USERS}/{name}")

    def follow(self) -> None:
        """Copy again whom somebody has changed or forgotten meanwhile, until the copy has everyone
        as a whole."""
        while stale := self._stale():  # each turn means that somebody was changed
            for name in stale:
                self._copying.remove(_record(name))
                self._copying.remove(_folder(name))
                self.copy(name)
        for name in self._copied:
            if self._is_closed(name):
                self._forget(name)

    def _stale(self) -> list[str]:
        """Whose copy is not what they have by now. Who has come meanwhile is left out, unless they
        are what is left of somebody."""
        come = (name for name in _in(self._copying, names.CARTS) if name not in self._copied)
        left = [name for name in come if is_forgotten(names.named_by(name))]
        return [*left, *(name for name, mark in self._copied.items() if self._mark(name) != mark)]

    def _mark(self, name: str) -> _Mark:
        folder, record = (self._info(path) for path in (_folder(name), _record(name)))
        return (
            folder.st_ino if folder else 0,
            record.st_ino if record else 0,
            record.st_mtime_ns if record else 0,
        )

    def _info(self, path: str) -> os.stat_result | None:
        try:
            return os.lstat(f"{self._store}/{path}")
        except OSError:
            return None

    def _users(self) -> list[str]:
        found = _in(self._copying, names.USERS)
        return [name.removesuffix(_SUFFIX) for name in found if _is_record(name)]

    def _is_closed(self, name: str) -> bool:
        """Whether the forgetting of the user has begun, by the record in the copy."""
        with suppress(FileNotFoundError, RestoreData):
            return bool(sealed.read(f"{self._target}/{_record(name)}").get("closed"))
        return False

    def _forget(self, name: str) -> None:
        """Forget in the copy who is being forgotten. It stays as it is, to be gone on with, when it
        is damaged, or when a payment waits that was begun since."""
        with suppress(CheckOutAgain, RestoreData):
            if os.path.isdir(f"{self._target}/{_folder(name)}"):
                left = PickleCartKeeper(self._target, 0).forget(names.named_by(name))
                if left.owner:
                    self._remove_locks(_folder(names.file_name(left.owner)))
            self._copying.remove(_record(name))

    def _remove_locks(self, folder: str) -> None:
        for path, _, found in os.walk(f"{self._target}/{folder}"):
            for name in filter(is_lock, found):
                os.unlink(f"{path}/{name}")


def _in(copying: Copying, folder: str) -> list[str]:
    return [os.path.basename(path) for path in copying.names(folder)]


def _is_record(file_name: str) -> bool:
    return file_name.endswith(_SUFFIX) and file_name != _SUFFIX


def _folder(name: str) -> str:
    return f"{names.CARTS}/{name}"


def _record(name: str) -> str:
    return f"{names.USERS}/{name}{_SUFFIX}"
