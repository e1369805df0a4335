"""Work that is done in a process of its own, and killed at one of its calls."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

CALLS: Final = ("mkdir", "fsync", "rename", "link", "unlink", "rmdir")
DONE, KILLED = 0, 9


def killed_at(number: int, does: Callable[[], object]) -> int:
    """How a process ends that does this, and is killed before its call of this number that changes
    something on the disk."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            _kill_at(number)
            does()
            status = DONE
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _kill_at(number: int) -> None:
    left = iter(range(number))

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **named: Any) -> Any:
            if next(left, None) is None:
                os._exit(KILLED)
            return call(*args, **named)

        return made

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
