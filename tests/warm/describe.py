"""A script that prints what a process finds when it starts, and reads all of standard input."""

from __future__ import annotations

import gc
import json
import locale
import os
import resource
import signal
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any, TextIO


def stream(one: TextIO) -> dict[str, Any]:
    """What there is to know about a standard stream."""
    return {
        "name": one.name,
        "mode": one.mode,
        "encoding": one.encoding,
        "errors": one.errors,
        "newlines": one.newlines,
        "line_buffering": one.line_buffering,
        "write_through": getattr(one, "write_through", None),
        "seekable": [one.seekable(), one.buffer.seekable()],
        "terminal": one.isatty(),
        "types": [type(part).__name__ for part in (one, one.buffer)],
        "kept": [one is getattr(sys, f"__{one.name[1:-1]}__")],
    }


def open_files() -> list[int]:
    """The file descriptors that are open."""
    with os.scandir("/dev/fd") as found:
        listed = [int(entry.name) for entry in found]
    return [fd for fd in sorted(listed) if Path(f"/dev/fd/{fd}").exists()]


def describe() -> dict[str, Any]:
    """All that a command could be led astray by."""
    umask = os.umask(0)
    return {
        "main": [__name__, __file__, sys.modules["__main__"].__dict__ is globals()],
        "argv": sys.argv,
        "path": sys.path,
        "environment": dict(sorted(os.environ.items())),
        "folder": os.getcwd(),
        "umask": umask,
        "open files": open_files(),
        "streams": [stream(one) for one in (sys.stdin, sys.stdout, sys.stderr)],
        "input": sys.stdin.read(),
        "signals": {int(one): str(signal.getsignal(one)) for one in signal.valid_signals()},
        "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        "timers": [signal.alarm(0), *signal.getitimer(signal.ITIMER_REAL)],
        "limits": {
            name: resource.getrlimit(getattr(resource, name))
            for name in dir(resource)
            if name.startswith("RLIMIT_")
        },
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "locale": [locale.setlocale(locale.LC_ALL), locale.getencoding()],
        "encodings": [sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()],
        "time zone": [time.tzname, time.timezone],
        "flags": str(sys.flags),
        "warnings": [str(entry) for entry in warnings.filters],
        "threads": threading.active_count(),
        "garbage": [gc.isenabled(), gc.get_threshold()],
        "recursion": sys.getrecursionlimit(),
        "hooks": [
            sys.excepthook is sys.__excepthook__,
            sys.gettrace() is None,
            sys.getprofile() is None,
        ],
    }


if __name__ == "__main__":
    print(json.dumps(describe(), indent=1))
