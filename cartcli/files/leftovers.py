"""What writers have left that were killed while they created a file (`durable.create`). What those
leave that replace one, the next one clears away."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from cartcli.files import names

_LEFT: Final = re.compile(r"[0-9a-f]{16}\.tmp")


def sweep(store: str, before: datetime, *, dry_run: bool = False) -> int:
    """Remove what was left in the folder `store` before that, and return how much there is; with
    `dry_run` it stays."""
    swept = 0
    for path in _left(store):
        with suppress(FileNotFoundError):
            if os.lstat(path).st_mtime < before.timestamp():
                if not dry_run:
                    os.unlink(path)
                swept += 1
    return swept


def _left(store: str) -> Iterator[str]:
    for name in names.FOLDERS:
        for folder, _, files in os.walk(os.path.join(store, name)):
            yield from (os.path.join(folder, file) for file in files if _LEFT.fullmatch(file))
