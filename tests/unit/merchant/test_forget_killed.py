"""Forgetting a customer, stopped anywhere: nothing that was bought is lost, nobody sees it who
registers by the name meanwhile, and the same call again completes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cartcli import Controller, Identity
from cartcli.cart_db.keeper import Left
from cartcli.cart_db.pickle.keeper import PickleCartKeeper
from cartcli.errors import ChooseExisting, LogIn
from cartcli.idp.session_files import SessionFiles
from cartcli.model.people import Session, is_forgotten
from tests.helpers import ALICE, BOB, CARD, LOST_ANSWER_CARD, PASSWORD, PLATES, TEA, shop_in
from tests.killing import DONE, KILLED, killed_at

# From Python 3.12 on: the runner of the tests may have threads.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork"),
    pytest.mark.usefixtures("quick_passwords"),
]


@pytest.fixture
def prepared(shop: Controller, store: Path) -> Path:
    """A store where Alice has bought two carts, one of which nobody knows yet, has an open one and
    a guess at her password, and Bob has bought one."""
    shop.login("alice", PASSWORD, register=True)
    with suppress(LogIn):
        shop.login("alice", "wrong password")
    for who, card in ((ALICE, CARD), (BOB, CARD), (ALICE, LOST_ANSWER_CARD)):
        with suppress(Exception):
            shop.checkout_cart(who, shop.update_cart(who, None, {PLATES: 1}).id, card)
    shop.update_cart(ALICE, None, {TEA: 1})
    return store


def copies(prepared: Path) -> Iterator[Path]:
    """Copies of the store, as many as are asked for, each gone when the next one is made."""
    for number in range(1_000):
        copy = Path(shutil.copytree(prepared, prepared.with_name(f"copy{number}")))
        yield copy
        shutil.rmtree(copy)


def bought_in(store: Path) -> dict[str, str]:
    """Whose the purchased carts are."""
    carts = shop_in(store).merchant.carts_frame("purchased", columns=["user"])
    return dict(zip(carts.index, carts["user"], strict=True))


def said(store: Path) -> bytes:
    return b"".join(
        path.name.encode() + (path.read_bytes() if path.is_file() else b"")
        for path in store.rglob("*")
    )


def check_newcomer(store: Path) -> None:
    """Whoever registers by the name now is refused, or somebody new; on a copy."""
    copy = Path(shutil.copytree(store, store.with_name("newcomer")))
    shop = shop_in(copy)
    with suppress(LogIn):
        new = shop.login("alice", "another password", register=True)
        assert shop.get_carts(new.identity, which="all") == []
    shutil.rmtree(copy)


def test_killed_anywhere(prepared: Path) -> None:
    shop_in(prepared).merchant.settle()
    bought = bought_in(prepared)
    count = 0
    for copy in copies(prepared):
        forget = shop_in(copy).merchant.forget
        status = killed_at(count, lambda forget=forget: forget("alice"))  # type: ignore[misc]
        assert status in (DONE, KILLED)
        check_newcomer(copy)
        assert bought_in(copy).keys() == bought.keys()
        assert shop_in(copy).audit().disagreements == []
        with suppress(ChooseExisting):
            shop_in(copy).merchant.forget("alice")
        after = bought_in(copy)
        theirs = {after[cart] for cart, owner in bought.items() if owner == "alice"}
        assert (len(theirs), all(map(is_forgotten, theirs))) == (1, True)
        assert set(after.values()) - theirs == {"bob"}
        assert b"alice" not in said(copy)
        shop_in(copy).merchant.prune()
        assert len(list((copy / "carts").iterdir())) == 2
        if status == DONE:
            break
        count += 1
    assert count > 15


def test_killed_while_it_settles(prepared: Path) -> None:
    """Until what waits is settled, all is as it was."""
    for number, copy in zip(range(3), copies(prepared), strict=False):
        forget = shop_in(copy).merchant.forget
        assert killed_at(number, lambda forget=forget: forget("alice")) == KILLED  # type: ignore[misc]
        assert shop_in(copy).login("alice", PASSWORD).identity == ALICE
        assert shop_in(copy).merchant.forget("alice").purchased == 2
        assert shop_in(copy).audit().disagreements == []


@pytest.mark.parametrize("name", ["forget", "set_password", "give_roles"])
def test_a_login_that_overlaps_a_change_of_the_user_starts_no_session(
    shop: Controller, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    shop.login("alice", PASSWORD, register=True)
    start, started = SessionFiles.start, []

    def overtaken(sessions: SessionFiles, identity: Identity) -> Session:
        """The password was right, and then somebody was faster."""
        merchant = shop.merchant
        if name == "forget":
            merchant.forget("alice")
        elif name == "set_password":
            merchant.set_password("alice", "another password")
        else:
            merchant.give_roles("alice", ["merchant"])
        started.append(start(sessions, identity))
        return started[-1]

    monkeypatch.setattr(SessionFiles, "start", overtaken)
    with pytest.raises(Exception, match="changed in this moment") as raised:
        shop.login("alice", PASSWORD)
    assert raised.type.__name__ == "RetryLater"
    with pytest.raises(LogIn):
        shop.identify(started[0].token)


def test_what_came_late_goes_with_the_next_call(shop: Controller) -> None:
    """A program that has authenticated its users itself still has one of that name."""
    shop.update_cart(ALICE, None, {PLATES: 1})
    assert shop.merchant.forget("alice").carts == 1
    shop.update_cart(ALICE, None, {PLATES: 1})
    assert shop.merchant.forget("alice").carts == 1
    with pytest.raises(ChooseExisting):
        shop.merchant.forget("alice")


def test_what_comes_while_the_rest_goes_is_found(
    shop: Controller, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that knew who asks before they were logged out."""
    shop.update_cart(ALICE, None, {PLATES: 1})
    forget = PickleCartKeeper.forget
    late = [TEA]

    def overtaken(keeper: PickleCartKeeper, owner: str) -> Left:
        left = forget(keeper, owner)
        if late:
            shop.update_cart(ALICE, None, {late.pop(): 1})
        return left

    monkeypatch.setattr(PickleCartKeeper, "forget", overtaken)
    assert shop.merchant.forget("alice").carts == 2
    assert b"alice" not in said(store)
