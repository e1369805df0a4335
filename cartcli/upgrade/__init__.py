"""A store of version 0.1.0 (format 1) becomes one of this version (format 2).

steps.py      the order in which everything is done, and why
owners.py     every owner's carts                    old_carts.py     as 0.1.0 stored them
ledger.py     what the embedded processor answered   old_answers.py   as 0.1.0 stored it
orders.py     the folder that becomes a file         agreement.py     the audits, before and after
refused.py    names that are not allowed any more
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cartcli.errors import RetryLater
from cartcli.files import layout, locks, names, safety

if TYPE_CHECKING:
    from cartcli.merchant import Told


class Upgraded(NamedTuple):
    """Whether anything was `converted`; if so, how many carts and payments the store has now, all
    of which agree. In any case, whose names are `refused` by now: they cannot log in any more, and
    what is theirs is kept."""

    converted: bool
    carts: int = 0
    payments: int = 0
    refused: tuple[str, ...] = ()


def upgrade(store: str, lock_wait: float, told: Told | None = None) -> Upgraded:
    """Convert the folder `store` if 0.1.0 wrote it, or wrote to it; else nothing happens.

    Others may use it meanwhile: whoever holds a lock is waited for, at most `lock_wait` seconds,
    and from when their carts are converted, 0.1.0 refuses them. `told` hears of each step that
    takes a while. Whatever ends this call before its end, the next one goes on.

    RestoreData when a record is damaged, or carts and payments disagree: then nothing is changed,
    and 0.1.0 can go on. RetryLater when somebody stays busy, RepairStore for a store that is not
    safe, OSError when the disk fails.
    """
    from cartcli.upgrade.refused import refused_names
    from cartcli.upgrade.steps import Steps

    outdated = layout.age(store) == "outdated"
    safety.check_owned(store, (*names.FOLDERS, names.ORDERS) if outdated else names.FOLDERS)
    steps = Steps(store, lock_wait, told or _nobody)
    if steps.are_done():
        return Upgraded(converted=False, refused=refused_names(store))
    busy = partial(
        RetryLater,
        f"somebody else is upgrading {store}",
        "This call changed nothing. Make it again when they are done.",
        store=store,
    )
    # In a store that cannot be upgraded not even a lock is left behind.
    with locks.locked(f"{store}/upgrade.lock", 0, busy, first=steps.check):
        found = steps.run()
    return Upgraded(True, found.carts, found.payments, refused_names(store))


def _nobody(what: str, done: int, of: int) -> None:
    """Is told, and does nothing."""
