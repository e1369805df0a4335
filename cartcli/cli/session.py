"""The saved login: the token of the last `cart login` on a store."""

from __future__ import annotations

import os
from contextlib import suppress

from cartcli import files
from cartcli.errors import LogIn, RestoreData

_WAIT = 10.0


class SavedLogin:
    """`session.json` in the folder `store`."""

    def __init__(self, store: str) -> None:
        self._store = store
        self._path = os.path.join(store, "session.json")

    def token(self) -> str:
        """The saved token; LogIn when nobody is logged in."""
        try:
            data = files.read(self._path)
        except FileNotFoundError:
            raise LogIn("nobody is logged in", "Log in with: cart login USER") from None
        try:
            return str(files.unseal(self._path, data).get("token"))
        except RestoreData as error:
            raise RestoreData(
                error.message, "Log in again, which replaces it: cart login USER"
            ) from None

    def save(self, token: str) -> None:
        """Keep `token`, in place of another one."""
        with files.locked(f"{self._path}.lock", _WAIT):
            files.replace(self._path, files.seal({"token": token}))

    def forget(self) -> None:
        """Remove the saved token; nothing when there is none."""
        with suppress(FileNotFoundError):
            os.unlink(self._path)
            files.sync_folder(self._store)
