"""An old copy of the carts beside newer payments: a cart that is open there, and charged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.promises.faults.attacks.checkout import pay
from tests.promises.faults.injector import Fault
from tests.promises.faults.judge import disagreements, misbehaviour, untrue_receipt
from tests.promises.faults.pictures import Picture
from tests.promises.faults.processes import Ended
from tests.promises.faults.readers.folder import with_payments_of
from tests.promises.faults.scene import GOOD, Bench, Trial
from tests.promises.faults.sweeps import Attack, Outcome

_SOON: Final = 0.05  # seconds that a rival waits for what a stopped process holds


def checkout_of(wreck: Picture) -> Attack:
    """Check the cart out that is as it was before, with a fault, and then without one; the `wreck`
    tells what was charged since."""

    def attack(bench: Bench, fault: Fault) -> Outcome:
        with bench.trial(with_payments_of(wreck, bench.scene.picture)) as trial:
            before = trial.books()
            run = pay(trial, GOOD, fault, "after")
            findings = [*_wrong_after(trial, run)]
            again = pay(trial, GOOD, None, "after")
            findings += _wrong_after(trial, again)
            books = trial.books()
            findings += disagreements(books)
            if again.status or books.captures(bench.scene.cart) != before.captures(
                bench.scene.cart
            ):
                findings.append(f"once more: {again}, and the answers are {books.answers}")
            return Outcome(run.met, findings)

    return attack


def rivals_of(wreck: Picture) -> Attack:
    """Another checkout of that cart meets the one that is stopped. Whatever either of them is told,
    nothing is charged, and one more run tells what was."""

    def attack(bench: Bench, fault: Fault) -> Outcome:
        with bench.trial(with_payments_of(wreck, bench.scene.picture)) as trial:
            stopped = trial.start("checkout", bench.scene.cart, fault=fault, day="after")
            early = stopped.ended_or_stopped()
            runs = [early] if early else []
            if early is None:
                runs.append(trial.run("checkout", bench.scene.cart, lock_wait=_SOON))
                stopped.go_on()
                runs.append(stopped.ended())
            findings = [f"{run}" for run in runs if run.status not in (0, 7, 8)]
            last = trial.run("checkout", bench.scene.cart)
            for run in (*runs, last):
                findings += _wrong_after(trial, run)
            findings += [*disagreements(trial.books()), *([f"{last}"] if last.status else [])]
            return Outcome(runs[-1].met, findings)

    return attack


def _wrong_after(trial: Trial, run: Ended) -> Iterator[str]:
    """What is wrong with the run, and was charged by it."""
    yield from misbehaviour(run)
    books = trial.books()
    captures = books.captures(trial.bench.scene.cart)
    if len(captures) != 1:
        yield f"the cart is charged {len(captures)} times"
    if run.status == 0:
        yield from untrue_receipt(run.json, books)
