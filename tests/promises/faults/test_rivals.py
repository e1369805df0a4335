"""A process is stopped at every point, and others come."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.promises.faults.attacks import checkout, processor, restored, rivals
from tests.promises.faults.conftest import Report, Wrecks
from tests.promises.faults.planted.in_cart_db import NO_PAY
from tests.promises.faults.planted.planting import plant
from tests.promises.faults.processes import Zygote
from tests.promises.faults.scene import GOOD, Bench, Scene
from tests.promises.faults.sweeps import Attack, sweep

_OF_A_CHECKOUT = (
    rivals.second_checkout,
    rivals.heir,
    rivals.add_meanwhile,
    rivals.bystanders,
)


@pytest.mark.parametrize("attack", _OF_A_CHECKOUT)
def test_a_stopped_checkout(attack: Attack, bench: Bench, report: Report) -> None:
    _sound(attack, bench, report, 40)


def test_old_copies_of_a_cart_that_was_charged(
    scene: Scene, wrecks: Wrecks, report: Report, tmp_path: Path
) -> None:
    """They are bought by two at once, whom nothing keeps apart."""
    with Zygote(plant(tmp_path / "copy", NO_PAY)) as zygote:
        bench = Bench(zygote, tmp_path, scene)
        wreck = checkout.pending(bench, wrecks(GOOD), charged=True)
        _sound(restored.rivals_of(wreck), bench, report, 20)


def test_a_stopped_add(bench: Bench, report: Report) -> None:
    _sound(rivals.two_adds, bench, report, 10)


@pytest.mark.parametrize("attack", [processor.two_charges, processor.charge_and_cancel])
def test_a_stopped_processor(attack: Attack, bench: Bench, report: Report) -> None:
    _sound(attack, bench, report, 15)


def _sound(attack: Attack, bench: Bench, report: Report, points: int) -> None:
    figures = sweep(bench, attack, ["stop"])
    report(figures)
    assert figures.findings == []
    assert figures.points >= points
