"""The harness is itself tested: it must find every fault that is planted in a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.promises.faults.attacks import checkout
from tests.promises.faults.conftest import Wrecks
from tests.promises.faults.pictures import Picture
from tests.promises.faults.planted import PLANTED, Planted, plant
from tests.promises.faults.processes import Zygote
from tests.promises.faults.scene import GOOD, Bench, Scene


@pytest.fixture(scope="session")
def pending(
    zygote: Zygote, scene: Scene, wrecks: Wrecks, tmp_path_factory: pytest.TempPathFactory
) -> Picture:
    """A cart that waits for a payment that was never made."""
    bench = Bench(zygote, tmp_path_factory.mktemp("pending"), scene)
    return checkout.pending(bench, wrecks(GOOD), charged=False)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_fault_is_found(
    planted: Planted, scene: Scene, pending: Picture, tmp_path: Path
) -> None:
    with Zygote(plant(tmp_path / "copy", *planted.edits)) as zygote:
        bench = Bench(zygote, tmp_path, scene)
        for undisturbed in (None, pending):  # the fault is one that is not seen at first
            with bench.trial(undisturbed) as trial:
                assert checkout.pay(trial, GOOD).status == 0
        assert planted.hunt(bench, 1)


def test_an_unharmed_copy_is_found_sound(scene: Scene, tmp_path: Path) -> None:
    hunts = {id(planted.hunt): planted.hunt for planted in PLANTED}.values()
    with Zygote(plant(tmp_path / "copy")) as zygote:
        bench = Bench(zygote, tmp_path, scene)
        assert [finding for hunt in hunts for finding in hunt(bench, 6)] == []
