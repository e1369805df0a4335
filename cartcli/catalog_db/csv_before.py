"""The catalogue before the last import, kept beside the one that took its place.

    catalog.csv           what is on sale
    catalog-before.csv    what was, before the last import
    catalog-undone.csv    only while the two change places

They change places in three steps, each durable: what is on sale is copied to `undone`, what was
before takes its place, and `undone` takes the place of that. So `undone` counts only while there is
no `before`: whoever is killed in between, nothing is lost, and none of the files is ever another
one by a second name, which somebody could alter with it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

from cartcli.files import durable


class Before:
    """What is kept beside the catalogue at `path`; whoever changes it holds the catalogue's
    lock."""

    def __init__(self, path: str) -> None:
        stem = os.path.splitext(path)[0]
        self._path = path
        self._before = f"{stem}-before.csv"
        self._undone = f"{stem}-undone.csv"

    @property
    def path(self) -> str:
        """Where it is."""
        return self._before if os.path.lexists(self._before) else self._undone

    def keep(self, chunks: Iterable[bytes]) -> None:
        """Keep these bytes, of what is about to be replaced. An error in the making of a chunk
        leaves what was kept."""
        durable.replace_in_chunks(self._before, chunks)
        self._forget(self._undone)

    def forget(self) -> None:
        """Keep nothing: there is no catalogue yet, or none that could be read."""
        self._forget(self._undone)  # which would count without the other
        self._forget(self._before)

    def put_back(self, present: Iterable[bytes] | None) -> None:
        """Let it be the catalogue, and keep these bytes of the `present` one, if there is one."""
        if not os.path.lexists(self._before):
            durable.move(self._undone, self._before)
        if present is None:
            self._forget(self._undone)
        else:
            durable.replace_in_chunks(self._undone, present)
        durable.move(self._before, self._path)
        if present is not None:
            durable.move(self._undone, self._before)

    def _forget(self, path: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(path)
            durable.sync_folder(os.path.dirname(path))
