"""The same promises with a remote processor: one that prepares, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.promises.faults.attacks import carts, checkout, rivals
from tests.promises.faults.conftest import Report
from tests.promises.faults.injector import KINDS
from tests.promises.faults.planted.in_cart_db import NO_PAY
from tests.promises.faults.planted.planting import plant
from tests.promises.faults.processes import Zygote
from tests.promises.faults.scene import DECLINED, GOOD, LOST, WAITING, Bench, Scene
from tests.promises.faults.sweeps import SOME, Attack, Figures, sweep
from tests.simulated.desk import address


@pytest.fixture(scope="module")
def remote_scene(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The prepared shop, all of whose payments the remote processor took."""
    folder = tmp_path_factory.mktemp("remote scene")
    return Bench(zygote, folder, processor=address()).scene


@pytest.fixture
def remote(zygote: Zygote, remote_scene: Scene, tmp_path: Path) -> Bench:
    """A bench on it."""
    return Bench(zygote, tmp_path, remote_scene, processor=address())


@pytest.fixture
def impolite(remote_scene: Scene, tmp_path: Path) -> Iterator[Bench]:
    """A bench of a package in which `paying` keeps nobody out."""
    with Zygote(plant(tmp_path / "copy", NO_PAY)) as zygote:
        yield Bench(zygote, tmp_path, remote_scene, processor=address())


@pytest.mark.parametrize(
    "card",
    [GOOD, DECLINED, LOST, WAITING],
    ids=["good", "declined", "lost answer", "waiting"],
)
def test_a_checkout(card: str, remote: Bench, report: Report, exhaustive: bool) -> None:
    kinds, points = (KINDS, (1, 1)) if exhaustive else (SOME, (1, 2))
    figures = sweep(remote, checkout.checkout(card), kinds, points=points)
    _sound(figures, report, 35 if card != LOST else 28)


@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("card", [GOOD, LOST], ids=["good", "lost answer"])
def test_killed_and_killed_again(
    card: str, part: int, remote: Bench, report: Report, exhaustive: bool
) -> None:
    pairs = Figures()
    wrecks = checkout.wrecks(remote, card)
    for number, wreck in [*enumerate(wrecks)][part::2]:
        if exhaustive or number % 4 == part:
            points = (1, 1) if exhaustive else (1 + number % 20, 20)
            pairs += sweep(remote, checkout.recovery_of(wreck, card), ["kill"], points=points)
    pairs.points = len(wrecks)
    _sound(pairs, report, 28)


@pytest.mark.parametrize("charged", [True, False], ids=["charged", "not charged"])
def test_adding_to_a_pending_cart(
    charged: bool, remote: Bench, report: Report, exhaustive: bool
) -> None:
    wreck = checkout.pending(remote, checkout.wrecks(remote, GOOD), charged=charged)
    kinds, points = (KINDS, (1, 1)) if exhaustive else (SOME, (1, 2))
    _sound(sweep(remote, carts.add_to(wreck), kinds, points=points), report, 15)


@pytest.mark.parametrize("attack", [rivals.second_checkout, rivals.heir, rivals.add_meanwhile])
def test_a_stopped_checkout(
    attack: Attack, remote: Bench, report: Report, exhaustive: bool
) -> None:
    _sound(sweep(remote, attack, ["stop"], points=(1, 1 if exhaustive else 2)), report, 35)


def test_rivals_whom_nobody_keeps_out(impolite: Bench, report: Report) -> None:
    _sound(sweep(impolite, rivals.without_courtesy, ["stop"]), report, 35)


def _sound(figures: Figures, report: Report, points: int) -> None:
    """Nothing was found, and the sweep went as far as it must."""
    report(figures)
    assert figures.findings == []
    assert figures.points >= points
