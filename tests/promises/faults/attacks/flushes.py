"""The order of calls by which a change of a store in a folder survives a power cut, which no kill
can show."""

from __future__ import annotations

import itertools
import os
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from tests.promises.faults.attacks.checkout import pay
from tests.promises.faults.injector import Fault
from tests.promises.faults.pictures import Picture
from tests.promises.faults.readers.folder import holds_purchases, without_purchases
from tests.promises.faults.scene import DECLINED, DRONE, GOOD, NOTHING, Bench
from tests.promises.faults.sweeps import Outcome

_WATCH = Fault("watch", 0)
_SESSION = (
    ("login", "carol", "--register"),
    ("add", "new", DRONE, "1"),
    ("checkout", "CART", "--card", "-"),
    ("demo", "--purchase"),
    ("logout",),
)

Trace = Iterable[tuple[str, ...]]


def flushes(bench: Bench) -> Outcome:
    """Every command that writes, from the first one on a store that is not there yet."""
    findings: list[str] = []
    calls: list[str] = []
    for card in (GOOD, DECLINED):
        with bench.trial(NOTHING) as trial:
            for args in _SESSION:
                cart = next(iter(trial.books().of_user("carol")), "")
                words = [word.replace("CART", cart) for word in args]
                run = trial.run(*words, card=card, fault=_WATCH)
                if run.status != (5 if card == DECLINED and "checkout" in args else 0):
                    findings.append(f"{args}: {run}")
                calls += run.met
                findings += (f"{args[0]}: {text}" for text in unsafe(run.trace))
    return Outcome(tuple(calls), findings)


def cut_off(bench: Bench, step: int = 1) -> Outcome:
    """A checkout is killed at every call, or in steps, that of a customer who has bought before,
    and of one who has not. What comes next must not build on a name that a power cut could still
    take away."""
    known = bench.scene.picture
    new = without_purchases(known, "alice")
    findings: list[str] = []
    calls: list[str] = []
    for cut in (cut for customer in (known, new) for cut in _cuts(bench, customer, step)):
        calls.append(cut.call)
        if cut.left:
            where = f"cut off at call {cut.at} ({cut.call}), then"
            findings += (f"{where} {text}" for text in _built_on(bench, cut.picture, cut.left))
    return Outcome(tuple(calls), findings)


class _Cut(NamedTuple):
    """A checkout was cut off at its call number `at`. The folders `left` have new names that are
    not yet on the disk."""

    at: int
    call: str
    left: set[str]
    picture: Picture


def _cuts(bench: Bench, customer: Picture, step: int) -> Iterator[_Cut]:
    """The checkout of the `customer`, cut off at one call after the other. One that is not cut off
    may only have happened to take fewer calls than others; two are the end."""
    whole = 0
    for at in itertools.count(1, step):
        with bench.trial(customer) as trial:
            run = pay(trial, GOOD, Fault("cut", at))
            unsynced = _unsynced(run.trace[:-1])
            left = {os.path.relpath(path, trial.attacked) for path in unsynced}
            picture = trial.picture()
        whole = 0 if run.killed else whole + 1
        if whole == 2:
            return
        if run.killed:
            yield _Cut(at, run.met[-1], left, picture)


def _unsynced(trace: Trace) -> set[str]:
    """The folders with new names that are not yet on the disk."""
    unsynced: set[str] = set()
    for name, path, *more in trace:
        if name == "fsync":
            unsynced.discard(path)
        elif name in ("mkdir", "rename", "link"):
            unsynced.add(os.path.dirname((more or [path])[0]))
    return unsynced


def _built_on(bench: Bench, picture: Picture, left: set[str]) -> Iterator[str]:
    """How commands build on the names in the folders `left`."""
    bought = {folder for folder in left if holds_purchases(folder)}
    with bench.trial(picture) as trial:
        run = trial.run("add", "new", DRONE, "1", fault=_WATCH)
        if run.status:
            yield f"add: {run}"
        for text in unsafe(run.trace, [str(trial.attacked / folder) for folder in bought]):
            yield f"add: {text}"
    with bench.trial(picture) as trial:
        run = pay(trial, GOOD, _WATCH)
        synced = {path for name, path, *_ in run.trace if name == "fsync"}
        # A purchase that is lost is made again, of the payment and the attempt.
        if lost := {str(trial.attacked / folder) for folder in left - bought} - synced:
            yield f"checkout: {lost} are not synced at the end"
        if run.status:
            yield f"checkout: {run}"


def unsafe(trace: Trace, left: Collection[str] = ()) -> Iterator[str]:
    """What a power cut could undo or tear: a file put in place before its content was synced, and
    a name that was not synced before the next file was put in place, or before the end. The names
    in the folders `left` were not when it began."""
    unsynced = {*left}  # files with content, and folders with names, not yet on the disk
    temporary: set[str] = set()
    for name, path, *more in trace:
        if name == "write":
            unsynced.add(path)
            temporary.add(path)
        elif name == "fsync":
            unsynced.discard(path)
        elif name == "mkdir":
            unsynced.add(os.path.dirname(path))
        elif name in ("rename", "replace", "link"):
            if unsynced:
                yield f"{more[0]} is put in place before {unsynced} are synced"
            unsynced = {os.path.dirname(more[0])}
        if name in ("rename", "replace", "unlink"):
            temporary.discard(path)
            unsynced.discard(path)
    if unsynced:
        yield f"{unsynced} are not synced at the end"
    if temporary:
        yield f"{temporary} were written to in place"
