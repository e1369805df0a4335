"""Opening what others may have put there: without following, waiting for or believing it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection
from typing import Final

from cartcli.errors import RepairStore, RestoreData

# No FIFO is waited for, and no terminal taken.
_FLAGS: Final = ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC")
UNHUNG: Final[int] = sum(getattr(os, flag, 0) for flag in _FLAGS)  # a store needs all of them
_LONGEST_REASON: Final = 200
_ROOT: Final = 0
OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def opened(path: str, flags: int = os.O_RDONLY, *, follow: bool = False) -> int:
    """A descriptor of the regular file `path`, which never hangs on a FIFO or a device.

    A link is followed only if `follow`. NotRegularFile when something else is there, or when a file
    stands where one of its folders should be; else OSError, as `os.open` raises it.
    """
    return opened_with_info(path, flags, follow=follow)[0]


def opened_with_info(
    path: str, flags: int = os.O_RDONLY, *, follow: bool = False
) -> tuple[int, os.stat_result]:
    """As `opened`, with what the system knows of the file."""
    try:
        fd = os.open(path, flags | UNHUNG | (0 if follow else os.O_NOFOLLOW), 0o600)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR, errno.ENOTDIR):
            raise NotRegularFile(error.errno, error.strerror, path) from None
        raise
    info = os.fstat(fd)
    if not stat.S_ISREG(info.st_mode):
        os.close(fd)
        reason = os.strerror(errno.EISDIR) if stat.S_ISDIR(info.st_mode) else "not a regular file"
        raise NotRegularFile(errno.EINVAL, reason, path)
    return fd, info


def is_there(path: str) -> bool:
    """Whether anything is at `path`; unlike `os.path.lexists`, it raises whatever else keeps us
    from seeing it."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def is_broken_link(path: str) -> bool:
    """Whether `path`, or a folder on the way to it, is a link that leads to nothing."""
    while path and not os.path.lexists(path):
        path = os.path.dirname(path)
    return path != "" and not os.path.exists(path)


class NotRegularFile(OSError):
    """A link, a folder, a FIFO or a device stands where a file should be."""


def damaged(path: str, reason: str) -> RestoreData:
    """The error for a stored file that cannot be believed."""
    return RestoreData(
        f"stored data is damaged: {path}: {shortened(reason)}",
        "The file was left as it is; restore it from a backup. Other users are not affected.",
        path=path,
    )


def unread(path: str, error: OSError) -> RestoreData:
    """The error for a stored file, or folder, that the system does not let us read."""
    return RestoreData(
        f"stored data cannot be read: {error.filename or path}: {error.strerror or error}",
        "It was left as it is; see whose it is, and its mode. Other users are not affected.",
        path=path,
    )


def unfit(path: str, cannot: str) -> RepairStore:
    """The error for a file system that `cannot` do what a store needs."""
    return RepairStore(
        f"the file system of {path} cannot {cannot}",
        "Keep the store on another file system; a local one will do.",
    )


def shortened(text: str) -> str:
    """The start of `text`, which may quote as much of a hostile file as there is."""
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"


def check_owned(store: str, folders: Collection[str], files: Collection[str] = ()) -> None:
    """RepairStore unless the folder `store`, and those `folders` and `files` in it that are there,
    belong to whoever asks, or root asks, and nobody else may write to them. What is in it may be
    root's as well."""
    for name in ("", *folders, *files):
        path = os.path.join(store, name) if name else store
        try:
            info = os.stat(path)
        except FileNotFoundError:
            continue
        if name not in files and not stat.S_ISDIR(info.st_mode):
            raise RepairStore(f"{path} is not a folder", path=path)
        if info.st_mode & OTHERS_WRITE and not stat.S_ISCHR(info.st_mode):
            raise RepairStore(
                f"others may write to {path}",
                "Nothing was changed.",
                path=path,
                store=store,
            )
        trusted = (info.st_uid, _ROOT)
        if os.geteuid() not in trusted and (info.st_uid != _ROOT or not name):
            raise RepairStore(
                f"{path} belongs to {_name_of(info.st_uid)}",
                "Nothing was changed. Whoever owns it decides what the shop says.",
                path=path,
            )


def check_kept(path: str, info: os.stat_result) -> None:
    """RestoreData unless what is stored at `path`, of which `info` tells, is the owner's alone:
    nobody else may write to it, or to its folder and so replace it, and both belong to whoever
    asks, or to root. Root asks as the owner of the folder. The fact `reason` tells what is wrong,
    and `open` what others may write to."""
    folder = path.rpartition("/")[0]  # every file is read through here: one look, and no more
    around = os.stat(folder)
    me = os.geteuid() or around.st_uid
    open_to_others = (around.st_mode | info.st_mode) & OTHERS_WRITE
    if not open_to_others and around.st_uid == me == info.st_uid:  # as nearly all are
        return
    for place, known in ((folder, around), (path, info)):
        if known.st_mode & OTHERS_WRITE:
            it, mode = "it" if place == path else place, stat.S_IMODE(known.st_mode)
            raise _not_believed(path, f"others may write to {it} (mode {mode:04o})", open=place)
        if known.st_uid not in (me, _ROOT):
            it = "it" if place == path else place
            raise _not_believed(path, f"{it} belongs to {_name_of(known.st_uid)}")


def _not_believed(path: str, why: str, **facts: str) -> RestoreData:
    return RestoreData(
        f"stored data is not believed: {path}: {why}",
        "It was left as it is. See whether somebody has altered it; if so, restore it from a"
        " backup.",
        path=path,
        reason=f"{path}: {why}",
        **facts,
    )


def stranger(store: str) -> str:
    """Who owns the folder `store`, if it is there and somebody else's; else ""."""
    try:
        owner = os.stat(store).st_uid
    except OSError:
        return ""
    return "" if owner == os.geteuid() else _name_of(owner)


def _name_of(user: int) -> str:
    import pwd  # hardly ever needed

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"the user {user}"
