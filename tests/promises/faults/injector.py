"""Makes the n-th file-system call on the store go wrong, inside the process that runs a command.

It knows nothing of what it attacks, and imports nothing but the standard library.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import io
import os
import signal
from collections.abc import Callable
from typing import Any, Final, NamedTuple

KILLED: Final = 86  # the exit status of a process that died of its fault
ERRORS: Final = ("EIO", "ENOSPC", "EACCES", "EMFILE")
KINDS: Final = ("kill", "killed", "interrupt", *ERRORS, "EIO+")

_BY_PATH: Final = (
    *("mkdir", "rmdir", "link", "symlink", "rename", "replace", "unlink", "remove"),
    *("truncate", "chmod"),
)
_BY_FD: Final = ("write", "pwrite", "fsync", "fdatasync", "ftruncate")


class Fault(NamedTuple):
    """What goes wrong at the call number `at`.

    kill: the process ends in place of the call; killed: right after it.
    interrupt: KeyboardInterrupt after the call.
    stop: the process stops before the call, until it is continued.
    watch: nothing goes wrong, but every call is noted.
    cut: every call is noted, and the process ends in place of that one.
    EIO and the like: the call fails; with a `+`, all later ones fail as well.
    """

    kind: str
    at: int

    @property
    def ends_the_process(self) -> bool:
        """Whether the command cannot say anything after it."""
        return self.kind in ("kill", "killed")


def install(fault: Fault, folder: str, notes: str) -> None:
    """From now on count the calls on files under `folder`, and let one go wrong as `fault` says.

    That call is noted in the file `notes`: its name and its paths, separated by tabs.
    """
    _Injector(fault, folder, notes).install()


class _Injector:
    def __init__(self, fault: Fault, folder: str, notes: str) -> None:
        self._fault = fault
        self._folder = folder
        self._notes = notes
        self._calls = 0
        self._paths: dict[int, str] = {}  # of the files under `folder` that are open
        self._open, self._write, self._close = os.open, os.write, os.close

    def install(self) -> None:
        for name in _BY_PATH:
            setattr(os, name, self._by_path(name, getattr(os, name)))
        for name in _BY_FD:
            setattr(os, name, self._by_fd(name, getattr(os, name)))
        fcntl.flock = self._by_fd("flock", fcntl.flock)
        fcntl.fcntl = self._by_fd("flock", fcntl.fcntl)  # which locks a part of a file
        os.open = self._opened
        os.close = self._closed
        builtins.open = io.open = self._through_os_open(io.open)

    def _by_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if not any(self._is_ours(arg) for arg in args[:2]):
                return real(*args, **kwargs)
            return self._counted(name, args[:2], lambda: real(*args, **kwargs))

        return call

    def _by_fd(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(fd: Any, *args: Any) -> Any:
            if fd not in self._paths:
                return real(fd, *args)
            return self._counted(name, (fd,), lambda: real(fd, *args))

        return call

    def _opened(self, path: Any, *args: Any, **kwargs: Any) -> int:
        if self._is_ours(path):
            fd: int = self._counted(
                "open", (path,), lambda: self._remembered(path, *args, **kwargs)
            )
        else:
            fd = self._open(path, *args, **kwargs)
            self._paths.pop(fd, None)
        return fd

    def _remembered(self, path: Any, *args: Any, **kwargs: Any) -> int:
        fd = self._open(path, *args, **kwargs)
        self._paths[fd] = os.fsdecode(path)
        return fd

    def _closed(self, fd: int) -> None:
        self._paths.pop(fd, None)
        self._close(fd)

    def _through_os_open(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(file, int) and self._is_ours(file):
                kwargs.setdefault("opener", lambda path, flags: os.open(path, flags, 0o666))
            return real(file, *args, **kwargs)

        return call

    def _is_ours(self, path: Any) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False
        return os.path.join(os.fsdecode(path), "").startswith(os.path.join(self._folder, ""))

    def _counted(self, name: str, files: tuple[Any, ...], real: Callable[[], Any]) -> Any:
        """Make the call `real` on `files`, paths or descriptors, unless it meets the fault."""
        self._calls += 1
        kind = self._fault.kind
        lasting = kind.endswith("+") and self._calls > self._fault.at
        met = self._calls == self._fault.at or lasting
        if met or kind in ("watch", "cut"):
            self._note(name, *files)
        if not met:
            return real()
        if kind in ("kill", "cut"):
            os._exit(KILLED)
        elif kind == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        elif kind not in ("killed", "interrupt"):
            code = getattr(errno, kind.removesuffix("+"))
            path = [os.fsdecode(files[0])] if not isinstance(files[0], int) else []
            raise OSError(code, os.strerror(code), *path)
        try:
            return real()
        finally:
            if kind == "killed":
                os._exit(KILLED)
            elif kind == "interrupt":
                raise KeyboardInterrupt

    def _note(self, *call: Any) -> None:
        known = (self._paths.get(part) if isinstance(part, int) else part for part in call)
        paths = (os.fsdecode(path) for path in known if isinstance(path, (str, bytes, os.PathLike)))
        fd = self._open(self._notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._write(fd, ("\t".join(paths) + "\n").encode())
        self._close(fd)
