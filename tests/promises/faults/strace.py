"""Faults by system calls, put in from outside by strace, into the installed command."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from tests.promises.faults.injector import Fault

_CALLS: Final = "?open,openat,write,fsync,?link,linkat,?rename,renameat,renameat2,?unlink,unlinkat,\
?mkdir,mkdirat,flock"
_LINE: Final = re.compile(r"(?:\d+ +)?([a-z0-9]+)\(")


def works() -> bool:
    """Whether strace is installed, and may trace."""
    found = shutil.which("strace")
    return found is not None and subprocess.run([found, "-qq", "true"], check=False).returncode == 0


def traced(fault: Fault, notes: str, program: Sequence[str]) -> list[str]:
    """The arguments of strace that let the `program` meet the `fault`, whose kind is like
    "fsync:error=EIO", or "watch"; it is noted in the file `notes`."""
    options = ["strace", "-f", "-y", "-qq", "-s", "0", "-o", notes]
    if fault.kind == "watch":
        return [*options, "-e", f"trace={_CALLS}", *program]
    name, effect = fault.kind.split(":", 1)
    inject = f"inject={name}:{effect}:when={fault.at}"
    return [*options, "-e", f"trace={name}", "-e", inject, *program]


def hits(lines: Sequence[str], folder: str) -> Iterator[str]:
    """The names of the noted calls that met their fault on a file under `folder`."""
    for line, after in pairwise([*lines, ""]):
        met = "(INJECTED)" in line or line.endswith("= ?") or "--- SIGINT" in after
        if met and folder in line and (match := _LINE.match(line)):
            yield match[1]


def points(lines: Sequence[str], folder: str) -> list[tuple[str, int]]:
    """The calls on files under `folder`, of which everything was noted: each one's name, and its
    number among the calls of that name."""
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        if match := _LINE.match(line):
            seen[match[1]] += 1
            if folder in line:
                found.append((match[1], seen[match[1]]))
    return found
