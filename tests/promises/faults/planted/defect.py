"""What a planted defect is, and how it is hunted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from tests.promises.faults.attacks import checkout, flushes, rivals
from tests.promises.faults.planted.planting import Edit
from tests.promises.faults.scene import GOOD, Bench
from tests.promises.faults.sweeps import Attack, sweep

Hunt = Callable[[Bench, int], list[str]]


class Defect(NamedTuple):
    """A defect, as one or several `edits`. `hunt` finds it: it is given a bench, and the step from
    one point to the next, and returns findings, one of which says `finding`."""

    name: str
    hunt: Hunt
    finding: str
    edits: tuple[Edit, ...]


def by(attack: Attack, *kinds: str, start: int = 1) -> Hunt:
    """Hunt by a sweep of the `attack` with faults of these `kinds`, up to its first findings;
    `start` is the point to begin at."""

    def hunt(bench: Bench, step: int) -> list[str]:
        return sweep(bench, attack, kinds, points=(start, step), first=True).findings

    return hunt


def _flushes(bench: Bench, _: int) -> list[str]:
    return flushes.flushes(bench).findings


def _cut_off(bench: Bench, step: int) -> list[str]:
    return flushes.cut_off(bench, step).findings


# The hunts that several defects share; each is made once.
KILLED: Final = by(checkout.checkout(GOOD), "kill", start=14)  # at first it is not marked yet
STOPPED: Final = by(rivals.second_checkout, "stop")
FLUSHES: Final[Hunt] = _flushes
CUT_OFF: Final[Hunt] = _cut_off
