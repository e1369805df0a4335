"""The harness is itself tested: it must find every fault that is planted in a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.planted import PLANTED, Planted, plant
from tests.faults.processes import Zygote
from tests.faults.scene import Bench, Scene


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_fault_is_found(planted: Planted, scene: Scene, tmp_path: Path) -> None:
    with Zygote(plant(tmp_path / "copy", *planted.edits)) as zygote:
        assert planted.hunt(Bench(zygote, tmp_path, scene), 1)


def test_an_unharmed_copy_is_found_sound(scene: Scene, tmp_path: Path) -> None:
    hunts = {id(planted.hunt): planted.hunt for planted in PLANTED}.values()
    with Zygote(plant(tmp_path / "copy")) as zygote:
        bench = Bench(zygote, tmp_path, scene)
        assert [finding for hunt in hunts for finding in hunt(bench, 6)] == []
