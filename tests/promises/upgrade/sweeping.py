"""A process that upgrades a store with a fault at one call after the other. It forks, and so must
have no threads.

    python -m tests.promises.upgrade.sweeping STORE FOLDER KINDS FIRST STEP

tries the faults of these kinds at every STEP-th call from the FIRST on, on copies of the STORE in
the FOLDER, and prints as JSON how many calls there were, and what it found.
"""

from __future__ import annotations

import gc
import itertools
import json
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from cartcli.upgrade import steps, upgrade
from tests.promises.faults.injector import KILLED, Fault, install
from tests.promises.faults.pictures import Picture
from tests.promises.upgrade.attempts import (
    REFUSED,
    attempt,
    content,
    wrong_between,
    wrong_in_the_end,
)

_MOST_FINDINGS: Final = 10


class Swept(NamedTuple):
    """How many faults an upgrade met, the calls that met them, and each promise that it broke."""

    faults: int
    calls: dict[str, int]
    findings: list[str]


class Sweep:
    """Attacks copies of a `store`, in the `folder`."""

    def __init__(self, store: Path, folder: Path) -> None:
        self._picture = Picture.of(store)
        self._store = folder / "store"
        self._notes = folder / "notes"
        self._picture.put(self._store)
        self._before = content(self._store)
        upgrade(str(self._store), 1.0)
        self._after = content(self._store)

    def run(self, kinds: list[str], first: int, step: int) -> Swept:
        """A fault of each kind at every `step`-th call, until an upgrade ends before it meets one,
        or a few promises are found broken."""
        calls: Counter[str] = Counter()
        findings: list[str] = []
        for kind in kinds:
            for at in itertools.count(first, step):
                met = self._attack(Fault(kind, at), findings)
                if not met or len(findings) >= _MOST_FINDINGS:
                    break
                calls[met] += 1
        return Swept(calls.total(), dict(calls), findings)

    def _attack(self, fault: Fault, findings: list[str]) -> str:
        """The name of the call that met the fault."""
        self._picture.put(self._store)
        self._notes.unlink(missing_ok=True)
        arm = partial(install, fault, str(self._store), str(self._notes))
        status = attempt(self._store, arm)
        if not self._notes.exists():
            return ""
        met = self._notes.read_text().splitlines()[0]
        found = [*wrong_between(self._store, self._before, self._after)]
        if status not in ((KILLED,) if fault.ends_the_process else (0, REFUSED)):
            found.append(f"the upgrade ended with the status {status}")
        found += wrong_in_the_end(self._store, self._after)
        findings += (f"{fault.kind} at call {fault.at}, {met}: {text}" for text in found)
        return met.partition("\t")[0]


def main() -> None:
    """Do what the arguments say."""
    store, folder, kinds, first, step = sys.argv[1:]
    assert steps, "imported before anything is forked"
    gc.freeze()  # so that a child does not copy what it never uses
    swept = Sweep(Path(store), Path(folder)).run(kinds.split(","), int(first), int(step))
    print(json.dumps(swept._asdict()))


if __name__ == "__main__":
    main()
