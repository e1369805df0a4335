"""That payments of one cart wait for each other is a courtesy: it is taken away, and no promise is
broken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.promises.faults.attacks import carts, checkout, rivals
from tests.promises.faults.conftest import Report, Wrecks
from tests.promises.faults.injector import KINDS, Fault
from tests.promises.faults.judge import untrue_receipt
from tests.promises.faults.planted.in_cart_db import NO_PAY
from tests.promises.faults.planted.planting import plant
from tests.promises.faults.processes import Zygote
from tests.promises.faults.scene import GOOD, LOST, Bench, Scene
from tests.promises.faults.sweeps import SOME, Figures, sweep


@pytest.fixture
def impolite(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A bench of a package in which `paying` keeps nobody out."""
    folder = tmp_path_factory.mktemp("impolite")
    with Zygote(plant(folder / "copy", NO_PAY)) as zygote:
        yield Bench(zygote, folder, scene)


def test_rivals_who_meet_at_any_point(impolite: Bench, report: Report) -> None:
    _sound(sweep(impolite, rivals.without_courtesy, ["stop"]), report, 35)


@pytest.mark.parametrize("card", [GOOD, LOST], ids=["good", "lost answer"])
def test_a_checkout_under_faults(
    card: str, impolite: Bench, report: Report, exhaustive: bool
) -> None:
    kinds, points = (KINDS, (1, 1)) if exhaustive else (SOME, (1, 3))
    _sound(sweep(impolite, checkout.checkout(card), kinds, points=points), report, 25)


def test_a_change_while_it_is_paid(impolite: Bench, report: Report, wrecks: Wrecks) -> None:
    wreck = checkout.pending(impolite, wrecks(GOOD), charged=False)
    _sound(sweep(impolite, carts.add_to(wreck), SOME), report, 15)


def test_eight_who_pay_at_once_are_charged_once(impolite: Bench) -> None:
    for storm in range(5):
        with impolite.trial() as trial:
            args = ("checkout", impolite.scene.cart, "--card", "-")
            stop = Fault("stop", 1 + 5 * storm)
            running = [trial.start(*args, card=GOOD, fault=stop) for _ in range(8)]
            early = [one.ended_or_stopped() for one in running]
            for one, ended in zip(running, early, strict=True):
                if ended is None:
                    one.go_on()
            runs = [ended or one.ended() for one, ended in zip(running, early, strict=True)]
            last = trial.run(*args, card=GOOD)
            assert [*trial.broken_promises(*runs, last)] == []
            assert {run.status for run in runs} <= {0, 5, 6, 7, 8}
            assert last.status == 0
            for run in (last, *(run for run in runs if run.status == 0)):
                assert [*untrue_receipt(run.json, trial.books())] == []
            assert len(trial.books().captures(impolite.scene.cart)) == 1


def _sound(figures: Figures, report: Report, points: int) -> None:
    """Nothing was found, and the sweep went as far as it must."""
    report(figures)
    assert figures.findings == []
    assert figures.points >= points
