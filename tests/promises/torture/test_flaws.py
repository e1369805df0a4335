"""The torture is itself tested: it must find every flaw that is planted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.promises.torture.flaws import BAD, DOUBLED, FLAWS, Flaw
from tests.promises.torture.parties import Embedded, Party, Remote
from tests.promises.torture.trial import Trial

_CARTS = 40
_TRIALS = 80  # at most: most flaws are found by the first one, the rarest by one in eight


def findings(folder: Path, seed: int, weather: dict[str, Any] | None) -> Iterator[str]:
    """What a trial finds in which nobody keeps anybody else out."""
    folder.mkdir()
    store = folder / "store"
    party: Party = Embedded(store) if weather is None else Remote(store, seed=seed, **weather)
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


@pytest.mark.parametrize("weather", [DOUBLED, BAD, None], ids=["doubled", "bad", "embedded"])
def test_without_a_flaw_nothing_is_found(weather: dict[str, Any] | None, tmp_path: Path) -> None:
    assert [*findings(tmp_path / "sound", 1, weather)] == []
