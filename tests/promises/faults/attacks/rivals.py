"""A process that is stopped at some point, and others that meet it there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.promises.faults.injector import Fault
from tests.promises.faults.judge import untrue_receipt
from tests.promises.faults.processes import Ended, Running
from tests.promises.faults.scene import CONTENTS, GOOD, TEA, Bench, Trial, priced
from tests.promises.faults.sweeps import Outcome

_SOON = 0.05  # seconds that a rival waits for what a stopped process holds


def second_checkout(bench: Bench, fault: Fault) -> Outcome:
    """The same cart is checked out by another process: both give one receipt, or the second one
    says that a payment is in progress."""
    with bench.trial() as trial:
        stopped = _pay(trial, fault)
        if early := stopped.ended_or_stopped():
            return Outcome(early.met, [*_wrong_payments(trial, early)])
        rival = _pay(trial, None, _SOON).ended()
        findings = [*trial.broken_promises(rival)]
        if rival.status not in (0, 7) or (rival.status == 7 and "in progress" not in rival.stderr):
            findings.append(f"the rival: {rival}")
        stopped.go_on()
        first = stopped.ended()
        findings += _wrong_payments(trial, first, *([] if rival.status else [rival]))
        return Outcome(first.met, findings)


def without_courtesy(bench: Bench, fault: Fault) -> Outcome:
    """As `second_checkout`, where nothing keeps the rival out: whatever either of them is told, the
    cart is charged once, and one more run tells for what."""
    with bench.trial() as trial:
        stopped = _pay(trial, fault)
        early = stopped.ended_or_stopped()
        runs = [early] if early else []
        if early is None:
            runs.append(_pay(trial, None, _SOON).ended())
            findings = [*trial.broken_promises(*runs)]
            stopped.go_on()
            runs.append(stopped.ended())
        else:
            findings = []
        findings += trial.broken_promises(*runs)
        findings += [f"{run}" for run in runs if run.status not in (0, 5, 6, 7, 8)]
        last = _pay(trial, None).ended()
        findings += _wrong_payments(trial, last, *(run for run in runs if run.status == 0))
        if len(trial.books().captures(bench.scene.cart)) != 1:
            findings.append(f"the answers are {trial.books().answers}")
        return Outcome(runs[-1].met, findings)


def heir(bench: Bench, fault: Fault) -> Outcome:
    """A second checkout waits for the stopped one, which is killed: it takes over."""
    with bench.trial() as trial:
        stopped = _pay(trial, fault)
        if early := stopped.ended_or_stopped():
            return Outcome(early.met, [*_wrong_payments(trial, early)])
        rival = _pay(trial, None)
        stopped.kill()
        met = stopped.ended().met
        return Outcome(met, [*_wrong_payments(trial, rival.ended())])


def add_meanwhile(bench: Bench, fault: Fault) -> Outcome:
    """One more item is put into the cart that is being paid: it is in the receipt or refused."""
    with bench.trial() as trial:
        stopped = _pay(trial, fault)
        if early := stopped.ended_or_stopped():
            return Outcome(early.met, [*_wrong_payments(trial, early)])
        rival = trial.run("add", bench.scene.cart, TEA, "1", lock_wait=_SOON)
        findings = [*trial.broken_promises(rival)]
        if rival.status not in (0, 6, 7, 8):
            findings.append(f"the rival: {rival}")
        stopped.go_on()
        first = stopped.ended()
        bought = trial.books().carts[bench.scene.cart]["lines"]
        if bought != priced(_contents(rival.status == 0), "before"):
            findings.append(f"the rival exits with {rival.status}, and {bought} is bought")
        findings += _wrong_payments(trial, first)
        return Outcome(first.met, findings)


def two_adds(bench: Bench, fault: Fault) -> Outcome:
    """Each of two adds to one cart counts, or says that it does not."""
    args = ("add", bench.scene.cart, TEA, "1")
    with bench.trial() as trial:
        stopped = trial.start(*args, fault=fault)
        runs = [early] if (early := stopped.ended_or_stopped()) else []
        if not runs:
            runs.append(trial.run(*args, lock_wait=_SOON))
            stopped.go_on()
            runs.append(stopped.ended())
        findings = [*trial.broken_promises(*runs)]
        more = sum(run.status == 0 for run in runs)
        lines = trial.books().carts[bench.scene.cart]["lines"]
        if runs[-1].status or lines != priced(_contents(more), "before"):
            findings.append(f"{more} of two adds went through, and the cart holds {lines}")
        return Outcome(runs[-1].met, findings)


def bystanders(bench: Bench, fault: Fault) -> Outcome:
    """Another customer pays meanwhile, and the same one reads: nobody waits for the stopped one."""
    with bench.trial() as trial:
        stopped = _pay(trial, fault)
        if early := stopped.ended_or_stopped():
            return Outcome(early.met, [*_wrong_payments(trial, early)])
        before = trial.picture()
        reading = trial.run("carts", "--all", lock_wait=0)
        findings = [*trial.broken_promises(reading)]
        if reading.status or trial.picture() != before:
            findings.append(f"reading: {reading}")
        with _logged_in(trial, "bob"):
            args = ("checkout", bench.scene.bobs, "--card", "-")
            bob = trial.run(*args, card=GOOD, lock_wait=_SOON)
        if bob.status:
            findings.append(f"Bob: {bob}")
        stopped.go_on()
        first = stopped.ended()
        findings += _wrong_payments(trial, first, may_change=("bob",))
        return Outcome(first.met, findings)


def _pay(trial: Trial, fault: Fault | None, lock_wait: float = 10) -> Running:
    args = ("checkout", trial.bench.scene.cart, "--card", "-")
    return trial.start(*args, card=GOOD, fault=fault, lock_wait=lock_wait)


def _wrong_payments(trial: Trial, *runs: Ended, may_change: Sequence[str] = ()) -> Iterator[str]:
    """Whether each of these checkouts gives the one true receipt."""
    yield from trial.broken_promises(*runs, may_change=may_change)
    for run in runs:
        if run.status:
            yield f"the checkout ends with {run.status}: {run.stderr}"
        else:
            yield from untrue_receipt(run.json, trial.books())


def _contents(more: int) -> dict[str, int]:
    """What is in the cart after so much more tea."""
    return CONTENTS | {TEA: CONTENTS[TEA] + more}


@contextmanager
def _logged_in(trial: Trial, user: str) -> Iterator[None]:
    """Another saved login for the block."""
    path = trial.reader.saved_login
    saved = path.read_bytes()
    path.write_bytes(trial.bench.scene.logins[user])
    yield
    path.write_bytes(saved)
