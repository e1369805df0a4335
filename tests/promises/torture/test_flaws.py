"""The torture is itself tested: it must find every flaw that is planted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.promises.torture.flaws import FLAWS, Flaw
from tests.promises.torture.parties import Remote
from tests.promises.torture.trial import Trial

_CARTS = 40
_TRIALS = 12  # at most: most flaws are found by the first one


def findings(folder: Path, seed: int, weather: dict[str, Any]) -> Iterator[str]:
    """What a trial finds in which nobody keeps anybody else out."""
    folder.mkdir()
    party = Remote(folder / "store", seed=seed, **weather)
    trial = Trial(folder, party, carts=_CARTS, seed=seed, courtesy=False, crowded=True)
    yield from trial.run().findings


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name)
def test_a_planted_flaw_is_found(
    flaw: Flaw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flaw.plant(monkeypatch)
    assert any(
        sign in finding
        for seed in range(_TRIALS)
        for finding in findings(tmp_path / str(seed), seed, flaw.weather)
        for sign in flaw.signs
    )


@pytest.mark.parametrize("weather", [FLAWS[0].weather, FLAWS[1].weather], ids=["doubled", "bad"])
def test_without_a_flaw_nothing_is_found(weather: dict[str, Any], tmp_path: Path) -> None:
    assert [*findings(tmp_path / "sound", 1, weather)] == []
