"""Backups and restores that are stopped at any point."""

from __future__ import annotations

from tests.promises.faults.attacks import backups
from tests.promises.faults.conftest import Report
from tests.promises.faults.injector import KINDS
from tests.promises.faults.scene import Bench
from tests.promises.faults.sweeps import SOME, Attack, Figures, sweep

_CHANGE = {"write", "fsync", "rename", "mkdir"}


def _swept(bench: Bench, attack: Attack, exhaustive: bool, steps: int) -> Figures:
    """Every fault at every point, or kills at one in `steps` and others at one in more."""
    figures = Figures()
    for kind in KINDS if exhaustive else SOME:
        step = 1 if exhaustive else steps if kind == "kill" else 3 * steps + 1
        figures += sweep(bench, attack, [kind], points=(1 + step // 2, step))
    return figures


def test_a_backup(bench: Bench, report: Report, exhaustive: bool) -> None:
    figures = _swept(bench, backups.backup, exhaustive, 2)
    report(figures)
    assert figures.findings == []
    assert figures.points > 80
    assert {*figures.calls} >= ({"open", "unlink"} | _CHANGE if exhaustive else {"open"})


def test_a_restore_in_place_of_a_store(bench: Bench, report: Report, exhaustive: bool) -> None:
    figures = _swept(bench, backups.restore_in(backups.backed_up(bench)), exhaustive, 8)
    report(figures)
    assert figures.findings == []
    assert figures.points > 190
    assert {*figures.calls} >= ({"open", "flock"} | _CHANGE if exhaustive else {"open", "flock"})
