"""Who is forgotten, and what stops that: the merchant's verb on a whole shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartcli import Controller, Identity
from cartcli.errors import CheckOutAgain, ChooseExisting, LogIn
from tests.helpers import ALICE, BOB, CARD, LOST_ANSWER_CARD, PASSWORD, PLATES, TEA
from tests.unit.upgrade.old_store import file_name

pytestmark = pytest.mark.usefixtures("quick_passwords")


def bought(shop: Controller, who: Identity) -> str:
    cart = shop.update_cart(who, None, {PLATES: 2})
    return shop.checkout_cart(who, cart.id, CARD).cart


def test_everything_goes_but_what_was_bought(shop: Controller, store: Path) -> None:
    token = shop.login("alice", PASSWORD, register=True).token
    kept = bought(shop, ALICE)
    shop.update_cart(ALICE, None, {TEA: 1})
    sold = shop.merchant.report("sales")
    with pytest.raises(LogIn):
        shop.login("alice", "wrong password", client="198.51.100.7")

    gone = shop.merchant.forget("Alice")
    assert gone[1:] == (1, 1, 1)
    assert not shop.merchant.knows("alice")
    with pytest.raises(LogIn):
        shop.identify(token)
    assert shop.get_carts(ALICE, which="all") == []
    assert shop.audit().disagreements == []
    assert shop.merchant.report("sales").equals(sold)
    assert [*shop.merchant.report("customers")["user"]] == [gone.owner]
    assert [*shop.carts_frame().index] == [kept]
    traces = [path for path in store.rglob("*") if b"alice" in _said(path)]
    assert traces == []
    with pytest.raises(ChooseExisting):
        shop.merchant.forget("alice")
    shop.login("alice", PASSWORD, register=True)  # is somebody new
    assert shop.get_carts(ALICE, which="all") == []


def _said(path: Path) -> bytes:
    return path.name.encode() + (path.read_bytes() if path.is_file() else b"")


def test_what_waits_is_settled_first(shop: Controller) -> None:
    cart = shop.update_cart(ALICE, None, {PLATES: 1})
    with pytest.raises(CheckOutAgain):
        shop.checkout_cart(ALICE, cart.id, LOST_ANSWER_CARD)
    gone = shop.merchant.forget("alice")
    assert (gone.purchased, gone.carts) == (1, 0)
    assert shop.audit().disagreements == []


def test_what_cannot_be_settled_keeps_a_customer(
    shop: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.login("alice", PASSWORD, register=True)
    cart = shop.update_cart(ALICE, None, {PLATES: 1})
    with pytest.raises(CheckOutAgain):
        shop.checkout_cart(ALICE, cart.id, LOST_ANSWER_CARD)

    def fail(*_: object) -> None:
        raise OSError("nobody answers")

    with monkeypatch.context() as patch:
        patch.setattr("cartcli.payment.local.file_ledger.FileLedger.answers", fail)
        with pytest.raises(CheckOutAgain, match="alice has a payment that is not settled"):
            shop.merchant.forget("alice")
    assert shop.merchant.knows("alice")
    assert [one.state for one in shop.get_carts(ALICE, which="all")] == ["pending"]
    shop.merchant.forget("alice")
    assert shop.audit().disagreements == []


@pytest.mark.parametrize(
    "who",
    [Identity.guest(), Identity("Ann", issuer="https://id.example", subject="1")],
    ids=["a guest", "another provider's"],
)
def test_others_than_users_are_forgotten_by_their_ids(shop: Controller, who: Identity) -> None:
    bought(shop, who)
    keeper = bought(shop, BOB)
    gone = shop.merchant.forget(who.owner)
    assert (gone.purchased, gone.carts) == (1, 0)
    assert {*shop.carts_frame()["user"]} == {gone.owner, "bob"}
    assert shop.get_carts(BOB, [keeper])[0].state == "purchased"


def test_who_has_a_name_that_is_refused_by_now_can_be_forgotten(
    shop: Controller, store: Path
) -> None:
    shop.login("alice", PASSWORD, register=True)
    invisible = "al\N{HANGUL CHOSEONG FILLER}ice"
    users = store / "users"
    (users / "alice.json").rename(users / f"{file_name(invisible)}.json")
    shop.merchant.forget(invisible)
    assert not list(users.glob("*.json"))


@pytest.mark.parametrize("name", ["bob", "guest:x", "", "../x", "x" * 500, "forgotten-x"])
def test_nobody_is_not_forgotten(shop: Controller, name: str) -> None:
    bought(shop, ALICE)
    with pytest.raises(ChooseExisting):
        shop.merchant.forget(name)
    assert [*shop.carts_frame()["user"]] == ["alice"]
