"""The installed command, in an interpreter of its own: what the warm processes show is real."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.promises.faults import strace
from tests.promises.faults.attacks.checkout import checkout
from tests.promises.faults.conftest import Report
from tests.promises.faults.injector import KINDS, Fault
from tests.promises.faults.processes import Zygote
from tests.promises.faults.scene import GOOD, Bench, Scene
from tests.promises.faults.sweeps import Figures, sweep

_EFFECTS = ("signal=KILL", "signal=INT", "error=EIO", "error=ENOSPC")


def test_the_console_script(
    zygote: Zygote, scene: Scene, tmp_path: Path, report: Report, exhaustive: bool
) -> None:
    console = Bench(zygote, tmp_path, scene, "console")
    figures = Figures()
    for number, kind in enumerate(KINDS):
        points = (1, 1) if exhaustive else (6 + 2 * number, 19)
        figures += sweep(console, checkout(GOOD), [kind], points=points)
    report(figures)
    assert figures.findings == []
    assert figures.faults >= 2 * len(KINDS)


@pytest.mark.skipif(not strace.works(), reason="strace is not installed, or may not trace")
def test_every_system_call(
    zygote: Zygote, scene: Scene, tmp_path: Path, report: Report, exhaustive: bool
) -> None:
    bench = Bench(zygote, tmp_path, scene, "strace")
    _points(bench)  # a first run leaves compiled modules, and later ones open fewer files
    points = _points(bench)
    figures = Figures(len(points))
    missed = []
    for number, (name, at) in enumerate(points):
        for effect in _EFFECTS if exhaustive else _EFFECTS[number % 12 : number % 12 + 1]:
            where = f"{name} {at} {effect}"
            outcome = checkout(GOOD)(bench, Fault(f"{name}:{effect}", at))
            if outcome.met:
                figures.faults += 1
                figures.findings += (f"{where}: {text}" for text in outcome.findings)
            else:
                missed.append(where)  # the fault met a file that is not the store's
    report(figures)
    assert figures.findings == []
    assert len(points) >= 40
    assert len(missed) < figures.faults / 10, missed


def _points(bench: Bench) -> list[tuple[str, int]]:
    """The system calls of a checkout on the store."""
    with bench.trial() as trial:
        args = ("checkout", bench.scene.cart, "--card", "-")
        running = trial.start(*args, card=GOOD, fault=Fault("watch", 0))
        assert running.ended().status == 0
        return strace.points(running.notes(), str(trial.attacked))
