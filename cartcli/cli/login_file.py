"""The saved login: the token of the last `cart login` on a store."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

from cartcli.errors import FixInput, LogIn, RestoreData
from cartcli.files import durable, names, safety, sealed
from cartcli.settings import data_folder, looks_like_url

_WAIT = 10.0


class SavedLogin:
    """`session.json` in the folder `store`, or a file of its own in the user's folder for data of a
    store that is a URL; or another `file` in place of it. `path` is where."""

    def __init__(self, store: str, file: str | None = None) -> None:
        self.path = file or (_apart(store) if looks_like_url(store) else _within(store))

    def check_place(self) -> None:
        """FixInput when the file is to be where others may put theirs in its place; in a store,
        that is told already."""
        folder = os.path.dirname(self.path)
        with suppress(FileNotFoundError):
            if os.stat(folder).st_mode & safety.OTHERS_WRITE:
                raise FixInput(
                    f"others may write to {folder}, and so log you in as they like",
                    "Nobody was logged in. Keep the login in a folder of your own.",
                )

    def token(self) -> str:
        """The saved token; LogIn when nobody is logged in."""
        return self.tokens()[0]

    def tokens(self) -> list[str]:
        """The saved token, and those whose place it was to take when `save` was stopped; LogIn when
        nobody is logged in."""
        try:
            record = sealed.read(self.path)
        except FileNotFoundError:
            raise LogIn("nobody is logged in", session="none") from None
        except RestoreData as error:
            raise RestoreData(
                error.message, "Log in again, which replaces it: cart login USER", path=self.path
            ) from None
        replaced = record.get("replaced")
        others = replaced if isinstance(replaced, list) else []
        return [str(token) for token in (record.get("token"), *others)]  # no token is nobody's

    def save(self, token: str, end: Callable[[str], None] | None = None) -> None:
        """Keep `token`, in place of another one, whose session `end` ends. Until it has, the file
        tells of both, so that the next call ends what this one could not."""
        from cartcli.files import locks  # only a login needs it

        with locks.locked(f"{self.path}.lock", _WAIT):
            replaced: list[str] = []
            with suppress(LogIn, RestoreData):
                replaced = self.tokens() if end else []
            self._write({"token": token, "replaced": replaced} if replaced else {"token": token})
            for other in replaced:
                with suppress(RestoreData):  # what is damaged lets nobody in
                    if end and other != token:
                        end(other)
            if replaced:
                self._write({"token": token})

    def forget(self) -> None:
        """Remove the saved token; nothing when there is none."""
        with suppress(FileNotFoundError):
            os.unlink(self.path)
            durable.sync_folder(os.path.dirname(self.path))

    def _write(self, record: dict[str, object]) -> None:
        durable.replace(self.path, sealed.seal(record))


def _within(store: str) -> str:
    return os.path.join(store, names.SAVED_LOGIN)


def _apart(url: str) -> str:
    from hashlib import sha256  # most stores are folders

    folder = data_folder()
    if not folder:
        raise FixInput(
            "there is no home folder to keep a login in", "Nothing was changed. Name a file for it."
        )
    return os.path.join(folder, "logins", f"{sha256(url.encode()).hexdigest()[:32]}.json")
