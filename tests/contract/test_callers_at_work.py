"""The ways in which the suites call what they try are what they are called, and find out what is
not fit for threads, or for a child after a fork."""

from __future__ import annotations

import os
import threading
from itertools import count, pairwise
from typing import Final

import pytest

from cartcli.errors import ChooseExisting
from cartcli.testing.callers.forks import Forks
from cartcli.testing.callers.lanes import LostError
from cartcli.testing.callers.threads import Threads
from tests.contract.shelf import (
    Dying,
    FirstUsersOwn,
    Fit,
    Forgetful,
    HeldForever,
    Locking,
    ProcessOwn,
    Shelf,
    ThreadsOwn,
    here,
)
from tests.helpers import Clock

SOON: Final = 2.0  # seconds for what is never answered
pytestmark = pytest.mark.filterwarnings("ignore:.*fork")  # from Python 3.12 on


@pytest.mark.parametrize("way", [Threads, Forks])
def test_only_what_is_in_the_contract_can_be_called(
    way: type[Threads | Forks], clock: Clock
) -> None:
    with way() as use:
        shelf = use(Shelf, lambda: Fit(clock), lambda shelf, _: shelf.secret)
        for name in ("secret", "_holder"):
            with pytest.raises(AttributeError, match=f"Shelf has no {name}"):
                getattr(shelf, name)


def test_every_call_is_another_threads(clock: Clock) -> None:
    looked: set[tuple[int, int]] = set()
    with Threads() as use:
        shelf = use(Shelf, lambda: Fit(clock), lambda *_: looked.add(here()))
        called = [shelf.where() for _ in range(24)]
    assert len({*called}) >= 8
    assert here() not in called
    assert all(one != other for one, other in pairwise(called))
    assert here() in looked  # it was used by the thread that made it
    assert {*called} <= looked


def test_others_look_while_a_thread_calls(clock: Clock) -> None:
    """Each call goes on until two others have looked, and would go on for ever without them."""
    looked = threading.Semaphore(0)

    class Waiting(Fit):
        def where(self) -> tuple[int, int]:
            assert looked.acquire(timeout=60)
            assert looked.acquire(timeout=60)
            return here()

    with Threads() as use:
        shelf = use(Shelf, lambda: Waiting(clock), lambda *_: looked.release())
        for _ in range(5):
            while looked.acquire(blocking=False):
                pass
            shelf.where()


def test_calls_are_those_of_children(clock: Clock) -> None:
    looked: list[int] = []
    with Forks() as use:
        shelf = use(Shelf, lambda: Fit(clock), lambda *_: looked.append(os.getpid()))
        called = [shelf.where()[0] for _ in range(6)]
    assert called == called[:2] * 3
    assert len({*called, os.getpid()}) == 3
    assert looked == [os.getpid()] * 3  # once before, and once while each of the two is forked


@pytest.mark.parametrize("unfit", [ThreadsOwn, FirstUsersOwn])
def test_what_belongs_to_a_thread_is_found_out(unfit: type[Fit], clock: Clock) -> None:
    with Threads() as use, pytest.raises((AttributeError, RuntimeError)):
        use(Shelf, lambda: unfit(clock), lambda shelf, _: shelf.where()).where()


def test_what_is_shared_without_care_is_found_out(clock: Clock) -> None:
    with Threads() as use:
        shelf = use(Shelf, lambda: Forgetful(clock), lambda shelf, _: shelf.give())
        assert shelf.give("mine") == ((), {})


def test_what_is_wrong_with_a_look_is_told(clock: Clock) -> None:
    shots = count()

    def look(shelf: Shelf, _: object) -> None:
        if next(shots):
            raise RuntimeError("changed during iteration")

    for way in (Threads, Forks):
        shots = count()
        with way() as use, pytest.raises(RuntimeError, match="during iteration"):
            use(Shelf, lambda: Fit(clock), look).where()


@pytest.mark.parametrize("unfit", [Locking, HeldForever])
def test_a_lock_that_is_held_over_a_fork_is_found_out(unfit: type[Fit], clock: Clock) -> None:
    """Not by every fork, for the lock need not be held at that time; but soon."""

    def stuck(seed: int) -> bool:
        with Forks(str(seed), patience=SOON) as use:
            shelf = use(Shelf, lambda: unfit(clock), lambda shelf, _: shelf.where())
            try:
                shelf.where()
            except LostError:
                return True
        return False

    assert any(stuck(seed) for seed in range(20))


def test_what_belongs_to_a_process_is_found_out(clock: Clock) -> None:
    with Forks() as use, pytest.raises(ChooseExisting):
        use(Shelf, lambda: ProcessOwn(clock), lambda shelf, _: shelf.where()).where()


def test_a_child_that_ends_is_told(clock: Clock) -> None:
    with Forks() as use, pytest.raises(LostError, match="ended"):
        use(Shelf, lambda: Dying(clock), lambda *_: None).where()


def test_what_cannot_be_sent_is_told(clock: Clock) -> None:
    class Own(Exception):
        """Which no other process could find."""

    with Forks() as use:
        shelf = use(Shelf, lambda: Fit(clock), lambda *_: None)
        with pytest.raises(LostError, match="cannot be sent"):
            shelf.total([1], lambda _: Own)
        assert shelf.give(1) == ((1,), {})


def test_no_child_is_left(clock: Clock) -> None:
    with Forks() as use:
        shelf = use(Shelf, lambda: Fit(clock), lambda *_: None)
        numbers = shelf.numbers(9)
        next(numbers)
        holding = shelf.held()
        holding.__enter__()
        pids = {shelf.where()[0] for _ in range(4)}
    del numbers, holding
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
