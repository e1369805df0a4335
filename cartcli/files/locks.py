"""Locks between processes, which the kernel frees when one dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from cartcli.errors import CartError, RetryLater
from cartcli.files.durable import make_folder
from cartcli.files.safety import NotRegularFile, damaged, opened


@contextmanager
def locked(
    path: str,
    wait: float,
    busy: CartError | None = None,
    *,
    first: Callable[[], None] | None = None,
) -> Iterator[None]:
    """Hold the lock file `path` (created with its folder when missing, never removed) for the
    `with` block. `first` is called before it is created.

    Waits at most `wait` seconds, then raises `busy`, by default RetryLater. The kernel frees the
    lock when the process dies. Threads of one process exclude each other as processes do.
    """
    fd, holder = _lock_file(path, first), os.getpid()
    try:
        if not _flock(fd, wait):
            raise busy or RetryLater(
                f"another process holds {path} for longer than {wait:g} s",
                "Nothing was changed. Try again in a moment.",
            )
        yield
    finally:
        # Closing alone does not unlock: a process that was forked meanwhile has the file open, too.
        # Such a process itself unlocks nothing.
        try:
            if os.getpid() == holder:
                with suppress(OSError):  # closing unlocks as well, unless there is such a process
                    fcntl.flock(fd, fcntl.LOCK_UN)
        finally:
            os.close(fd)


def _lock_file(path: str, first: Callable[[], None] | None) -> int:
    """A descriptor of the lock file `path`. One that is there shows that its folder is durable."""
    try:
        with suppress(FileNotFoundError):
            return opened(path, os.O_RDWR)
        if first:
            first()
        make_folder(os.path.dirname(path))
        return opened(path, os.O_RDWR | os.O_CREAT)
    except NotRegularFile:
        raise damaged(path, "it is not a regular file") from None


def _flock(fd: int, wait: float) -> bool:
    """Whether the lock was had within `wait` seconds."""
    for _ in turns(wait):
        with suppress(BlockingIOError):
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False


def turns(wait: float) -> Iterator[None]:
    """When to try what others may prevent for a while: at once, and again within `wait` seconds."""
    deadline = time.monotonic() + wait
    pause = 0.0005
    while True:
        yield
        left = deadline - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, 0.02)  # soon at first: most are in the way for milliseconds
