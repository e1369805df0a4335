"""A process is stopped at every point, and others come."""

from __future__ import annotations

import pytest

from tests.promises.faults.attacks import processor, rivals
from tests.promises.faults.conftest import Report
from tests.promises.faults.scene import Bench
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
