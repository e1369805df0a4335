"""A customer is forgotten while the shop is copied, and that is stopped at any point."""

from __future__ import annotations

import itertools
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from cartcli import Controller
from cartcli.bootstrap.upkeep import restore_store
from cartcli.errors import ChooseExisting
from cartcli.settings import Settings
from tests.helpers import ALICE, shop_in
from tests.killing import DONE, KILLED, killed_at
from tests.promises.backups.books import captures, wrong
from tests.promises.backups.moments import Moments, between_looks, half_known
from tests.promises.backups.shops import OFFICE, Act, again
from tests.promises.faults.conftest import Report
from tests.promises.faults.pictures import Picture

pytestmark = pytest.mark.filterwarnings("ignore:.*fork")  # the runner of the tests may have threads


@pytest.mark.parametrize("goes_on", [0, 2, 7], ids=["stopped", "soon goes on", "goes on later"])
def test_the_copy_has_all_of_who_is_forgotten_or_nothing(
    picture: Picture, store: Path, tmp_path: Path, goes_on: int, exhaustive: bool, report: Report
) -> None:
    """However far the forgetting came until the copy was whole. What is restored is like any."""
    found: set[int] = set()
    for killed in itertools.count():
        step = 1 if exhaustive else 7
        for at in itertools.count(killed % step, step):
            ended = _backed_up(picture, store, tmp_path, at, killed, goes_on)
            if ended is None:
                break
            found.add(ended)
        if DONE in found:
            break
    report(f"killed at {killed} calls")
    assert (found, killed > 15) == ({DONE, KILLED}, True)


def _backed_up(
    picture: Picture, store: Path, tmp_path: Path, at: int, killed: int, goes_on: int
) -> int | None:
    """How the forgetting ended that began at this moment, and goes on after so many others, if any;
    None when there are fewer."""
    picture.put(store)
    before = captures(store)
    ended: list[int] = []

    def forget(shop: Controller) -> None:
        ended.append(killed_at(killed, partial(shop.merchant.forget, ALICE.name)))

    folder, restored = tmp_path / "backup", tmp_path / "restored"
    planned: dict[int, Act] = {at: forget}
    if goes_on:
        planned[at + goes_on] = OFFICE["forget"]
    with between_looks(Moments(store, planned)):
        made = shop_in(store).merchant.backup(folder)
    if ended:
        where = f"killed at {killed}, begun at {at}"
        assert (where, made.not_copied, made.audit.disagreements) == (where, (), [])
        assert (where, [*half_known(picture, store, folder)]) == (where, [])
        restore_store(Settings(str(restored)), folder)
        shop = shop_in(restored)
        again(shop)
        found = wrong(captures(store), before, captures(folder), captures(restored))
        assert (where, [*found]) == (where, [])
        with suppress(ChooseExisting):
            shop.merchant.forget(ALICE.name)
        assert (where, shop.merchant.audit().disagreements) == (where, [])
        said = (path for path in restored.rglob("*") if path.is_file())
        assert not [path for path in said if b"alice" in path.read_bytes()]
        assert not [*restored.rglob("alice*")]
        shutil.rmtree(restored)
    shutil.rmtree(folder)
    return ended[0] if ended else None
