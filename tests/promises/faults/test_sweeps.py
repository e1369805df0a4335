"""Every command that writes, with every fault at every point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from _pytest.mark import ParameterSet

from tests.promises.faults.attacks import carts, checkout, people, restored
from tests.promises.faults.conftest import Report, Wrecks
from tests.promises.faults.injector import KINDS
from tests.promises.faults.scene import DECLINED, GOOD, LOST, WAITING, Bench
from tests.promises.faults.sweeps import SOME, Attack, Figures, sweep

_CHANGE = {"open", "write", "fsync", "rename", "flock"}
_WHOLE = _CHANGE | {"link", "unlink", "mkdir"}


def _each(values: Iterable[str], ordinary: Sequence[str]) -> list[ParameterSet]:
    """All `values`; those that are not `ordinary` for an exhaustive session only."""
    return [
        pytest.param(value, marks=[] if value in ordinary else pytest.mark.exhaustive)
        for value in sorted(values)
    ]


@pytest.mark.parametrize("kind", _each(KINDS, [kind for kind in KINDS if kind != "killed"]))
def test_a_good_card(kind: str, bench: Bench, report: Report) -> None:
    _sound(sweep(bench, checkout.checkout(GOOD), [kind]), report, 40, _WHOLE)


@pytest.mark.parametrize(
    "card", [DECLINED, LOST, WAITING], ids=["declined", "lost answer", "waiting"]
)
def test_other_cards(card: str, bench: Bench, report: Report, exhaustive: bool) -> None:
    figures = sweep(bench, checkout.checkout(card), KINDS if exhaustive else SOME)
    _sound(figures, report, 35 if card != LOST else 30, _CHANGE | {"mkdir"})


@pytest.mark.parametrize("attack", [carts.add, carts.add_new, carts.remove, carts.remove_line])
def test_open_carts(attack: Attack, bench: Bench, report: Report) -> None:
    _sound(sweep(bench, attack), report, 10, _CHANGE)


@pytest.mark.parametrize("charged", [True, False], ids=["charged", "not charged"])
def test_adding_to_a_pending_cart(
    charged: bool, bench: Bench, wrecks: Wrecks, report: Report, exhaustive: bool
) -> None:
    wreck = checkout.pending(bench, wrecks(GOOD), charged=charged)
    figures = sweep(bench, carts.add_to(wreck), KINDS if exhaustive else SOME)
    _sound(figures, report, 15, _CHANGE - {"rename"} | {"link"} if charged else _CHANGE)


def test_an_old_copy_of_a_cart_that_was_charged(
    bench: Bench, wrecks: Wrecks, report: Report, exhaustive: bool
) -> None:
    wreck = checkout.pending(bench, wrecks(GOOD), charged=True)
    figures = sweep(bench, restored.checkout_of(wreck), KINDS if exhaustive else SOME)
    _sound(figures, report, 30, _CHANGE | {"link"})


@pytest.mark.parametrize("attack", [people.register_first, people.register_another])
def test_registering(attack: Attack, bench: Bench, report: Report, exhaustive: bool) -> None:
    _sound(sweep(bench, attack, KINDS if exhaustive else SOME), report, 35, _WHOLE)


def test_forgetting(bench: Bench, report: Report, exhaustive: bool) -> None:
    figures = sweep(bench, people.forget, KINDS if exhaustive else SOME)
    _sound(figures, report, 50, _CHANGE | {"unlink"})


@pytest.mark.parametrize("kind", _each({*KINDS, *SOME}, SOME))
def test_the_demo(kind: str, bench: Bench, report: Report) -> None:
    _sound(sweep(bench, people.demo, [kind]), report, 100, _WHOLE)


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("card", _each([GOOD, LOST, DECLINED, WAITING], [GOOD, LOST]))
def test_killed_and_killed_again(
    card: str, part: int, bench: Bench, wrecks: Wrecks, report: Report, exhaustive: bool
) -> None:
    assert len(wrecks(card)) >= 30
    pairs = Figures()
    for number, wreck in [*enumerate(wrecks(card))][part::4]:
        points = (1, 1) if exhaustive else (1 + number % 20, 20)
        pairs += sweep(bench, checkout.recovery_of(wreck, card), ["kill"], points=points)
    pairs.points = len(wrecks(card)[part::4])
    _sound(pairs, report, 7, {"open", "fsync"})


def _sound(figures: Figures, report: Report, points: int, calls: set[str]) -> None:
    """Nothing was found, and the sweep went as far and as deep as it must."""
    report(figures)
    assert figures.findings == []
    assert figures.points >= points
    assert {*figures.calls} >= calls
