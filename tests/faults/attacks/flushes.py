"""The order of calls by which a change survives a power cut, which no kill can show."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from tests.faults.injector import Fault
from tests.faults.scene import DECLINED, DRONE, GOOD, NOTHING, Bench
from tests.faults.sweeps import Outcome

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


def unsafe(trace: Trace) -> Iterator[str]:
    """What a power cut could undo or tear: a file put in place before its content was synced, and
    a name that was not synced before the next file was put in place, or before the end."""
    unsynced: set[str] = set()  # files with content, and folders with names, not yet on the disk
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
