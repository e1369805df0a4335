"""Times commands in turn: each figure is the median of ratios of pairs that ran side by side, since
on a shared machine a time of its own means little."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

# Runs its arguments and prints the peak memory. A process of its own, and a small one, because a
# child's peak begins with what its parent had.
_PEAK: Final = """\
import os, sys
nothing = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=nothing)
_, status, usage = os.wait4(pid, 0)
assert status == 0, (sys.argv, status)
print(usage.ru_maxrss)
"""


class Command(NamedTuple):
    """A command line with its environment and what it reads."""

    argv: Sequence[str | Path]
    env: Mapping[str, str]
    stdin: str = os.devnull

    def seconds(self) -> float:
        """How long it takes; it must succeed."""
        argv = [os.fspath(arg) for arg in self.argv]
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, self.stdin, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        start = time.perf_counter()
        pid = os.posix_spawn(argv[0], argv, self.env, file_actions=actions)
        _, status = os.waitpid(pid, 0)
        seconds = time.perf_counter() - start
        if status:
            raise RuntimeError(f"{argv} failed with {os.waitstatus_to_exitcode(status)}")
        return seconds

    def peak_memory(self) -> float:
        """The most memory it has at once, in MB."""
        argv = [sys.executable, "-I", "-S", "-c", _PEAK, *self.argv]
        ran = subprocess.run(argv, env=self.env, capture_output=True, check=True)
        unit = 1 if sys.platform == "darwin" else 1_024
        return int(ran.stdout) * unit / 1e6


class Figure(NamedTuple):
    """One row of the table: the median `ratio` of pairs, the medians of both sides, and what the
    ratio may be `at_most` (None: for the reader only)."""

    what: str
    against: str
    at_most: float | None
    ratio: float
    ours: float
    theirs: float
    unit: str
    pairs: int
    note: str = ""

    @property
    def missed(self) -> bool:
        return self.at_most is not None and self.ratio > self.at_most


Measure = Callable[[], float]


def in_turn(ours: Measure, theirs: Measure, pairs: int) -> list[tuple[float, float]]:
    """Both measured `pairs` times, each as often first as second, after a try that counts not."""
    ours()
    theirs()
    found = []
    for turn in range(pairs):
        if turn % 2:
            their = theirs()
            found.append((ours(), their))
        else:
            found.append((ours(), theirs()))
    return found


def figure(
    what: str,
    against: str,
    at_most: float | None,
    found: Sequence[tuple[float, float]],
    unit: str = "ms",
    note: str = "",
) -> Figure:
    """The row for the pairs that were `found`, in seconds or MB."""
    scale = 1_000 if unit == "ms" else 1
    return Figure(
        what,
        against,
        at_most,
        median(ours / theirs for ours, theirs in found),
        scale * median(ours for ours, _ in found),
        scale * median(theirs for _, theirs in found),
        unit,
        len(found),
        note,
    )
