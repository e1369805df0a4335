"""Sweeps: an attack with a fault at every point, until a run meets none."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tests.promises.faults.injector import ERRORS, KINDS, Fault
from tests.promises.faults.scene import Bench

SOME: Final = ("kill", "interrupt", "error")  # "error": another one of ERRORS at every point


class Outcome(NamedTuple):
    """Of an attack: the calls that its fault met, and each promise that it broke."""

    met: tuple[str, ...]
    findings: list[str]


Attack = Callable[[Bench, Fault], Outcome]


@dataclass
class Figures:
    """What a sweep did. `calls` counts, by name, the calls that faults met."""

    points: int = 0
    faults: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def __iadd__(self, other: Figures) -> Figures:
        self.points = max(self.points, other.points)
        self.faults += other.faults
        self.calls += other.calls
        self.findings += other.findings
        return self

    def __str__(self) -> str:
        return f"{self.points} points, {self.faults} faults, {len(self.findings)} findings"


def sweep(
    bench: Bench,
    attack: Attack,
    kinds: Iterable[str] = KINDS,
    *,
    points: tuple[int, int] = (1, 1),
    first: bool = False,
) -> Figures:
    """Attack with every one of `kinds` at all `points`: from one number on, in steps. With
    `first`, up to the first finding."""
    figures = Figures()
    for kind in kinds:
        for fault, outcome in _every_point(bench, attack, kind, points):
            figures.faults += bool(outcome.met)
            figures.points = max(figures.points, fault.at if outcome.met else 0)
            figures.calls.update(outcome.met[:1])
            where = f"{fault.kind} at call {fault.at} ({', '.join(outcome.met[:1]) or 'none'})"
            figures.findings += [f"{where}: {finding}" for finding in outcome.findings]
            if first and figures.findings:
                return figures
    return figures


def _every_point(
    bench: Bench, attack: Attack, kind: str, points: tuple[int, int]
) -> Iterator[tuple[Fault, Outcome]]:
    # A payment whose random key happens to need no new folder takes fewer calls than others: one
    # run that meets no fault is not the end yet.
    patience = left = 2 if points[1] == 1 else 1
    for at in itertools.count(*points):
        fault = Fault(ERRORS[at % len(ERRORS)] if kind == "error" else kind, at)
        outcome = attack(bench, fault)
        yield fault, outcome
        left = patience if outcome.met else left - 1
        if not left:
            return
