"""The embedded processor, reached by two clients at once: one is stopped in it at some point, and
the other goes as far as it gets."""

from __future__ import annotations

from tests.promises.faults.injector import Fault
from tests.promises.faults.processes import Ended, Running
from tests.promises.faults.scene import GOOD, Bench, Trial
from tests.promises.faults.sweeps import Outcome

_KEYS = ("0" * 32, "1" * 32)
_AMOUNT = "115.98"
_IMPATIENT = 0.05  # seconds


def two_charges(bench: Bench, fault: Fault) -> Outcome:
    """Two keys for one cart: one capture, which answers both."""
    with bench.trial() as trial:
        stopped = _charge(trial, _KEYS[0], fault)
        waits = (early := stopped.ended_or_stopped()) is None
        rival = _charge(trial, _KEYS[1], lock_wait=_IMPATIENT).ended()
        if waits:
            stopped.go_on()
        first = early or stopped.ended()
        second = _charge(trial, _KEYS[1]).ended() if _was_kept_out(rival) else rival
        findings = [f"{run}" for run in (first, second) if not run.stdout.startswith("charged ")]
        if first.stdout != second.stdout:
            findings.append(f"two captures were told: {first.stdout} and {second.stdout}")
        captures = len(trial.books().captures(bench.scene.cart))
        if captures != 1:
            findings.append(f"one cart is captured {captures} times")
        return Outcome(first.met, findings)


def charge_and_cancel(bench: Bench, fault: Fault) -> Outcome:
    """One key is charged and cancelled: both get the same answer, and that is on record."""
    with bench.trial() as trial:
        stopped = _charge(trial, _KEYS[0], fault)
        waits = (early := stopped.ended_or_stopped()) is None
        cancel = (trial.store, _KEYS[0], _KEYS[0], bench.scene.cart, _AMOUNT, GOOD)
        rival = trial.run(*cancel, program="cancel", lock_wait=_IMPATIENT)
        if waits:
            stopped.go_on()
        first = early or stopped.ended()
        second = trial.run(*cancel, program="cancel") if _was_kept_out(rival) else rival
        answer = trial.books().answers[_KEYS[0]]
        findings = []
        if {first.stdout, second.stdout} != {f"{answer['status']} {answer['id']}\n"}:
            findings.append(f"{answer} is on record, and the answers were {first} and {second}")
        return Outcome(first.met, findings)


def _charge(trial: Trial, key: str, fault: Fault | None = None, lock_wait: float = 10) -> Running:
    args = (trial.store, key, key, trial.bench.scene.cart, _AMOUNT, GOOD)
    return trial.start(*args, program="charge", fault=fault, lock_wait=lock_wait)


def _was_kept_out(rival: Ended) -> bool:
    """Whether it found the cart's payments locked, and did nothing."""
    return rival.status == 7 and "another process holds" in rival.stderr
