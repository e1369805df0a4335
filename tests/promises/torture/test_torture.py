"""Carts that are checked out by rivals who die anywhere, on a processor of which everything can be
expected: each is charged once at most, and purchased if and only if it was charged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.promises.torture.parties import Embedded, Remote
from tests.promises.torture.trial import Trial


@pytest.mark.parametrize("courtesy", [True, False], ids=["courteous", "discourteous"])
def test_remote(tmp_path: Path, courtesy: bool) -> None:
    party = Remote(tmp_path / "store", rate=0.2, seed=1)
    figures = Trial(tmp_path, party, carts=64, seed=1, courtesy=courtesy).run()
    print(figures)
    assert figures.findings == []


@pytest.mark.parametrize("courtesy", [True, False], ids=["courteous", "discourteous"])
def test_embedded(tmp_path: Path, courtesy: bool) -> None:
    figures = Trial(
        tmp_path, Embedded(tmp_path / "store"), carts=64, seed=1, courtesy=courtesy
    ).run()
    print(figures)
    assert figures.findings == []
