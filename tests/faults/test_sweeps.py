"""Every command that writes, with every fault at every point."""

from __future__ import annotations

import pytest

from tests.faults.attacks import carts, checkout, people
from tests.faults.conftest import Report
from tests.faults.injector import KINDS
from tests.faults.pictures import Picture
from tests.faults.scene import DECLINED, GOOD, LOST, Bench
from tests.faults.sweeps import SOME, Attack, Figures, sweep

_CHANGE = {"open", "write", "fsync", "rename", "unlink", "flock"}
_WHOLE = _CHANGE | {"link", "mkdir"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_card(kind: str, bench: Bench, report: Report) -> None:
    _sound(sweep(bench, checkout.checkout(GOOD), [kind]), report, 40, _WHOLE)


@pytest.mark.parametrize("card", [DECLINED, LOST], ids=["declined", "lost answer"])
def test_other_cards(card: str, bench: Bench, report: Report, exhaustive: bool) -> None:
    figures = sweep(bench, checkout.checkout(card), KINDS if exhaustive else SOME)
    _sound(figures, report, 35, _WHOLE)


@pytest.mark.parametrize("attack", [carts.add, carts.add_new, carts.remove, carts.remove_line])
def test_open_carts(attack: Attack, bench: Bench, report: Report) -> None:
    _sound(sweep(bench, attack), report, 10, _CHANGE)


@pytest.mark.parametrize("charged", [True, False], ids=["charged", "not charged"])
def test_adding_to_a_pending_cart(
    charged: bool, bench: Bench, report: Report, exhaustive: bool
) -> None:
    wreck = checkout.pending(bench, charged=charged)
    figures = sweep(bench, carts.add_to(wreck), KINDS if exhaustive else SOME)
    _sound(figures, report, 15, _WHOLE - {"rename", "mkdir"})


@pytest.mark.parametrize("attack", [people.register_first, people.register_another])
def test_registering(attack: Attack, bench: Bench, report: Report, exhaustive: bool) -> None:
    _sound(sweep(bench, attack, KINDS if exhaustive else SOME), report, 35, _WHOLE)


@pytest.mark.parametrize("kind", SOME)
def test_the_demo(kind: str, bench: Bench, report: Report) -> None:
    _sound(sweep(bench, people.demo, [kind]), report, 100, _WHOLE)


@pytest.mark.parametrize("kind", sorted({*KINDS} - {*SOME}))
def test_the_demo_exhaustively(kind: str, bench: Bench, report: Report, exhaustive: bool) -> None:
    if not exhaustive:
        pytest.skip("only with --exhaustive")
    _sound(sweep(bench, people.demo, [kind]), report, 100, _WHOLE)


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("card", [GOOD, LOST, DECLINED], ids=["good", "lost answer", "declined"])
def test_killed_and_killed_again(
    card: str, part: int, bench: Bench, report: Report, exhaustive: bool
) -> None:
    if not exhaustive and (card == DECLINED or part > 1):
        pytest.skip("only with --exhaustive")
    wrecks = [*enumerate(checkout.wrecks(bench, card))]
    assert len(wrecks) >= 35
    figures = Figures()
    for number, wreck in wrecks[part :: 4 if exhaustive else 2]:
        figures += _second_kill(bench, wreck, card, (1, 1) if exhaustive else (1 + number % 12, 12))
    _sound(figures, report, len(wrecks), _WHOLE)


def _second_kill(bench: Bench, wreck: Picture, card: str, points: tuple[int, int]) -> Figures:
    return sweep(bench, checkout.recovery_of(wreck, card), ["kill"], points=points)


def _sound(figures: Figures, report: Report, points: int, calls: set[str]) -> None:
    """Nothing was found, and the sweep went as far and as deep as it must."""
    report(figures)
    assert figures.findings == []
    assert figures.points >= points
    assert {*figures.calls} >= calls
