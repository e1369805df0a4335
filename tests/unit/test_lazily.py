"""Values made on demand: once kept, by whichever thread, and after a fork."""

from __future__ import annotations

import os
import signal
from threading import Event, Thread

import pytest

from cartcli.lazily import lazily
from tests.helpers import at_once


class Slow:
    """Takes as long to make its value as somebody lets it."""

    def __init__(self) -> None:
        self.begun = Event()
        self.may_end = Event()

    @lazily
    def value(self) -> object:
        """What is made."""
        self.begun.set()
        self.may_end.wait(60)
        return object()


def test_a_value_is_made_once_and_kept() -> None:
    slow = Slow()
    slow.may_end.set()
    assert slow.value is slow.value


def test_all_threads_get_one_value() -> None:
    slow = Slow()
    slow.may_end.set()
    values = at_once(8, lambda _: slow.value)
    assert {id(value) for value in values} == {id(slow.value)}


def test_nobody_waits_for_another_object() -> None:
    slow, quick = Slow(), Slow()
    quick.may_end.set()
    thread = Thread(target=lambda: slow.value)
    thread.start()
    slow.begun.wait(60)
    assert quick.value is quick.value  # while the other one is still being made
    slow.may_end.set()
    thread.join(60)


@pytest.mark.filterwarnings("ignore:.*fork")  # from Python 3.12 on, for this very reason
def test_a_child_does_not_wait_for_a_thread_that_it_has_not() -> None:
    slow = Slow()
    thread = Thread(target=lambda: slow.value)
    thread.start()
    slow.begun.wait(60)
    child = os.fork()
    if child == 0:  # here, no thread goes on to make the value
        signal.alarm(20)
        slow.may_end = Event()
        slow.may_end.set()
        os._exit(0 if slow.value is slow.value else 1)
    slow.may_end.set()
    thread.join(60)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_its_docstring_is_the_functions() -> None:
    assert Slow.value.__doc__ == "What is made."
