"""Which folders a backup can be made in, and restored from."""

from __future__ import annotations

import os

from cartcli.errors import FixInput, RepairStore
from cartcli.files import layout, safety

_UNWRITTEN = "Nothing was written."
_UNCHANGED = "Nothing was changed."


def check_target(store: str, folder: str) -> None:
    """FixInput unless a backup of the `store` can be made as `folder`: there is nothing, or an
    empty folder, which RepairStore says if others may write to it. It is made beside it first."""
    _check_apart(store, folder, f"{_UNWRITTEN} Name a folder outside.")
    beside = os.path.dirname(folder)
    if os.path.isdir(beside) and not os.access(beside, os.W_OK | os.X_OK):
        raise FixInput(
            f"you may not write to {beside}, where the backup would be made",
            f"{_UNWRITTEN} Name a folder in one that is yours.",
        )
    if not os.path.lexists(folder):
        return
    if not os.path.isdir(folder):
        raise FixInput(f"{folder} is not a folder", f"{_UNWRITTEN} Name a new folder.")
    safety.check_owned(folder, ())
    if os.listdir(folder):
        raise FixInput(f"{folder} is not empty", f"{_UNWRITTEN} Name a new folder.")
    if os.path.ismount(folder):
        raise FixInput(
            f"{folder} is a file system of its own",
            f"{_UNWRITTEN} Name a new folder in it.",
        )


def check_source(store: str, folder: str) -> None:
    """FixInput unless `folder` can be put in place of the `store`, RepairStore if others may write
    to it or an older version wrote it."""
    _check_apart(store, folder, f"{_UNCHANGED} Name a folder outside.")
    if not os.path.isdir(folder):
        what = "is not a folder" if os.path.lexists(folder) else "is not there"
        raise FixInput(f"{folder} {what}", f"{_UNCHANGED} Name the folder of a backup.")
    safety.check_owned(folder, ())
    if layout.age(folder) == "outdated":
        raise RepairStore(
            f"{folder} is a copy of a store that an older version of cartcli wrote",
            f"{_UNCHANGED} Put it in place yourself, and upgrade the store.",
        )


def _check_apart(store: str, folder: str, hint: str) -> None:
    store, folder = os.path.realpath(store), os.path.realpath(folder)
    common = os.path.commonpath((store, folder))
    if common == folder and common == store:
        raise FixInput(f"{folder} is the store itself", hint)
    if common == store:
        raise FixInput(f"{folder} is in the store", hint)
    if common == folder:
        raise FixInput(f"the store is in {folder}", hint)
