"""The kill map that the page about promises shows is what happens."""

from __future__ import annotations

import itertools

import pytest

from tests.pictures.kills import Map, kept, measured
from tests.promises.faults.injector import KINDS
from tests.promises.faults.scene import Bench


def course(cells: list[tuple[str, str]]) -> list[str]:
    """The states in the order in which they follow each other."""
    return [state for state, _ in itertools.groupby(state for _, state in cells)]


def names(cells: list[tuple[str, str]]) -> set[str]:
    """Which calls there are; how many a new folder takes depends on a random id."""
    return {call for call, _ in cells} - {"mkdir"}


@pytest.mark.parametrize(
    "kind", ["killed", *(pytest.param(kind, marks=pytest.mark.exhaustive) for kind in KINDS)]
)
def test_a_row_is_what_happens(bench: Bench, kind: str) -> None:
    found: Map = measured(bench, (kind,))
    assert course(found[kind]) == course(kept()[kind])
    assert names(found[kind]) == names(kept()[kind])
    assert abs(len(found[kind]) - len(kept()[kind])) <= 4


def test_the_map_has_every_fault_and_every_state() -> None:
    assert [*kept()] == [*KINDS]
    assert course(kept()["killed"]) == ["open", "pending", "charged", "purchased"]
