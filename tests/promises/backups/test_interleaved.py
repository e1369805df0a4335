"""The shop is used between any two calls of what copies it."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cartcli import Controller
from cartcli.bootstrap.upkeep import restore_store
from cartcli.settings import Settings
from tests.helpers import shop_in
from tests.promises.backups.books import captures, wrong
from tests.promises.backups.moments import Moments, between_looks, half_known
from tests.promises.backups.shops import ACTS, OFFICE, again
from tests.promises.backups.tools import SIMULATED
from tests.promises.faults.conftest import Report
from tests.promises.faults.pictures import Picture


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("act", [*ACTS, *OFFICE])
def test_a_backup_holds_one_instant(
    picture: Picture, store: Path, tmp_path: Path, act: str, exhaustive: bool, report: Report
) -> None:
    """Its carts and payments agree, and what was charged before it began is there."""
    every = ACTS | OFFICE
    acts = [every[act]] if not exhaustive else [*every.values()]
    moments = 0
    for first in itertools.count():
        planned = {first: every[act]}
        met = _backed_up(picture, store, tmp_path / "backup", planned)
        if not met:
            break
        moments += 1
        if exhaustive:  # two things happen, at any two moments
            for second in range(first + 1, met):
                for other in acts:
                    _backed_up(picture, store, tmp_path / "backup", {**planned, second: other})
    report(f"{moments} moments")
    assert moments > 20


def _backed_up(
    picture: Picture, store: Path, folder: Path, planned: dict[int, Callable[[Controller], None]]
) -> int:
    """Make a backup while this happens; how many moments there were, 0 when too few."""
    picture.put(store)
    before = captures(store)
    moments = Moments(store, dict(planned))
    with between_looks(moments):
        made = shop_in(store).merchant.backup(folder)
    if not moments.done:
        shutil.rmtree(folder)
        return 0
    where = f"at {[*planned]}"
    assert (where, made.not_copied, made.audit.disagreements) == (where, (), [])
    assert (where, made.files) == (where, sum(map(Path.is_file, folder.rglob("*"))) - 1)
    assert (where, [*half_known(picture, store, folder)]) == (where, [])
    restored = folder.with_name("restored")
    restore_store(Settings(str(restored)), folder)
    again(shop_in(restored))
    found = wrong(captures(store), before, captures(folder), captures(restored))
    assert (where, [*found]) == (where, [])
    assert (where, shop_in(restored).merchant.audit().disagreements) == (where, [])
    shutil.rmtree(restored)
    shutil.rmtree(folder)
    return moments.met


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("tool", SIMULATED)
def test_a_copy_in_the_order_of_names_charges_nobody_twice(
    picture: Picture, store: Path, tmp_path: Path, tool: str, act: str
) -> None:
    copy = tmp_path / "copy"
    for at in itertools.count():
        picture.put(store)
        before = captures(store)
        moments = Moments(store, {at: ACTS[act]})
        SIMULATED[tool](store, copy, moments)
        if not moments.done:
            break
        copied = captures(copy)
        shop = shop_in(copy)
        told = {one.problem.split(" ")[0] for one in shop.merchant.audit().disagreements}
        assert (at, told - {"open,", "charged"}) == (at, set())
        again(shop)
        assert (at, [*wrong(captures(store), before, copied, captures(copy))]) == (at, [])
        shutil.rmtree(copy)
    assert at > 20
