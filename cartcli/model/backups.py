"""What was backed up, and what was restored."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from cartcli.model.audit import Audit, Disagreement


class Backup(NamedTuple):
    """A copy of a shop in the `folder`: when it was begun (UTC), how many files it has, what an
    audit of it found, which files of the shop could not be copied, and where the catalogue is that
    the shop sells from ("" when it is in the store, and so in the copy).

    >>> made = shop.merchant.backup("a copy")
    >>> (made.audit.disagreements, made.not_copied)
    ([], ())
    """

    folder: str
    made: datetime
    files: int
    audit: Audit
    not_copied: tuple[Disagreement, ...]
    catalogue_elsewhere: str = ""


class Restored(NamedTuple):
    """A backup that was put in place as the `store`: when the backup was `made` (UTC; None when it
    does not tell), how many files it has, what an audit of the store found, and where the store is
    that was there before ("" when there was none)."""

    store: str
    made: datetime | None
    files: int
    audit: Audit
    aside: str
