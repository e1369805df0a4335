"""Locks, and processes that are forked while one is held."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from cartcli.errors import RetryLater
from cartcli.files import locks

# From Python 3.12 on: the runner of the tests may have threads.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork")


def forked(child: Callable[[], None]) -> int:
    """The id of a process that is forked now, does this, and ends; with 1 if it raised."""
    pid = os.fork()
    if pid:
        return pid
    signal.alarm(20)
    try:
        child()
    except BaseException:
        os._exit(1)
    os._exit(0)


def ended(pid: int) -> int:
    """The exit status of a child."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_forked_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    waits, go_on = os.pipe()

    def outlive() -> None:
        os.close(go_on)
        os.read(waits, 1)

    with locks.locked(path, 0):
        child = forked(outlive)
    try:
        with locks.locked(path, 0):
            pass
    finally:
        os.close(go_on)
        assert ended(child) == 0
        os.close(waits)


def test_a_forked_child_does_not_free_the_lock_of_its_parent(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    lock = locks.locked(path, 0)

    def leave() -> None:
        lock.__exit__(None, None, None)

    with lock:
        child = forked(leave)
        assert ended(child) == 0
        with pytest.raises(RetryLater), locks.locked(path, 0):
            pytest.fail("locked twice")
    with locks.locked(path, 0):
        pass


def test_a_forked_child_takes_a_lock_of_its_own(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")

    def kept_out() -> None:
        with pytest.raises(RetryLater), locks.locked(path, 0):
            pytest.fail("locked twice")

    def let_in() -> None:
        with locks.locked(path, 0):
            pass

    with locks.locked(path, 0):
        assert ended(forked(kept_out)) == 0
    assert ended(forked(let_in)) == 0


def test_what_comes_first_is_done_before_there_is_a_lock_file(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "lock"
    there: list[bool] = []
    for _ in range(2):
        with locks.locked(str(path), 0, first=lambda: there.append(path.parent.exists())):
            assert path.exists()
    assert there == [False]


def test_what_comes_first_and_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "lock"

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), locks.locked(str(path), 0, first=fail):
        pytest.fail("locked")
    assert not path.parent.exists()


def test_what_a_lock_guards_of_one_id_holds_up_no_other(tmp_path: Path) -> None:
    path, ids = str(tmp_path / "lock"), [str(uuid4()) for _ in range(40)]
    with ExitStack() as held:
        for one in ids:
            held.enter_context(locks.locked(path, 0, of=one))
        for one in ids:
            with pytest.raises(RetryLater), locks.locked(path, 0, of=one):
                pytest.fail("locked twice")
    for one in ids:
        with locks.locked(path, 0, of=one):
            pass
    assert os.listdir(tmp_path) == ["lock"]


def test_a_forked_child_keeps_nothing_of_one_id(tmp_path: Path) -> None:
    path, one = str(tmp_path / "lock"), str(uuid4())
    waits, go_on = os.pipe()

    def outlive() -> None:
        os.close(go_on)
        os.read(waits, 1)

    def leave() -> None:
        lock.__exit__(None, None, None)

    lock = locks.locked(path, 0, of=one)
    with lock:
        assert ended(forked(leave)) == 0
        with pytest.raises(RetryLater), locks.locked(path, 0, of=one):
            pytest.fail("a child has freed it")
        child = forked(outlive)
    try:
        with locks.locked(path, 0, of=one):
            pass
    finally:
        os.close(go_on)
        assert ended(child) == 0
        os.close(waits)


def test_the_lock_of_one_id_ends_with_its_process(tmp_path: Path) -> None:
    path, one = str(tmp_path / "lock"), str(uuid4())
    holds, told = os.pipe()

    def die() -> None:
        with locks.locked(path, 0, of=one):
            os.write(told, b"x")
            signal.pause()

    child = forked(die)
    os.read(holds, 1)
    with pytest.raises(RetryLater), locks.locked(path, 0, of=one):
        pytest.fail("locked twice")
    os.kill(child, signal.SIGKILL)
    with locks.locked(path, 20, of=one):
        assert ended(child) == -signal.SIGKILL


@pytest.mark.parametrize("of", [None, "0b5ab3f8-7b0e-4a55-9d2c-0d5a6c5c1f10"])
def test_a_forked_child_does_not_keep_the_lock_of_a_parent_that_is_killed(
    tmp_path: Path, of: str | None
) -> None:
    path = str(tmp_path / "lock")
    (tells, told), (waits, go_on) = os.pipe(), os.pipe()

    def outlive() -> None:
        os.close(go_on)
        os.write(told, b"x")
        os.read(waits, 1)

    def die() -> None:
        with locks.locked(path, 0, of=of):
            forked(outlive)
            os.read(tells, 1)
            os.kill(os.getpid(), signal.SIGKILL)

    child = forked(die)
    try:
        assert ended(child) == -signal.SIGKILL
        with locks.locked(path, 0, of=of):
            pass
    finally:
        for end in (tells, told, waits, go_on):
            os.close(end)


def test_a_child_that_is_forked_within_the_lock_closes_no_file_of_its_own(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    lock = locks.locked(path, 0)

    def leave() -> None:
        mine = [os.open(tmp_path, os.O_RDONLY) for _ in range(9)]  # one with the lock's number
        lock.__exit__(None, None, None)
        for fd in mine:
            os.fstat(fd)

    with lock:
        assert ended(forked(leave)) == 0


def test_where_there_are_no_ranges_sixteen_files_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_HAS_RANGES", False)
    path, ids = str(tmp_path / "lock"), [f"{digit:x}{str(uuid4())[1:]}" for digit in range(16)]
    with ExitStack() as held:
        for one in ids:
            held.enter_context(locks.locked(path, 0, of=one))
        with pytest.raises(RetryLater), locks.locked(path, 0, of=ids[3]):
            pytest.fail("locked twice")
    assert len(os.listdir(tmp_path)) == 16
