"""What of a store belongs in a copy of it: everything, but for what is told here.

- Logins. A session that has ended since would be there again, with the roles of then; and the saved
  login is a secret.
- What slows the guessing of passwords down: it counts for minutes.
- Locks, which belong to a place and not to what is there; what a killed writer left behind; and the
  index of a large catalogue, which is made again.
"""

from __future__ import annotations

import re
from typing import Final

from cartcli.files import names

RECORD: Final = "backup.json"  # is about the copy itself
LOCK: Final = "backup.lock"  # whoever fills a folder holds it

_AT_THE_TOP: Final = frozenset(
    (names.SESSIONS, names.GUESSES, names.SAVED_LOGIN, names.SWAPPING, RECORD)
)
_INDEX: Final = re.compile(r"catalog-[0-9a-f]\.db.*", re.ASCII)
_LOCK: Final = re.compile(r"lock|.*\.lock|pay(-[0-9a-f])?", re.ASCII)


def is_lock(name: str) -> bool:
    """Whether a file of this name is a lock."""
    return _LOCK.fullmatch(name) is not None


def belongs(folder: str, name: str, *, is_folder: bool) -> bool:
    """Whether what is called `name` belongs in a copy; it lies in this `folder` of the store, or
    with "" in the store itself."""
    if not folder and (name in _AT_THE_TOP or _INDEX.fullmatch(name)):
        return False
    return is_folder or not (is_lock(name) or name.endswith(".tmp"))
