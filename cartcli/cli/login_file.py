"""The saved login: the token of the last `cart login` on a store."""

from __future__ import annotations

import os
from contextlib import suppress

from cartcli.errors import LogIn, RestoreData
from cartcli.files import durable, sealed

_WAIT = 10.0


class SavedLogin:
    """`session.json` in the folder `store`."""

    def __init__(self, store: str) -> None:
        self._store = store
        self._path = os.path.join(store, "session.json")

    def token(self) -> str:
        """The saved token; LogIn when nobody is logged in."""
        try:
            return str(sealed.read(self._path).get("token"))  # what is no token is nobody's
        except FileNotFoundError:
            raise LogIn("nobody is logged in", session="none") from None
        except RestoreData as error:
            raise RestoreData(
                error.message, "Log in again, which replaces it: cart login USER", path=self._path
            ) from None

    def save(self, token: str) -> None:
        """Keep `token`, in place of another one."""
        from cartcli.files import locks  # only a login needs it

        with locks.locked(f"{self._path}.lock", _WAIT):
            durable.replace(self._path, sealed.seal({"token": token}))

    def forget(self) -> None:
        """Remove the saved token; nothing when there is none."""
        with suppress(FileNotFoundError):
            os.unlink(self._path)
            durable.sync_folder(self._store)
