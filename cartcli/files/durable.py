"""Durable files: written whole beside their final name, synced, and put in place in one step, so
that a reader sees the old state or the new one.

Whatever fails raises `OSError` and leaves the old state, except a failed sync of the folder: then
either state may survive a power cut.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from cartcli.files.safety import (
    NotRegularFile,
    check_kept,
    damaged,
    opened,
    opened_with_info,
    unfit,
)

Stamp = tuple[int, ...]
# In nanoseconds. The times of some file systems are two seconds apart, and all come from a clock
# that lags.
UNSETTLED: Final = 2_500_000_000
MAX_SIZE: Final = 64 << 20  # more than this is never written, nor read into memory
# What file systems that have no hard links (exFAT, FUSE, SMB, Android's) say to one.
_NO_LINKS: Final = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def read(path: str, limit: int = MAX_SIZE) -> bytes:
    """The content of a regular file of at most `limit` bytes.

    Raises FileNotFoundError, or RestoreData when something else stands in its place, or others may
    have written it.
    """
    try:
        fd, info = opened_with_info(path)
    except NotRegularFile:
        raise damaged(path, "it is not a regular file") from None
    size = info.st_size
    try:
        check_kept(path, info)
        if size > limit:
            raise damaged(path, f"it is larger than {limit:,} bytes")
        data = os.read(fd, size + 1)  # one more than there should be: the end, or it has grown
        while len(data) != size and (more := os.read(fd, size + 1)):
            data += more
        return data
    finally:
        os.close(fd)


def settled_stamp(path: str) -> Stamp | None:
    """What alters whenever the regular file `path` does, or None as long as two changes could have
    the same: it was changed just now. Taken before a `read`, it tells later whether that would give
    the same. Raises as `read` does."""
    info = os.lstat(path)
    if not stat.S_ISREG(info.st_mode):
        return None
    check_kept(path, info)
    stamp = info.st_mtime_ns, info.st_ctime_ns, info.st_ino, info.st_dev, info.st_size
    return None if time.time_ns() - max(stamp[:2]) <= UNSETTLED else stamp


def replace(path: str, data: bytes) -> None:
    """Put `data` at `path`, durably, in place of what was there. The caller holds the lock of
    whatever the file belongs to: the temporary name is fixed, so that a killed writer leaves at
    most one behind, and the next one clears it away."""
    replace_in_chunks(path, (data,))


def replace_in_chunks(path: str, chunks: Iterable[bytes]) -> None:
    """As `replace`, for what is too large to be held in memory as a whole. An error in the making
    of a chunk leaves what was there."""
    temporary = f"{path}.tmp"
    _write(temporary, chunks)
    try:
        os.rename(temporary, path)
    except BaseException:
        _discard(temporary)
        raise
    sync_folder(os.path.dirname(path))


def create(path: str, data: bytes, *, alone: bool = False) -> None:
    """Put `data` at `path`, durably, and only if nothing is there: else FileExistsError.

    Needs no lock: of two writers one wins, and the file is whole from its first instant. Without
    hard links only a lock gives that: RepairStore unless the caller holds one, and is `alone`.
    """
    # Not made of the file's own name, which may be as long as a name can be.
    folder = os.path.dirname(path)
    temporary = f"{folder}/{os.urandom(8).hex()}.tmp"
    _write(temporary, (data,))
    try:
        _put_in_place(temporary, path, alone=alone)
    finally:
        _discard(temporary)
    sync_folder(folder)


def make_folder(path: str) -> None:
    """Create the folder and those above it, 0700 and durable; nothing when it is there.

    A folder with something in it was made durable by whoever put that there. An empty one may
    be all that a killed process left, so it is made durable again.
    """
    with suppress(FileNotFoundError), os.scandir(path) as entries:
        if next(entries, None):
            return
    parent = os.path.dirname(path)
    make_folder(parent)
    with suppress(FileExistsError):
        os.mkdir(path, 0o700)
    sync_folder(parent)


def _write(path: str, chunks: Iterable[bytes]) -> None:
    """Create the temporary file `path` with `chunks`, synced to the disk."""
    try:
        fd = opened(path, _NEW)
    except FileExistsError:  # a killed writer left it
        os.unlink(path)
        fd = opened(path, _NEW)
    try:
        for data in chunks:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(fd, rest) :]
        _sync(fd)
    except BaseException:
        _discard(path)
        raise
    finally:
        os.close(fd)


def _put_in_place(temporary: str, path: str, *, alone: bool) -> None:
    """Give the file `temporary` the name `path`; FileExistsError when something has it."""
    try:
        os.link(temporary, path)  # unlike a rename, it never takes the place of another file
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if not alone:
            raise unfit(os.path.dirname(path), "make hard links") from None
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from None
        os.rename(temporary, path)


def _discard(temporary: str) -> None:
    """Remove what is no longer needed; one left behind does no harm."""
    with suppress(OSError):
        os.unlink(temporary)


def sync_folder(path: str) -> None:
    """Make the names in the folder `path` durable; RepairStore where none can be."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _sync(fd)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
            raise
        raise unfit(path, "keep the names of files safe from a power cut") from None
    finally:
        os.close(fd)


def sync_tree(folder: str) -> None:
    """Make all that is in the `folder` durable, which was written without that: together, many
    files take far less time than one by one."""
    for path, _, files in os.walk(folder, onerror=_raised):
        for name in files:
            fd = opened(f"{path}/{name}")
            try:
                _sync(fd)
            finally:
                os.close(fd)
        sync_folder(path)


def _raised(error: OSError) -> None:
    raise error


def _sync(fd: int) -> None:
    os.fsync(fd)
    if sys.platform == "darwin":  # fsync alone stops at the drive's cache
        import fcntl

        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)


def move(path: str, to: str) -> None:
    """Give the file or folder `path` the name `to` in the same folder, durably."""
    os.rename(path, to)
    sync_folder(os.path.dirname(to))


def remove_tree(path: str) -> None:
    """Remove the folder `path` with all that is in it; others may do so as well."""
    for folder, folders, files in os.walk(path, topdown=False):
        for name in files:
            with suppress(FileNotFoundError):
                os.unlink(os.path.join(folder, name))
        for name in folders:
            with suppress(FileNotFoundError):
                os.rmdir(os.path.join(folder, name))
    with suppress(FileNotFoundError):
        os.rmdir(path)
    sync_folder(os.path.dirname(path))
