"""A lock that a thread holds itself: it never waits for that, and is told at once."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from cartcli.errors import RetryLater, WaitForPayment
from cartcli.files import locks
from tests.helpers import at_once, held

FOR_EVER: Final = 1e6  # seconds: whoever waits for these never comes back
OWN: Final = "from within another one of the same thread"
ONE: Final = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"

pytestmark = pytest.mark.filterwarnings("ignore:.*fork")  # from Python 3.12 on


@pytest.mark.parametrize("of", [None, ONE])
def test_a_lock_of_ones_own_is_told_at_once(tmp_path: Path, of: str | None) -> None:
    path = str(tmp_path / "lock")
    busy = partial(WaitForPayment, "others are busy", cart="6f1c")
    with locks.locked(path, 0, of=of):
        with (
            pytest.raises(WaitForPayment, match=OWN) as told,
            locks.locked(path, FOR_EVER, busy, of=of),
        ):
            pytest.fail("locked twice")
        assert told.value.facts == {"cart": "6f1c"}
        with pytest.raises(RetryLater, match="from within"), locks.locked(path, FOR_EVER, of=of):
            pytest.fail("locked twice")
        assert "changed nothing" in told.value.hint
    with locks.locked(path, 0, of=of):
        pass


def test_it_is_the_same_lock_by_another_path(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "link").symlink_to("store")
    with (
        locks.locked(str(tmp_path / "store" / "lock"), 0),
        pytest.raises(RetryLater, match=OWN),
        locks.locked(str(tmp_path / "link" / "lock"), FOR_EVER),
    ):
        pytest.fail("locked twice")


def test_other_locks_are_had_while_one_is_held(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with (
        locks.locked(path, 0, of=ONE),
        locks.locked(path, 0, of=str(uuid4())),
        locks.locked(str(tmp_path / "other"), 0),
    ):
        pass


def test_another_thread_waits_for_it(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")

    def wait() -> str:
        with locks.locked(path, 60):
            return "had"

    with ThreadPoolExecutor() as pool:
        with locks.locked(path, 0):
            waiting = pool.submit(wait)
            with pytest.raises(TimeoutError):
                waiting.result(0.05)
        assert waiting.result(60) == "had"


def test_what_another_process_has_is_not_ones_own(tmp_path: Path) -> None:
    with (
        held(tmp_path / "lock"),
        pytest.raises(RetryLater, match="another process holds"),
        locks.locked(str(tmp_path / "lock"), 0.01),
    ):
        pytest.fail("locked twice")


def test_what_its_parent_has_is_not_a_childs_own(tmp_path: Path) -> None:
    """It was forked by the thread that holds the lock, and is that thread's copy."""
    path = str(tmp_path / "lock")
    waits, go_on = os.pipe()
    with locks.locked(path, 0):
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            os.write(go_on, b"x")
            with locks.locked(path, 20):
                os._exit(0)
        os.read(waits, 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_signals_handler_is_told_what_the_thread_has(tmp_path: Path) -> None:
    path, told = str(tmp_path / "lock"), []

    def handle(*_: object) -> None:
        with pytest.raises(RetryLater, match=OWN) as error, locks.locked(path, FOR_EVER):
            pytest.fail("locked twice")
        told.append(error.value)

    before = signal.signal(signal.SIGUSR1, handle)
    try:
        with locks.locked(path, 0):
            signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert len(told) == 1


def test_threads_take_turns(tmp_path: Path) -> None:
    """Each takes it again and again, and none has it far more often than another."""
    path, had = str(tmp_path / "lock"), Counter[int]()

    def work(number: int) -> None:
        while len(had) < 8 or min(had.values()) < 20:
            with locks.locked(path, 60):
                had[number] += 1
                time.sleep(0.001)  # in which the others come

    assert at_once(8, work) == [None] * 8
    assert max(had.values()) < 40
