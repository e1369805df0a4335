"""Locks between processes, which the kernel frees when one dies.

A lock that a thread holds itself it never waits for: that is told at once. Threads of one process
that wait for the same lock get it one after the other, in the order in which they came.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from _thread import get_ident  # of `threading`, which takes long to import
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Final

from cartcli.errors import CartError, RetryLater
from cartcli.files.durable import make_folder
from cartcli.files.safety import NotRegularFile, damaged, opened_with_info, unfit
from cartcli.turns import Place, anybody_wants

# Locks of a range that belong to an open file, as those of `flock` do, and not to a process: Linux
# has them (fcntl(2), F_OFD_SETLK). Elsewhere sixteen files stand for one.
_HAS_RANGES: Final = hasattr(fcntl, "F_OFD_SETLK")
_EVERYTHING: Final = ""  # in place of an id
_EVEN_PAUSE: Final = 0.005
_MOVES: Final = 50  # in a row, of a folder that is made again
_NO_LOCKS: Final = (errno.ENOLCK, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


Busy = Callable[[], CartError]  # makes the error for who has waited long enough

# The process and the thread that hold a lock, and the id that it is of.
_Holder = tuple[int, int, str | None]
_held: Final[dict[int, _Holder]] = {}  # by descriptor
_open: Final[set[int]] = set()  # descriptors of lock files, of which some are held


def _leave_to_parent() -> None:
    """In a child that was just forked: let go of the lock files of its parent, who may die without
    having unlocked them."""
    for fd in _open:
        with suppress(OSError):
            os.close(fd)
    _open.clear()
    _held.clear()


os.register_at_fork(after_in_child=_leave_to_parent)


@contextmanager
def locked(
    path: str,
    wait: float,
    busy: Busy | None = None,
    *,
    of: str | None = None,
    first: Callable[[], None] | None = None,
) -> Iterator[None]:
    """Hold the lock file `path` (created with its folder when missing, never removed) for the
    `with` block: all of it, or what it guards of this id, a UUID, so that any number of things
    need one file. `first` is called before it is created.

    Waits at most `wait` seconds, then raises what `busy` makes, by default RetryLater; an error of
    the same class at once when it is this thread that holds the lock. The kernel frees the lock
    when the process dies. Threads of one process exclude each other as processes do.
    """
    if of and not _HAS_RANGES:
        path, of = f"{path}-{of[:1]}", None
    busy = busy or partial(_held_by_another, path, wait)
    holder = os.getpid(), get_ident(), of
    fd = _locked_file(path, holder, wait, busy, first)
    try:
        _held[fd] = holder
        yield
    finally:
        if os.getpid() == holder[0]:  # a child that was forked meanwhile has left it already
            # Closing alone does not unlock where something else has copied the descriptor.
            try:
                _held.pop(fd, None)
                with suppress(OSError):
                    _free(fd, of)
            finally:
                _close(fd)


def wait_until_free(path: str, wait: float, busy: Busy) -> None:
    """Return when nobody has held the lock file `path`, nor a part of it, at one instant. Waits at
    most `wait` seconds, then raises what `busy` makes."""
    with locked(path, wait, busy):
        if _HAS_RANGES:
            with locked(path, wait, busy, of=_EVERYTHING):
                pass


def _locked_file(
    path: str, holder: _Holder, wait: float, busy: Busy, first: Callable[[], None] | None
) -> int:
    """A descriptor of the lock file `path`, which is held. One that stands there no longer guards
    nothing: what it did guard was put aside."""
    while True:
        fd, info = _lock_file(path, first)
        try:
            if not _taken(path, fd, holder, wait, busy):
                raise busy()
            if _stands_at(path, info):
                return fd
        except BaseException:
            _close(fd)
            raise
        _close(fd)


def _close(fd: int) -> None:
    """Close the descriptor of a lock file."""
    _open.discard(fd)  # first: a number that is free may at once be another file's
    os.close(fd)


def _stands_at(path: str, mine: os.stat_result) -> bool:
    """Whether `mine` is the file at `path`."""
    try:
        there = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return (there.st_ino, there.st_dev) == (mine.st_ino, mine.st_dev)


@contextmanager
def one_of(paths: Sequence[str], wait: float, busy: Busy) -> Iterator[None]:
    """Hold one of these lock files for the `with` block, the first that is free; after `wait`
    seconds without one raises what `busy` makes. Who waits long and who has just come have the same
    chance."""
    deadline = time.monotonic() + wait
    with ExitStack() as held:
        while not _enter_one(held, paths):
            if time.monotonic() > deadline:
                raise busy()
        yield


def _enter_one(held: ExitStack, paths: Sequence[str]) -> bool:
    """Whether one of these files could be locked, until `held` is closed."""
    time.sleep(_EVEN_PAUSE)  # so that nobody takes what they have just left
    for path in paths:
        with suppress(RetryLater):
            held.enter_context(locked(path, 0))
            return True
    return False


def _lock_file(path: str, first: Callable[[], None] | None) -> tuple[int, os.stat_result]:
    """A descriptor of the lock file `path`, and which file it is. One that is there shows that its
    folder is durable."""
    for left in reversed(range(_MOVES)):
        try:
            with suppress(FileNotFoundError):
                return _opened(path, os.O_RDWR)
            if first:
                first()
            make_folder(os.path.dirname(path))
            return _opened(path, os.O_RDWR | os.O_CREAT)
        except NotRegularFile:
            raise damaged(path, "it is not a regular file") from None
        except FileNotFoundError:  # the folder was moved as soon as it was there
            if not left:
                raise
    raise AssertionError


def _opened(path: str, flags: int) -> tuple[int, os.stat_result]:
    fd, info = opened_with_info(path, flags)
    _open.add(fd)
    return fd, info


def _take(path: str, fd: int, of: str | None) -> None:
    """Take the lock; BlockingIOError when somebody else has it, RepairStore where there are no
    locks."""
    try:
        if of is None:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            fcntl.fcntl(fd, fcntl.F_OFD_SETLK, _range(fcntl.F_WRLCK, of))
    except BlockingIOError:
        raise
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        raise unfit(path, "lock files") from None


def _free(fd: int, of: str | None) -> None:
    if of is None:
        fcntl.flock(fd, fcntl.LOCK_UN)
    else:
        fcntl.fcntl(fd, fcntl.F_OFD_SETLK, _range(fcntl.F_UNLCK, of))


def _range(kind: int, of: str) -> bytes:
    """The one byte that stands for this id, as `struct flock`: at the id's first 62 bits, which no
    other one has."""
    from struct import pack  # few locks are of a part

    if of == _EVERYTHING:
        return pack("hhqqi4x", kind, os.SEEK_SET, 0, 0, 0)  # to the end, however far that is
    return pack("hhqqi4x", kind, os.SEEK_SET, int(of.replace("-", "")[:16], 16) >> 2, 1, 0)


def _taken(path: str, fd: int, me: _Holder, wait: float, busy: Busy) -> bool:
    """Whether the lock could be taken within `wait` seconds: after those threads of this process
    that wait for it already. An error like `busy` when this thread has it."""
    _, _, of = me
    lock = path, of
    if (wait <= 0 or not anybody_wants(lock)) and _tried(path, fd, of):
        return True
    if _is_own(fd, me):
        raise _within_itself(busy())
    if wait <= 0:
        return False
    with Place(lock) as place:
        return any(_tried(path, fd, of) for _ in place.tries(wait))


def _tried(path: str, fd: int, of: str | None) -> bool:
    """Whether the lock could be taken now."""
    try:
        _take(path, fd, of)
    except BlockingIOError:
        return False
    return True


def _is_own(fd: int, me: _Holder) -> bool:
    """Whether this thread holds the lock on the file of `fd` already, by whatever path."""
    mine = [held for held, holder in [*_held.items()] if holder == me]
    return any(os.path.sameopenfile(fd, held) for held in mine)


def _held_by_another(path: str, wait: float) -> RetryLater:
    return RetryLater(
        f"another process holds {path} for longer than {wait:g} s",
        "Nothing was changed. Try again in a moment.",
    )


def _within_itself(busy: CartError) -> CartError:
    """The error, of the class of `busy`, for who would wait for themselves."""
    return type(busy)(
        "this call was made from within another one of the same thread, which it would wait for",
        "This call changed nothing. Make it before the other one, or after that has ended.",
        **busy.facts,
    )


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
