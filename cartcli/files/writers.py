"""Whether somebody has a file open to write to it, as far as the system tells."""

from __future__ import annotations

import fcntl
import signal
from contextlib import suppress
from typing import Final

_SET_LEASE: Final[int | None] = getattr(fcntl, "F_SETLEASE", None)
_SET_SIGNAL: Final[int | None] = getattr(fcntl, "F_SETSIG", None)


def has_writer(fd: int) -> bool | None:
    """Whether any process, this one included, may write to the file of the descriptor `fd`, which
    is open for reading alone; None where nobody can tell.

    Linux gives a read lease to the owner of a file while there is no writer, and to nobody else. It
    is given back at once; whoever opens the file just then is held up until it is.
    """
    if _SET_LEASE is None or _SET_SIGNAL is None:
        return None
    try:
        # Who opens the file just then has us told so, by a signal; by default one that kills.
        fcntl.fcntl(fd, _SET_SIGNAL, signal.SIGURG)
        fcntl.fcntl(fd, _SET_LEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:  # another's file, or a file system that knows no leases
        return None
    with suppress(OSError):
        fcntl.fcntl(fd, _SET_LEASE, fcntl.F_UNLCK)
    return False
