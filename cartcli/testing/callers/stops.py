"""A task of another thread that is stopped in the middle, as a fork may find it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import CodeType, FrameType
from typing import Any, Final

import cartcli
from cartcli.testing.callers.lanes import Lanes

# Where a task is stopped: here, and in the project whose tests are run. Elsewhere it may hold what
# a thread of this process needs to go on.
_HERE: Final = f"{Path(cartcli.__file__).parent}/"
_PROJECT: Final = f"{Path.cwd()}/"
_INSTALLED: Final = "/site-packages/"
_LONGEST: Final = 0.2  # seconds, after which it goes on: what holds up forks must not wait for it


def lines_of(task: Callable[[], None]) -> int:
    """How many lines of code the `task` runs through where it may be stopped."""
    lines = 0

    def count() -> bool:
        nonlocal lines
        lines += 1
        return False

    _traced(task, count)
    return lines


@contextmanager
def stopped(lanes: Lanes, task: Callable[[], None], line: int) -> Iterator[None]:
    """For the block, the `task` of another thread stands before one of the lines that it runs
    through, the first of which is `line` 1, or has ended before. Afterwards it is done."""
    there, go_on = Event(), Event()
    left = line

    def stop() -> bool:
        nonlocal left
        left -= 1
        if not left:
            there.set()
            go_on.wait(_LONGEST)
        return not left

    lane = lanes.take()
    future = lane.do(lambda: _traced(task, stop))
    future.add_done_callback(lambda _: there.set())
    there.wait(lanes.patience)
    try:
        yield
    finally:
        go_on.set()
        lanes.result(future)
        lanes.give_back(lane)


def _traced(task: Callable[[], None], before_line: Callable[[], bool]) -> None:
    """Run the `task`, and `before_line` before each line, until that returns true."""

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if event == "call":
            return trace if _is_ours(frame.f_code) else None
        if event == "line" and not _is_importing(frame) and before_line():
            sys.settrace(None)
            return None
        return trace

    sys.settrace(trace)
    try:
        task()
    finally:
        sys.settrace(None)


def _is_ours(code: CodeType) -> bool:
    path = code.co_filename
    return path.startswith(_HERE) or (path.startswith(_PROJECT) and _INSTALLED not in path)


def _is_importing(frame: FrameType | None) -> bool:
    """Whether a module is being imported, whose lock a child would wait for in vain."""
    while frame:
        if frame.f_code.co_name == "<module>":
            return True
        frame = frame.f_back
    return False
