"""Readers of stores: what is in one, read by themselves and not through the code under attack.

folder.py   a store in a folder of files
remote.py   the same, whose payments a remote processor keeps
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Protocol

from tests.promises.faults.judge import Books
from tests.promises.faults.pictures import Picture


class Reader(Protocol):
    """Reads one store, as it is at the moment of each call.

    `saved_login` is the file in which the command keeps whose session it goes on with.
    """

    saved_login: Path

    def books(self) -> Books:
        """The carts, the processor's answers, and what of them cannot be read."""

    def logged_in(self) -> str:
        """Whose session the saved login is; nobody's: an empty string."""

    def is_alive(self, login: bytes) -> bool:
        """Whether the session is still there that a saved login of this content is of."""

    def changed(self, before: Picture, may_change: Collection[str]) -> Iterator[str]:
        """The names of what was in the picture `before` and is final, but is no longer as it was:
        payments, purchased carts, and all that is Bob's, unless he is among those that
        `may_change` theirs."""


def reader_of(store: str, attacked: Path, *, remote: bool = False) -> Reader:
    """The reader for the engine of `store`, a folder or later a URL; its files, if it has any, are
    under the folder `attacked`. With `remote`, the processor is not in the store."""
    from tests.promises.faults.readers.folder import FolderReader
    from tests.promises.faults.readers.remote import RemoteReader

    return (RemoteReader if remote else FolderReader)(Path(store), attacked)
