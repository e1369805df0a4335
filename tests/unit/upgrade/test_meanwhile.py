"""What processes of 0.1.0, or other upgrades, do while a store is upgraded."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cartcli.errors import RetryLater
from cartcli.files.locks import locked
from cartcli.upgrade import Upgraded, upgrade
from tests.helpers import held
from tests.unit.upgrade.new_store import answers_in, carts_in, new_answer, new_cart
from tests.unit.upgrade.old_store import OldStore, Record


def everything(store: Path) -> tuple[dict[str, Record], dict[str, list[Record]]]:
    """All carts, and all answers."""
    return carts_in(store), answers_in(store)


def converted(*stores: OldStore) -> tuple[dict[str, Record], dict[str, list[Record]]]:
    """What these old stores come to together; each answer is a capture of the cart's attempt."""
    carts = {
        cart["id"]: new_cart(cart, owner)
        for store in stores
        for owner, owned in store.carts.items()
        for cart in owned
    }
    answers = {
        answer["order"]: [new_answer(answer, carts[answer["order"]]["attempt"]["quote"])]
        for store in stores
        for answer in store.answers
    }
    return carts, answers


@pytest.mark.parametrize("lock", ["lock", "purchased/pay-0", "purchased/pay-a", "purchased/pay-f"])
def test_whoever_pays_or_changes_a_cart_is_waited_for(lock: str, old: OldStore) -> None:
    old.bought("alice")
    old.bought("bob")
    busy = old.write() / "carts/bob" / lock
    before = (old.folder / "carts/bob/open.pickle").read_bytes()
    with held(busy), pytest.raises(RetryLater, match="the carts of bob busy") as refused:
        upgrade(str(old.folder), 0.01)
    assert refused.value.facts["user"] == "bob"
    assert (old.folder / "carts/bob/open.pickle").read_bytes() == before
    assert (old.folder / "orders").is_dir()
    assert upgrade(str(old.folder), 0.01) == Upgraded(True, carts=2, payments=2)
    assert everything(old.folder) == converted(old)


def test_whoever_answers_about_a_cart_is_waited_for(old: OldStore) -> None:
    cart = old.bought()
    lock = old.write() / "orders" / cart["id"][:2] / "lock"
    with held(lock), pytest.raises(RetryLater, match="the payments of cart"):
        upgrade(str(old.folder), 0.01)
    assert (old.folder / "orders").is_dir()
    assert upgrade(str(old.folder), 0.01) == Upgraded(True, carts=1, payments=1)
    assert everything(old.folder) == converted(old)


def test_a_charge_that_is_on_its_way_is_kept(old: OldStore) -> None:
    """0.1.0 has marked the cart, and pays; when it is done, the answer is there, and the cart is
    purchased."""
    old.open("alice")
    cart = old.pending("bob", charged=False)
    old.write()
    with ThreadPoolExecutor() as pool:
        with locked(str(old.folder / "carts/bob/purchased" / f"pay-{cart['id'][0]}"), 0):
            running = pool.submit(upgrade, str(old.folder), 30)
            while not (old.folder / "upgrade.lock").exists() and not running.done():
                time.sleep(0.001)  # until the audit, which sees the cart as it is now, is over
            old.write_answer(old.answer(cart, "charged"))
        assert running.result() == Upgraded(True, carts=2, payments=1)
    assert everything(old.folder) == converted(old)


@pytest.mark.parametrize(
    "when",
    ["Converting carts", "Converting payments", "Checking what was converted"],
)
def test_owners_that_come_meanwhile(when: str, old: OldStore) -> None:
    for owner in ("alice", "bob"):
        old.bought(owner)
    late = OldStore(old.folder, seed=2)
    late.bought("carol")
    late.pending("carol")
    late.open("dave")
    found = upgrade(str(old.write()), 1.0, once(when, late.write))
    assert found == Upgraded(True, carts=5, payments=4)
    assert everything(old.folder) == converted(old, late)
    assert upgrade(str(old.folder), 1.0) == Upgraded(converted=False)


def test_owners_that_come_in_the_last_instant(old: OldStore) -> None:
    """They wait for the next upgrade, and until then nobody can read their carts."""
    old.bought()
    late = OldStore(old.folder, seed=2)
    late.pending("carol", charged=False)
    upgrade(str(old.write()), 1.0, once("Removing the old files", late.write))
    assert upgrade(str(old.folder), 1.0) == Upgraded(True, carts=2, payments=1)
    assert everything(old.folder) == converted(old, late)


def test_answers_that_come_meanwhile(old: OldStore) -> None:
    """They are about carts whose owner was converted: no checkout of 0.1.0 can give them, but none
    of them is lost either."""
    cart = old.open()
    first = old.answer(cart, "declined")
    old.write()
    second = old.answer(cart, "declined")
    upgrade(
        str(old.folder),
        1.0,
        once("Checking what was converted", lambda: old.write_answer(second)),
    )
    assert answers_in(old.folder) == {cart["id"]: [new_answer(first), new_answer(second)]}
    assert not old.answer_file(second).exists()


@pytest.mark.parametrize("times", [1, 3])
def test_a_process_of_0_1_0_makes_the_folder_anew(
    times: int, old: OldStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the two steps by which the folder becomes a file, someone new pays."""
    old.bought()
    late = [OldStore(old.folder, seed=2 + number) for number in range(times)]
    for number, store in enumerate(late):
        store.bought(f"carol {number}")
    waiting = iter(late)
    rename = os.rename

    def renamed(source: str, target: str) -> None:
        rename(source, target)
        if source == str(old.folder / "orders") and (store := next(waiting, None)):
            store.write()

    monkeypatch.setattr(os, "rename", renamed)
    found = upgrade(str(old.write()), 1.0)
    assert next(waiting, None) is None
    assert found == Upgraded(True, carts=1 + times, payments=1 + times)
    assert everything(old.folder) == converted(old, *late)
    assert (old.folder / "orders").is_file()
    assert not [*old.folder.glob("orders.*")]


def test_two_upgrades_at_once(old: OldStore) -> None:
    old.bought()
    with held(old.write() / "upgrade.lock"), pytest.raises(RetryLater) as refused:
        upgrade(str(old.folder), 1.0)
    assert "somebody else is upgrading" in refused.value.message
    assert (old.folder / "orders").is_dir()


def once(when: str, do: Callable[[], object]) -> Callable[[str, int, int], None]:
    """Is told how far an upgrade has come, and does it when that comes for the first time."""
    left = [do]

    def told(what: str, done: int, of: int) -> None:
        if what == when and left:
            left.pop()()

    return told
