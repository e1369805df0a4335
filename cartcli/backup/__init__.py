"""A shop in use is copied to a folder, and such a copy is put in place as a store.

in_use.py      a consistent copy of a store in use     swapping.py     one store in place of another
customers.py   each as a whole, or forgotten           unfinished.py   what is half done looks so
copying.py     files, one after the other              folders.py      which folders may be named
belonging.py   what belongs in a copy                  record.py       what a backup tells of itself
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Final

from cartcli.backup.copying import Copying
from cartcli.backup.folders import check_source, check_target
from cartcli.backup.in_use import StoreInUse
from cartcli.backup.record import Record, record_of
from cartcli.backup.swapping import Swap
from cartcli.backup.unfinished import placed, unfinished
from cartcli.errors import FixInput, RepairStore, RestoreData
from cartcli.files import durable, layout, names
from cartcli.merchant import Told
from cartcli.model.audit import Audit, Disagreement
from cartcli.model.backups import Backup, Restored

_PARTIAL: Final = ".partial"

Audited = Callable[[str], Audit]  # what an audit finds of the store in a folder


def backup(store: str, folder: str, audited: Audited, now: datetime, told: Told) -> Backup:
    """Copy the shop in the folder `store` to `folder`, which is new or empty, durably; `now` is the
    present time (UTC), `told` hears of each step that takes a while.

    The shop may be used meanwhile: the copy holds each customer as they were at one instant. It is
    made beside the folder, under its name with `.partial`, so that a folder of that name is a whole
    backup. What cannot be read, or others may have written, is left out and told; what is damaged
    is copied as it is.

    FixInput for a folder that will not do, RepairStore when others may write to it or there is no
    store, RetryLater while somebody else makes the same backup, OSError when the disk fails.
    """
    store, folder = os.path.realpath(store), os.path.realpath(folder)
    check_target(store, folder)
    if not os.path.isdir(store):
        raise RepairStore(f"there is no store in {store}", "Nothing was written.", path=store)
    partial = f"{folder}{_PARTIAL}"
    with unfinished(partial):
        copied = StoreInUse(store, partial, told).copy()
        files = copied.count()
        found = _renamed(audited(partial), partial, folder)
        told("Making it durable", 0, 0)
        durable.sync_tree(partial)
        Record(now, files).save(partial)
        os.rename(partial, folder)
        durable.sync_folder(os.path.dirname(folder))
    placed(folder)
    return Backup(folder, now, files, found, tuple(copied.not_copied))


def restore(
    store: str,
    folder: str,
    audited: Audited,
    now: datetime,
    told: Told,
    *,
    replace: bool,
    lock_wait: float,
    dry_run: bool = False,
) -> Restored:
    """Put a copy of the backup in the `folder` in place as the folder `store`, durably. A store
    that is there is refused, or with `replace` kept beside it, under its name with the present time
    `now` (UTC). With `dry_run` the backup is only checked, and audited where it is.

    Whatever ends this call before its end, there is the old store, or the new one, or all other
    calls say that the restore has to be made again. Others may use the old store meanwhile: whoever
    holds a lock is waited for, at most `lock_wait` seconds.

    FixInput for a folder that is no whole backup, or when there is a store; RepairStore when others
    may write to anything in the folder, an older version wrote it, or the store is behind a link
    that leads nowhere; RestoreData when files of the backup are missing; RetryLater when the store
    stays busy; OSError when the disk fails.
    """
    named, store, folder = store, os.path.realpath(store), os.path.realpath(folder)
    new = f"{store}{names.RESTORING}"
    swap = Swap(new, store, now, lock_wait)
    if not swap.is_midway():
        layout.check_link(named)
    check_source(store, folder)
    swap.check(replace=replace)
    record = record_of(folder)
    if record is None and layout.age(folder) == "new":
        raise FixInput(f"{folder} is neither a backup nor a store", "Nothing was changed.")
    if dry_run:
        return _tried(store, folder, record, audited)
    with unfinished(new, lambda: (names.SWAPPING,) if swap.is_midway() else ()):
        copying = _copied(folder, new, told)
        files = copying.count()
        if record:
            record.check(folder, files)
        _give_as(store, new)
        told("Making it durable", 0, 0)
        durable.sync_tree(new)
        aside = swap.make(replace=replace)
    placed(store)
    audit = audited(store)
    found = audit._replace(disagreements=[*copying.not_copied, *audit.disagreements])
    return Restored(store, record.made if record else None, files, found, aside)


def _tried(store: str, folder: str, record: Record | None, audited: Audited) -> Restored:
    """What the backup in the `folder` has, which is not put in place."""
    files = Copying(folder, folder).count()
    if record:
        record.check(folder, files)
    return Restored(store, record.made if record else None, files, audited(folder), "")


def _copied(folder: str, new: str, told: Told) -> Copying:
    """Copy the backup in the `folder` to the folder `new`; RepairStore when others may write to
    anything in it."""
    copying = Copying(folder, new, strict=True)
    top = copying.names("")
    for number, path in enumerate(top, 1):
        try:
            copying.tree(path)
        except RestoreData as error:
            facts = {"store": folder} if "open" in error.facts else {}
            raise RepairStore(error.message, "Nothing was changed.", **facts) from None
        told("Copying the backup", number, len(top))
    return copying


def _give_as(store: str, new: str) -> None:
    """Give all in the folder `new` to whoever owns the `store`, if there is one and root asks."""
    if os.geteuid() or not os.path.isdir(store):
        return
    owner = os.stat(store)
    for path, _, found in os.walk(new):
        for name in ("", *found):
            os.chown(os.path.join(path, name), owner.st_uid, owner.st_gid, follow_symlinks=False)


def _renamed(found: Audit, was: str, folder: str) -> Audit:
    """What was `found`, of files that will be in the `folder` and not where they were."""
    there = [
        Disagreement(cart, problem.replace(was, folder)) for cart, problem in found.disagreements
    ]
    return found._replace(disagreements=there)
