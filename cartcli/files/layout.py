"""What a store is: of this version, of an older one, or new.

In a store of this version the plain file `orders` stands where 0.1.0 had a folder, and keeps that
version out. It is there before anything is put under `carts/` or `payments/`.
"""

from __future__ import annotations

import os
import stat
from typing import Final, Literal

from cartcli.errors import RepairStore
from cartcli.files import durable, names, safety

FORMAT: Final = 2  # of what lies under `carts/` and `payments/`
Age = Literal["new", "current", "outdated"]
_HELD: Final = (names.CARTS, names.PAYMENTS)


def age(store: str) -> Age:
    """Whether the folder `store` is new: nobody has put a cart or a payment into it, of this
    version, or outdated: of 0.1.0. RepairStore when it is none of them."""
    found = _of_orders(store)
    if found == "new" and holds(store):
        found = _of_orders(store)  # it may have been claimed, and filled, between the two looks
        return "outdated" if found == "new" else found
    return found


def check(store: str) -> None:
    """RepairStore when the folder `store` is outdated."""
    if age(store) == "outdated":
        raise RepairStore(
            f"{store} was written by an older version of cartcli",
            "Nothing was changed. Upgrade the store.",
            store=store,
            outdated=True,
        )


def check_in_place(store: str) -> None:
    """RepairStore when the folder `store` was put aside to be replaced by a backup, and nothing
    stands in its place yet; or when it is behind a link that leads to nothing."""
    if os.path.isdir(store):
        return
    note = os.path.join(f"{os.path.realpath(store)}{names.RESTORING}", names.SWAPPING)
    if os.path.lexists(note):
        raise RepairStore(
            f"{store} is being restored from a backup, or that was stopped midway",
            "Nothing was changed. Unless somebody is at it, restore the backup again.",
            restoring=store,
        )
    check_link(store)


def check_link(store: str) -> None:
    """RepairStore when the folder `store` is behind a link that leads to nothing: what it leads to
    may only not be mounted now."""
    if safety.is_broken_link(store):
        raise RepairStore(
            f"a link on the way to {store} leads nowhere", "Nothing was changed.", path=store
        )


def claim(store: str) -> None:
    """Make a new `store` one of this version, durably; to be called before the first thing is put
    under `carts/` or `payments/`. RepairStore when it is outdated."""
    if holds(store):  # whoever put it there has claimed the store before
        check(store)
        return
    check_in_place(store)
    path = os.path.join(store, names.ORDERS)
    durable.make_folder(store)
    try:
        durable.create(path, b"")
    except FileExistsError:  # whoever put it there may have been killed before it was durable
        check(store)
        durable.sync_folder(store)


def _of_orders(store: str) -> Age:
    """What stands at `orders` tells, if anything does."""
    path = os.path.join(store, names.ORDERS)
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return "new"
    if stat.S_ISREG(mode):
        return "current"
    if stat.S_ISDIR(mode):
        return "outdated"
    raise RepairStore(f"{path} is not a regular file", path=path)


def holds(store: str) -> bool:
    """Whether there may be a cart or a payment in the folder `store`."""
    return any(safety.is_there(os.path.join(store, name)) for name in _HELD)
