"""Durable files and locks: the only place that writes to the store.

A file is written whole beside its final name, synced, and then put in place in one step, so that
a reader sees the old state or the new one. Whatever fails raises `OSError` and leaves the old
state, except a failed sync of the folder: then either state may survive a power cut.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import stat
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any, Final

from cartcli.errors import CartError, RestoreData, RetryLater

# No link is followed, no FIFO waited for, no terminal taken.
_NO_TRAPS: Final = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_TRAPS: Final = (errno.ELOOP, errno.ENXIO, errno.EISDIR, errno.ENOTDIR)
FORMAT: Final = 1
_FULL_SYNC: Final[int | None] = getattr(fcntl, "F_FULLFSYNC", None)
_UNSAFE: Final = re.compile(rb"[^a-z0-9_@-]")
_LONGEST_REASON: Final = 200
_SEAL: Final = b', "crc32": "%08x"}\n'
_SEAL_SIZE: Final = len(_SEAL % 0)


MAX_SIZE: Final = 64 << 20  # more than this is never written, nor read into memory


def read(path: str, limit: int = MAX_SIZE) -> bytes:
    """The content of a regular file of at most `limit` bytes.

    Raises FileNotFoundError, or RestoreData when something else stands in its place.
    """
    fd, size = _opened(path, os.O_RDONLY)
    try:
        if size > limit:
            raise damaged(path, f"it is larger than {limit:,} bytes")
        data = os.read(fd, size + 1)
        while len(data) != size and (more := os.read(fd, size + 1)):
            data += more
        return data
    finally:
        os.close(fd)


def _opened(path: str, flags: int) -> tuple[int, int]:
    """A descriptor of the regular file `path`, and its size; RestoreData when something else is
    there, or a file where one of its folders should be."""
    try:
        fd = os.open(path, flags | _NO_TRAPS, 0o600)
    except OSError as error:
        if error.errno in _TRAPS:
            raise damaged(path, "it is not a regular file") from None
        raise
    info = os.fstat(fd)
    if not stat.S_ISREG(info.st_mode):
        os.close(fd)
        raise damaged(path, "it is not a regular file")
    return fd, info.st_size


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


def create(path: str, data: bytes) -> None:
    """Put `data` at `path`, durably, and only if nothing is there: else FileExistsError.

    Needs no lock: of two writers one wins, and the file is whole from its first instant.
    """
    # Not made of the file's own name, which may be as long as a name can be.
    folder = os.path.dirname(path)
    temporary = f"{folder}/{os.urandom(8).hex()}.tmp"
    _write(temporary, (data,))
    try:
        os.link(temporary, path)
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


@contextmanager
def locked(path: str, wait: float, busy: CartError | None = None) -> Iterator[None]:
    """Hold the lock file `path` (created with its folder when missing, never removed) for the
    `with` block.

    Waits at most `wait` seconds, then raises `busy`, by default RetryLater. The kernel frees the
    lock when the process dies. Threads of one process exclude each other as processes do.
    """
    fd = _lock_file(path)
    try:
        if not _flock(fd, wait):
            raise busy or RetryLater(
                f"another process holds {path} for longer than {wait:g} s",
                "Nothing was changed. Try again in a moment.",
            )
        yield
    finally:
        os.close(fd)


def _lock_file(path: str) -> int:
    """A descriptor of the lock file `path`. One that is there shows that its folder is durable."""
    with suppress(FileNotFoundError):
        return _opened(path, os.O_RDWR)[0]
    make_folder(os.path.dirname(path))
    return _opened(path, os.O_RDWR | os.O_CREAT)[0]


def _flock(fd: int, wait: float) -> bool:
    """Whether the lock was had within `wait` seconds."""
    deadline = time.monotonic() + wait
    pause = 0.0005
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            left = deadline - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, 0.02)


def _write(path: str, chunks: Iterable[bytes]) -> None:
    """Create the temporary file `path` with `chunks`, synced to the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_TRAPS
    try:
        fd = os.open(path, flags, 0o600)
    except FileExistsError:  # a killed writer left it
        os.unlink(path)
        fd = os.open(path, flags, 0o600)
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


def _discard(temporary: str) -> None:
    """Remove what is no longer needed; one left behind does no harm."""
    with suppress(OSError):
        os.unlink(temporary)


def sync_folder(path: str) -> None:
    """Make the names in the folder `path` durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _sync(fd)
    finally:
        os.close(fd)


def _sync(fd: int) -> None:
    os.fsync(fd)
    if _FULL_SYNC is not None:  # macOS: fsync alone stops at the drive's cache
        fcntl.fcntl(fd, _FULL_SYNC)


@lru_cache(maxsize=256)
def escaped(name: str) -> str:
    """`name`, which is case-folded, as one safe file name: letters, digits, `_`, `@` and `-` stay,
    every other byte of its UTF-8 becomes `%` and two hexadecimal digits."""
    data = os.fsencode(name)  # a stray file's name need not be UTF-8
    return _UNSAFE.sub(lambda byte: b"%%%02x" % byte[0][0], data).decode()


def unescaped(file_name: str) -> str:
    """The name that `escaped` made `file_name` of."""
    from urllib.parse import unquote

    return unquote(file_name)


def seal(record: dict[str, Any]) -> bytes:
    """`record` and a format number as one line of JSON, whose last member is the CRC-32 of the
    bytes before it."""
    body = json.dumps({"format": FORMAT, **record}).encode()[:-1]
    return body + _SEAL % zlib.crc32(body)


def unseal(path: str, data: bytes) -> dict[str, Any]:
    """The record that `seal` made; RestoreData names `path` when a single bit is not as it was,
    or when a newer version wrote it."""
    body, mark = data[:-_SEAL_SIZE], data[-_SEAL_SIZE:]
    if mark != _SEAL % zlib.crc32(body):
        raise damaged(path, "its checksum does not match")
    try:
        record: Any = json.loads(body + b"}")
    except (ValueError, RecursionError):
        raise damaged(path, "it is not JSON") from None
    version = record.pop("format", None) if isinstance(record, dict) else None
    check_format(path, version)
    return {**record}


def check_format(path: str, version: object) -> None:
    """RestoreData unless `version` is the format number that this version writes."""
    if not isinstance(version, int) or isinstance(version, bool) or version < FORMAT:
        raise damaged(path, "it has no format number that there ever was")
    if version > FORMAT:
        raise RestoreData(
            f"{path} was written by a newer version of cartcli (format {_shortened(str(version))})",
            "The file was left as it is; upgrade cartcli to read it.",
        )


def text_of(path: str, record: dict[str, Any], field: str) -> str:
    """The text in a `field` of the `record` of the file `path`; RestoreData when there is none."""
    value = record.get(field)
    with suppress(UnicodeEncodeError):  # JSON can spell half of a surrogate pair
        if isinstance(value, str) and value.encode() is not None:
            return value
    raise damaged(path, f"its {field!r} is not text")


def damaged(path: str, reason: str) -> RestoreData:
    """The error for a stored file that cannot be believed."""
    return RestoreData(
        f"stored data is damaged: {path}: {_shortened(reason)}",
        "The file was left as it is; restore it from a backup. Other users are not affected.",
    )


def _shortened(text: str) -> str:
    """The start of `text`, which may quote as much of a hostile file as there is."""
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
