"""Many processes at once. They stop at their first call on the store, and go on together."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest

from tests.promises.faults.conftest import Report
from tests.promises.faults.injector import Fault
from tests.promises.faults.judge import lines_of, untrue_receipt
from tests.promises.faults.processes import Ended, Running
from tests.promises.faults.scene import (
    CONTENTS,
    DRONE,
    GOOD,
    NOTHING,
    PLATES,
    TEA,
    Bench,
    Trial,
    priced,
)

_PATIENT: Final = 60.0
_DELAY: Final = 0.5


@pytest.fixture
def trial(bench: Bench) -> Iterator[Trial]:
    """One store for one storm."""
    with bench.trial() as trial:
        yield trial


def test_a_hundred_adds_leave_a_hundred(trial: Trial) -> None:
    add = ("add", trial.bench.scene.cart, DRONE, "1")
    waiting = [_waiting(trial, *add) for _ in range(80)]
    waiting += [_waiting(trial, *add, program="console") for _ in range(20)]
    runs = _together(waiting)
    assert [*trial.broken_promises(*runs)] == []
    assert {run.status for run in runs} == {0}
    lines = trial.books().carts[trial.bench.scene.cart]["lines"]
    assert lines == priced(CONTENTS | {DRONE: 100}, "before")


@pytest.mark.parametrize("rival", ["cart", "console"])
@pytest.mark.parametrize("storm", range(10))
def test_eight_checkouts_give_one_receipt(rival: str, storm: int, trial: Trial) -> None:
    waiting = [_checkout(trial) for _ in range(6)]
    waiting += [_checkout(trial, program=rival) for _ in range(2)]
    _one_receipt(trial, _together(waiting))


@pytest.mark.parametrize("at", range(2, 56, 6))
def test_checkouts_of_which_some_are_killed_give_one_receipt(at: int, trial: Trial) -> None:
    waiting = [_checkout(trial) for _ in range(5)]
    args = ("checkout", trial.bench.scene.cart, "--card", "-")
    dying = [
        trial.start(*args, card=GOOD, lock_wait=_PATIENT, fault=Fault("kill", at + more))
        for more in range(3)
    ]
    _one_receipt(trial, _together(waiting))
    for running in dying:
        running.ended()
    assert [*trial.broken_promises()] == []


@pytest.mark.parametrize("storm", range(20))
def test_what_changes_during_a_checkout_is_bought_or_refused(storm: int, trial: Trial) -> None:
    cart = trial.bench.scene.cart
    changes = [("add", cart, TEA, "1")] * 4 + [("remove", cart, PLATES, "1")] * 2
    waiting = [_waiting(trial, *args) for args in changes]
    waiting.insert(storm % 7, _checkout(trial))
    runs = _together(waiting)
    paid = runs.pop(storm % 7)
    assert {run.status for run in runs} <= {0, 3, 6, 7}
    assert paid.status == 0
    done = [args[0] for args, run in zip(changes, runs, strict=True) if run.status == 0]
    bought = CONTENTS | {
        TEA: CONTENTS[TEA] + done.count("add"),
        PLATES: CONTENTS[PLATES] - done.count("remove"),
    }
    lines = priced({sku: quantity for sku, quantity in bought.items() if quantity}, "before")
    assert lines_of(trial.books().carts[cart]["attempt"]) == lines
    assert [*trial.broken_promises(*runs, paid), *untrue_receipt(paid.json, trial.books())] == []


def test_customers_are_served_side_by_side(bench: Bench, report: Report, exhaustive: bool) -> None:
    in_a_row = _seconds_for_four(bench, 1)
    at_once = _seconds_for_four(bench, 4)
    ratio = at_once / in_a_row
    report(f"four at once take {at_once:.2f} s, in a row {in_a_row:.2f} s: {ratio:.2f}")
    # Without the flag nothing is said of time: test_a_stopped_checkout[bystanders] shows that no
    # customer waits for another.
    assert ratio < 0.5 or not exhaustive


def _seconds_for_four(bench: Bench, at_once: int) -> float:
    """How long four customers take who log in and pay, so many at once."""
    with bench.trial(NOTHING) as trial:
        users = [f"user{number}" for number in range(4)]
        assert [trial.run("login", user, "--register").status for user in users] == [0] * 4
        start = time.monotonic()
        for first in range(0, 4, at_once):
            running = [
                trial.start("demo", "--user", user, "--purchase", delay=_DELAY)
                for user in users[first : first + at_once]
            ]
            assert [one.ended().status for one in running] == [0] * at_once
        seconds = time.monotonic() - start
        assert len(trial.books().answers) == 4
        return seconds


def _checkout(trial: Trial, **options: Any) -> Running:
    args = ("checkout", trial.bench.scene.cart, "--card", "-")
    return _waiting(trial, *args, card=GOOD, **options)


def _waiting(trial: Trial, *args: str, **options: Any) -> Running:
    """A process that waits for the others before its first call on the store."""
    running = trial.start(*args, fault=Fault("stop", 1), lock_wait=_PATIENT, **options)
    assert running.ended_or_stopped() is None
    return running


def _together(waiting: Sequence[Running]) -> list[Ended]:
    """Let all of them go on, and wait for their ends."""
    for running in waiting:
        running.go_on()
    return [running.ended() for running in waiting]


def _one_receipt(trial: Trial, runs: Sequence[Ended]) -> None:
    """Each of the checkouts has given the one true receipt."""
    assert {run.status for run in runs} == {0}
    assert len({run.stdout for run in runs}) == 1
    assert [*trial.broken_promises(*runs), *untrue_receipt(runs[0].json, trial.books())] == []
