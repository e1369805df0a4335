"""Carts that are checked out by rivals who die anywhere, on a processor of which everything can be
expected: each is charged once at most, and purchased if and only if it was charged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.promises.torture.bell import hung_up
from tests.promises.torture.conftest import Report
from tests.promises.torture.parties import Embedded, Remote
from tests.promises.torture.trial import Trial

_RATE = 0.2
_CARTS = 64
_REFERENCE = 33, 100  # trials, and carts in each, with --exhaustive
COURTESY = pytest.mark.parametrize("courtesy", [True, False], ids=["courteous", "discourteous"])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One trial, or with --exhaustive those of the reference figures."""
    exhaustive = metafunc.config.getoption("--exhaustive")
    trials, carts = _REFERENCE if exhaustive else (1, _CARTS)
    metafunc.parametrize(("seed", "carts"), [(seed, carts) for seed in range(trials)])


@COURTESY
def test_on_a_remote_processor(
    tmp_path: Path, seed: int, carts: int, courtesy: bool, report: Report
) -> None:
    with hung_up() as bell:
        party = Remote(tmp_path / "store", rate=_RATE, seed=seed, bell=bell.url)
        trial = Trial(tmp_path, party, carts=carts, seed=seed, courtesy=courtesy)
        bell.rung = trial.ring
        figures = trial.run()
    report(figures)
    assert figures.findings == []
    for what in ("deaths", "faults", "bell", "FinishPayment", "CheckOutAgain", "purchased"):
        assert figures.ended[what], f"no {what} at all"


@COURTESY
def test_on_the_embedded_processor(
    tmp_path: Path, seed: int, carts: int, courtesy: bool, report: Report
) -> None:
    party = Embedded(tmp_path / "store")
    figures = Trial(tmp_path, party, carts=carts, seed=seed, courtesy=courtesy).run()
    report(figures)
    assert figures.findings == []
    for what in ("deaths", "FinishPayment", "CheckOutAgain", "purchased"):
        assert figures.ended[what], f"no {what} at all"
