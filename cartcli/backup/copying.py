"""Copying a folder file by file; what cannot be read is told, and all the rest is copied."""

from __future__ import annotations

import os
import stat
from collections.abc import Container
from typing import Final

from cartcli.backup.belonging import belongs
from cartcli.files import names
from cartcli.files.safety import NotRegularFile, opened
from cartcli.model.audit import Disagreement

_CHUNK: Final = 1 << 20
_FOLLOWED: Final = frozenset((*names.FOLDERS, *names.FILES))  # where the shop goes by a link


class Copying:
    """Copies files of the folder `source` to the same places in `target`. Nothing is durable until
    the whole `target` is made so. A path is one below either folder."""

    def __init__(self, source: str, target: str) -> None:
        self._source = source
        self._target = target
        self.files = 0
        self.not_copied: list[Disagreement] = []

    def tree(self, path: str, but: Container[str] = ()) -> list[str]:
        """Copy what belongs in a copy of what is at `path`, in the order of names; the paths of all
        files that were copied. The paths in `but` are left out."""
        if not stat.S_ISDIR(self._mode(path)):
            return [path] if self.file(path) else []
        self._make_folder(path)
        below = [one for one in self.names(path) if one not in but]
        return [copied for one in below for copied in self.tree(one, but)]

    def names(self, path: str) -> list[str]:
        """The paths of what belongs in a copy and lies in the folder `path`, "" for the top; in the
        order of names."""
        try:
            with os.scandir(f"{self._source}/{path}") as entries:
                found = sorted(
                    entry.name
                    for entry in entries
                    if belongs(path, entry.name, is_folder=entry.is_dir())
                )
        except FileNotFoundError:
            return []
        except OSError as error:
            self._tell(path, error)
            return []
        return [f"{path}/{name}" if path else name for name in found]

    def file(self, path: str) -> bool:
        """Copy the one file as it is now, in place of an earlier copy; whether it is there."""
        try:
            fd = opened(f"{self._source}/{path}", follow=path in _FOLLOWED)
        except FileNotFoundError:
            return False
        except OSError as error:
            self._tell(path, error)
            return False
        try:
            return self._write(path, fd)
        finally:
            os.close(fd)

    def has_as_much(self, path: str) -> bool:
        """Whether the copy of the file, if there is one, is as long as the file is by now."""
        try:
            size = os.stat(f"{self._source}/{path}").st_size
            return os.stat(f"{self._target}/{path}").st_size == size
        except OSError:  # if it cannot be looked at, it cannot be copied: that is told
            return False

    def _write(self, path: str, fd: int) -> bool:
        target = f"{self._target}/{path}"
        self._make_folder(os.path.dirname(path))
        again = os.path.lexists(target)
        if again:
            os.unlink(target)
        copy = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            while data := self._read(path, fd):
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(copy, rest) :]
        finally:
            os.close(copy)
        if data is None:
            os.unlink(target)
        self.files += (data is not None) - again
        return data is not None

    def _make_folder(self, path: str) -> None:
        folder = f"{self._target}/{path}"
        if not os.path.isdir(folder):
            self._make_folder(os.path.dirname(path))
            os.mkdir(folder, 0o700)

    def _read(self, path: str, fd: int) -> bytes | None:
        """The next bytes of the open file; None when they cannot be read."""
        try:
            return os.read(fd, _CHUNK)
        except OSError as error:
            self._tell(path, error)
            return None

    def _mode(self, path: str) -> int:
        """What is there."""
        look = os.stat if path in _FOLLOWED else os.lstat
        try:
            return look(f"{self._source}/{path}").st_mode
        except OSError:
            return 0

    def _tell(self, path: str, error: OSError) -> None:
        kind = isinstance(error, NotRegularFile)
        reason = "it is not a regular file" if kind else str(error.strerror or error)
        self.not_copied.append(
            Disagreement("", f"not copied: {os.path.join(self._source, path)}: {reason}")
        )
