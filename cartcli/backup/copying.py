"""Copying a folder file by file; what cannot be read, or believed, is told, and all the rest is
copied."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Container
from contextlib import suppress
from typing import Final

from cartcli.backup.belonging import belongs
from cartcli.errors import RestoreData
from cartcli.files import names
from cartcli.files.safety import NotRegularFile, check_kept, opened_with_info
from cartcli.model.audit import Disagreement

_CHUNK: Final = 1 << 20
_FOLLOWED: Final = frozenset((*names.FOLDERS, *names.FILES))  # where the shop goes by a link


class Copying:
    """Copies files of the folder `source` to the same places in `target`. Nothing is durable until
    the whole `target` is made so. A path is one below either folder.

    A copy belongs to whoever makes it, and nobody else may write to it. So what others may have
    written, which the shop does not believe, is not copied; when `strict` it raises RestoreData.
    """

    def __init__(self, source: str, target: str, *, strict: bool = False) -> None:
        self._source = source
        self._target = target
        self._strict = strict
        self.not_copied: list[Disagreement] = []

    def tree(self, path: str, but: Container[str] = ()) -> list[str]:
        """Copy what belongs in a copy of what is at `path`, in the order of names; the paths of all
        files that were copied. The paths in `but` are left out."""
        info = self._info(path)
        if info is None or not stat.S_ISDIR(info.st_mode):
            return [path] if self.file(path) else []
        if not self._is_kept(path, info):
            return []
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
            fd, info = opened_with_info(f"{self._source}/{path}", follow=path in _FOLLOWED)
        except FileNotFoundError:
            return False
        except OSError as error:
            self._tell(path, error)
            return False
        try:
            return self._is_kept(path, info) and self._write(path, fd)
        finally:
            os.close(fd)

    def remove(self, path: str) -> None:
        """Remove the copy of the file or folder, if there is one."""
        target = f"{self._target}/{path}"
        if os.path.isdir(target):
            shutil.rmtree(target)
        else:
            with suppress(FileNotFoundError):
                os.unlink(target)

    def count(self) -> int:
        """How many files the copy has."""
        return sum(
            belongs(folder[len(self._target) + 1 :], name, is_folder=False)
            for folder, _, found in os.walk(self._target)
            for name in found
        )

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
        with suppress(FileNotFoundError):
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

    def _info(self, path: str) -> os.stat_result | None:
        """What is known of what is there; None when nothing is."""
        look = os.stat if path in _FOLLOWED else os.lstat
        try:
            return look(f"{self._source}/{path}")
        except OSError:
            return None

    def _is_kept(self, path: str, info: os.stat_result) -> bool:
        """Whether nobody else may have written what is there, of which `info` tells."""
        try:
            check_kept(f"{self._source}/{path}", info)
        except FileNotFoundError:  # it is gone
            return False
        except RestoreData as error:
            if self._strict:
                raise
            self._note(str(error.facts["reason"]))
            return False
        return True

    def _tell(self, path: str, error: OSError) -> None:
        kind = isinstance(error, NotRegularFile)
        reason = "it is not a regular file" if kind else str(error.strerror or error)
        self._note(f"{os.path.join(self._source, path)}: {reason}")

    def _note(self, reason: str) -> None:
        told = Disagreement("", f"not copied: {reason}")
        if told not in self.not_copied:  # what is copied again is tried again
            self.not_copied.append(told)
