"""A store that 0.1.0 has made, after the upgrade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from cartcli import Controller, Identity, Line
from cartcli.bootstrap.upkeep import sell_in
from cartcli.errors import RepairStore
from cartcli.files import layout
from cartcli.settings import load
from cartcli.upgrade import Upgraded, upgrade
from tests.helpers import CARD, shop_in
from tests.promises.faults.pictures import Picture
from tests.unit.upgrade.new_store import answers_in, carts_in, new_answer, new_cart, new_quote
from tests.unit.upgrade.old_store import Record
from tests.unit.upgrade.real_store import EXPECTED, NAMES, old_answers, old_carts, real_store


@pytest.fixture
def old(store: Path) -> Path:
    """The folder of a copy."""
    return real_store(store)


@pytest.fixture
def upgraded(old: Path) -> Path:
    """The folder of a copy that was upgraded."""
    assert upgrade(str(old), 1.0) == Upgraded(True, carts=14, payments=13)
    return old


@pytest.fixture
def shop(upgraded: Path) -> Controller:
    """The shop as it is after the upgrade."""
    return shop_in(upgraded, currency="EUR")


def stored(lines: Iterable[Line]) -> list[list[object]]:
    """The lines as they are stored."""
    return [[line.sku, line.name, line.price.decimal, line.quantity] for line in lines]


def test_every_cart_is_as_it_was(upgraded: Path) -> None:
    assert len(EXPECTED["carts"]) == 14
    assert carts_in(upgraded) == {cart["id"]: new_cart(cart, owner) for cart, owner in old_carts()}


def test_every_answer_is_as_it_was_and_captures_know_what_was_charged(upgraded: Path) -> None:
    attempts = {
        cart["attempt"]["key"]: cart["attempt"] for cart, _ in old_carts() if cart["attempt"]
    }
    expected: dict[str, list[Record]] = defaultdict(list)
    for answer in old_answers():
        charged = attempts[answer["key"]] if answer["status"] == "charged" else None
        quote = charged and new_quote(charged["lines"], charged["amount"])
        expected[answer["order"]].append(new_answer(answer, quote))
    assert answers_in(upgraded) == expected
    assert len(expected[NAMES["alice bought at last"]]) == 4


def test_audits_find_nothing(shop: Controller) -> None:
    audit = shop.audit()
    assert (audit.carts, audit.payments, audit.disagreements) == (14, 13, [])


def test_receipts_are_as_they_were(shop: Controller) -> None:
    """Checking a purchased cart out again gives its receipt."""
    for cart in EXPECTED["carts"].values():
        if cart["state"] == "purchased":
            receipt = shop.checkout_cart(Identity(cart["user"]), cart["id"], CARD)
            assert (receipt.payment, receipt.key) == (
                cart["receipt"]["payment"],
                cart["receipt"]["key"],
            )
            assert stored(receipt.lines) == cart["lines"]


@pytest.mark.parametrize("name", ["alice charged, answer lost", "ü charged, answer lost"])
def test_what_was_charged_becomes_purchased(name: str, shop: Controller) -> None:
    cart = EXPECTED["carts"][NAMES[name]]
    receipt = shop.checkout_cart(Identity(cart["user"]), cart["id"], CARD)
    assert receipt.key == cart["attempt"]["key"]
    assert receipt.last4 == "0341"
    assert shop.audit().payments == 13
    assert shop.audit().disagreements == []


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("alice declined", 14),
        ("alice cancelled", 14),
        ("alice open", 14),
        ("alice never charged", 15),  # that attempt is cancelled first
    ],
)
def test_what_was_not_charged_can_be_bought(
    name: str, answers: int, upgraded: Path, shop: Controller
) -> None:
    with pytest.raises(RepairStore, match="in EUR and in USD"):  # nobody knows what prices mean
        shop.checkout_cart(Identity("alice"), NAMES[name], CARD)
    sell_in(load({"store": upgraded}), "EUR")
    receipt = shop.checkout_cart(Identity("alice"), NAMES[name], CARD)
    assert stored(receipt.lines) == EXPECTED["carts"][NAMES[name]]["lines"]
    assert shop.audit().payments == answers
    assert shop.audit().disagreements == []


def test_users_sessions_and_the_catalogue_stay(old: Path) -> None:
    before = _untouched(old)
    assert len(before) == 5
    upgrade(str(old), 1.0)
    assert _untouched(old) == before
    session = shop_in(old).login("alice", "correct horse battery")
    assert session.identity == Identity("alice")


def _untouched(store: Path) -> dict[str, bytes]:
    """All files but those of carts and payments."""
    kept = ("users/", "sessions/", "guesses/", "catalog.csv")
    files = Picture.of(store).files
    return {name: data for name, data in files.items() if name.startswith(kept)}


def test_nothing_of_0_1_0_is_left(upgraded: Path) -> None:
    """Whoever has `orders` as a file is refused by 0.1.0, and its folders are gone."""
    assert (upgraded / "orders").read_bytes() == b""
    assert [path.name for path in upgraded.glob("orders*")] == ["orders"]
    answers = [*upgraded.glob("payments/*/*.json")]
    assert len(answers) == 10
    assert all(len(path.stem) == 36 for path in answers)
    assert len([*upgraded.glob("carts/*/open.pickle")]) == 4  # where there was none, as well


@pytest.mark.parametrize("left", ["orders-0.1.0.1", "orders-0.1.0.1/05", "orders-0.1.0.7/05/lock"])
def test_what_an_upgrade_that_was_killed_has_not_removed_is_removed(
    upgraded: Path, left: str
) -> None:
    path = upgraded / left
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name == "lock":
        path.touch()
    else:
        path.mkdir()
    upgrade(str(upgraded), 1.0)
    assert [path.name for path in upgraded.glob("orders*")] == ["orders"]


def test_it_is_outdated_before_and_current_after(old: Path) -> None:
    assert layout.age(str(old)) == "outdated"
    upgrade(str(old), 1.0)
    assert layout.age(str(old)) == "current"
