"""Turns: in the order in which threads came; and nobody waits for what does not go on."""

from __future__ import annotations

import os
import signal
from threading import Event, Thread
from typing import Final

import pytest

from cartcli.turns import Place, Turn, anybody_wants
from tests.helpers import at_once

WHAT: Final = ("something", 1)


def test_one_at_a_time_has_its_turn() -> None:
    inside = 0

    def work(_: int) -> int:
        nonlocal inside
        most = 0
        for _ in range(20):
            with Turn(WHAT):
                inside += 1
                most = max(most, inside)
                inside -= 1
        return most

    assert at_once(8, work) == [1] * 8
    assert not anybody_wants(WHAT)


def test_who_came_first_is_first() -> None:
    order: list[int] = []
    threads: list[Thread] = []

    def work(number: int, came: Event) -> None:
        with Place(WHAT) as place:
            came.set()
            place.wait()
            order.append(number)

    with Turn(WHAT):
        for number in range(8):
            came = Event()
            threads.append(Thread(target=work, args=(number, came)))
            threads[-1].start()
            assert came.wait(60)
    for thread in threads:
        thread.join(60)
    assert order == [*range(8)]


def test_whether_others_came_first_is_told() -> None:
    def work(_: int) -> bool:
        with Turn(WHAT) as place:
            return place.waited

    with Turn(WHAT) as mine:
        assert not mine.waited
        assert at_once(1, work) == [True]  # and goes ahead, because this turn does not end
    with Turn(WHAT) as mine:
        assert not mine.waited


def test_who_has_a_turn_has_it_again_and_that_is_told() -> None:
    with Turn(WHAT) as outer, Turn(("another", 2)):
        assert outer.within == 0
        with Turn(WHAT) as inner:
            assert not inner.waited
        assert (outer.within, inner.within) == (1, 0)
    assert not anybody_wants(WHAT)


def test_a_turn_ends_with_an_error() -> None:
    with pytest.raises(ZeroDivisionError), Turn(WHAT):
        raise ZeroDivisionError
    assert not anybody_wants(WHAT)


@pytest.mark.filterwarnings("ignore:.*fork")  # from Python 3.12 on
def test_a_child_does_not_wait_for_its_parents_threads() -> None:
    ended = Event()

    def stay() -> None:
        with Turn(WHAT):
            there.set()
            ended.wait(60)

    there = Event()
    thread = Thread(target=stay)
    thread.start()
    there.wait(60)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        with Turn(WHAT) as place:
            os._exit(1 if place.waited else 0)
    ended.set()
    thread.join(60)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
