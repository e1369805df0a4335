"""The fault tests are themselves tested: they must find every defect that is planted in a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.promises.faults.attacks import checkout
from tests.promises.faults.conftest import Wrecks
from tests.promises.faults.pictures import Picture
from tests.promises.faults.planted import DEFECTS
from tests.promises.faults.planted.defect import Defect
from tests.promises.faults.planted.planting import PACKAGE, Edit, plant
from tests.promises.faults.processes import Zygote
from tests.promises.faults.scene import GOOD, Bench, Scene

EVERY_DEFECT = pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)


@pytest.fixture(scope="session")
def pending(
    zygote: Zygote, scene: Scene, wrecks: Wrecks, tmp_path_factory: pytest.TempPathFactory
) -> Picture:
    """A cart that waits for a payment that was never made."""
    bench = Bench(zygote, tmp_path_factory.mktemp("pending"), scene)
    return checkout.pending(bench, wrecks(GOOD), charged=False)


@EVERY_DEFECT
def test_a_planted_defect_is_found(
    defect: Defect, scene: Scene, pending: Picture, tmp_path: Path
) -> None:
    with Zygote(plant(tmp_path / "copy", *defect.edits)) as zygote:
        bench = Bench(zygote, tmp_path, scene)
        for undisturbed in (None, pending):  # the defect is one that is not seen at first
            with bench.trial(undisturbed) as trial:
                assert checkout.pay(trial, GOOD).status == 0
        findings = defect.hunt(bench, 1)
        assert any(defect.finding in finding for finding in findings), findings


def test_an_unharmed_copy_is_found_sound(scene: Scene, tmp_path: Path) -> None:
    hunts = {id(defect.hunt): defect.hunt for defect in DEFECTS}.values()
    with Zygote(plant(tmp_path / "copy")) as zygote:
        bench = Bench(zygote, tmp_path, scene)
        assert [finding for hunt in hunts for finding in hunt(bench, 6)] == []


@EVERY_DEFECT
def test_what_a_defect_replaces_is_there(defect: Defect) -> None:
    for edit in defect.edits:
        source = (PACKAGE / edit.module).read_text("utf-8")
        planted = edit.of(source)
        assert planted != source
        compile(planted, edit.module, "exec")


@pytest.mark.parametrize("name", ["there_is_none", "Edit.there_is_none", "of", "Edit"])
def test_what_is_not_there_cannot_be_replaced(name: str) -> None:
    source = "def of(): pass\n\n\nclass Edit:\n    def of(self):\n        pass\n"
    with pytest.raises(LookupError, match=f"a_module.py has . functions {name} with a body"):
        Edit("a_module.py", name, "pass").of(source)
