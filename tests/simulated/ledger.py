"""What the simulated processor remembers, in one file: whoever puts an older copy of the file back
has put the processor's memory back."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from tests.simulated.rules import Record

Stamp = tuple[int, int, int] | None
_LARGE: Final = 1 << 16


class Ledger:
    """The memory in the file `path`, which need not be there yet; `new` makes an empty one. Only
    this process writes it."""

    def __init__(self, path: str, new: Callable[[], Record]) -> None:
        self._path = path
        self._new = new
        self._lock = Lock()
        self._memory = new()
        self._stamp: Stamp = None

    @contextmanager
    def memory(self, *, changes: bool) -> Iterator[Record]:
        """The memory for the `with` block, which nobody else has meanwhile. What it `changes` is in
        the file afterwards."""
        with self._lock:
            self._load()
            yield self._memory
            if changes:
                self._save()

    def _load(self) -> None:
        stamp = self._stamp_now()
        if stamp == self._stamp and stamp is not None:
            return
        self._memory = self._new()
        if stamp is not None:
            with open(self._path, encoding="utf-8") as file:
                self._memory = json.load(file)
        self._stamp = stamp

    def _save(self) -> None:
        new = f"{self._path}.new"
        with open(new, "w", encoding="utf-8", buffering=_LARGE) as file:
            file.write(json.dumps(self._memory))
        os.replace(new, self._path)
        self._stamp = self._stamp_now()

    def _stamp_now(self) -> Stamp:
        try:
            status = os.stat(self._path)
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size
