"""A store that is damaged, or whose records disagree, stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli.errors import RepairStore, RestoreData
from cartcli.upgrade import upgrade
from tests.promises.faults.pictures import Picture
from tests.unit.upgrade.old_store import LINES, OldStore, Record, sealed_json, sealed_pickle

Defect = Callable[[OldStore], None]


def _open_but_charged(old: OldStore) -> None:
    old.answer(old.open(), "charged")


def _never_charged(old: OldStore) -> None:
    old.bought()
    old.answers.pop()


def _charged_twice(old: OldStore) -> None:
    old.answer(old.bought(), "charged", key=old.key())


def _charged_more(old: OldStore) -> None:
    old.pending()
    old.answers[-1]["amount"] = "99.00"


def _other_currency(old: OldStore) -> None:
    old.pending()
    old.answers[-1]["currency"] = "USD"


def _no_such_cart(old: OldStore) -> None:
    old.pending()
    old.carts["alice"].pop()


def _other_payment(old: OldStore) -> None:
    old.bought()["receipt"]["payment"] = "pay_0"


def _other_key(old: OldStore) -> None:
    old.bought()["receipt"]["key"] = old.key()


def _other_card(old: OldStore) -> None:
    old.bought()["receipt"]["last4"] = "1111"


def _other_lines(old: OldStore) -> None:
    old.pending()["lines"] = [*LINES[:1]]


def _other_lines_charged(old: OldStore) -> None:
    old.bought()["receipt"]["lines"] = [["CUP", "Cup", "54.84", 1]]  # which come to the same


def _wrong_total(old: OldStore) -> None:
    cart = old.pending()
    cart["attempt"]["amount"] = old.answers[-1]["amount"] = "1.00"


def _two_owners(old: OldStore) -> None:
    old.carts["bob"] = [old.open()]


def _wrong_state(old: OldStore) -> None:
    old.open()["state"] = "pending"


def _twice_the_sku(old: OldStore) -> None:
    old.open(lines=[*LINES, *LINES])


def _cancelled_amount(old: OldStore) -> None:
    old.answer(old.open(), "cancelled")
    old.answers[-1]["currency"] = "EUR"


def _unknown_status(old: OldStore) -> None:
    old.answer(old.open(), "refunded")


def _further_field(old: OldStore) -> None:
    old.answer(old.open(), "declined", colour="red")


def _missing_field(old: OldStore) -> None:
    del old.answer(old.open(), "declined")["reason"]


RECORDS: Final[dict[Defect, str]] = {
    _open_but_charged: "open, but charged 54.84 EUR",
    _never_charged: "purchased, but never charged",
    _charged_twice: "charged 2 times",
    _charged_more: "pending with 54.84 EUR, but charged 99.00 EUR",
    _other_currency: "pending with 54.84 EUR, but charged 54.84 USD",
    _no_such_cart: "charged 54.84 EUR, but there is no such cart",
    _other_payment: "its receipt names the payment pay_0",
    _other_key: "its receipt names the payment",
    _other_card: "its receipt names another card",
    _other_lines: "lists other lines than were frozen",
    _other_lines_charged: "lists other lines than were frozen",
    _wrong_total: "its frozen lines do not add up to 1.00 EUR",
    _two_owners: "two customers have a cart of this id",
    _wrong_state: "a cart cannot be in the state 'pending'",
    _twice_the_sku: "a SKU is there twice",
    _cancelled_amount: "cannot be an amount",
    _unknown_status: "it has not the shape of one",
    _further_field: "colour",
    _missing_field: "reason",
}


@pytest.mark.parametrize("defect", RECORDS, ids=lambda defect: defect.__name__.strip("_"))
def test_records_that_disagree(defect: Defect, old: OldStore) -> None:
    _sound_part(old)
    defect(old)
    assert RECORDS[defect] in _refusal(old.write())


@pytest.mark.parametrize(
    "name",
    [
        "carts/bob/open.pickle",
        "carts/bob/purchased/*.pickle",
        "payments/*/*.json",
        "orders/*/????????-*",
    ],
)
def test_damaged_files(name: str, old: OldStore) -> None:
    _sound_part(old)
    path = next(old.write().glob(name))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert str(path) in _refusal(old.folder)


def test_an_answer_in_the_wrong_folder(old: OldStore) -> None:
    _sound_part(old)
    path = next(old.write().glob("payments/*/*.json"))
    (old.folder / "payments/zz").mkdir(mode=0o700)
    path.rename(old.folder / "payments/zz" / path.name)
    assert "it is in the wrong folder" in _refusal(old.folder)


def test_an_answer_under_another_key(old: OldStore) -> None:
    _sound_part(old)
    answer = old.answer(old.open(), "declined")
    old.write()
    old.answer_file(answer).write_bytes(sealed_json({**answer, "key": old.key()}))
    assert "it is the record of another key" in _refusal(old.folder)


@pytest.mark.parametrize(
    ("pointer", "problem"),
    [
        (None, "its order does not point to any capture"),
        ({"key": "0" * 32}, "its order does not point to any capture"),
        ({"order": "another"}, "it does not point from this order to a payment"),
        ({"key": "none"}, "it does not point from this order to a payment"),
    ],
)
def test_captures_that_their_cart_does_not_point_to(
    pointer: Record | None, problem: str, old: OldStore
) -> None:
    cart = old.bought()
    path = old.write() / "orders" / cart["id"][:2] / cart["id"]
    path.unlink()
    if pointer:
        whole = {"order": cart["id"], "key": cart["receipt"]["key"], **pointer}
        path.write_bytes(sealed_json(whole))
    assert problem in _refusal(old.folder)


def test_a_pointer_to_the_payment_of_another_cart(old: OldStore) -> None:
    cart, other = old.bought(), old.bought()
    path = old.write() / "orders" / cart["id"][:2] / cart["id"]
    path.write_bytes(sealed_json({"order": cart["id"], "key": other["receipt"]["key"]}))
    assert "it points to the payment of another order" in _refusal(old.folder)


@pytest.mark.parametrize(
    "content",
    [
        {"format": 1, "user": "mallory", "carts": []},
        {"format": 1, "carts": []},
        {"format": 1, "user": "alice", "carts": [{"id": "1"}]},
        {"format": 1, "user": "alice", "carts": "none"},
        {"format": 0, "user": "alice", "carts": []},
        {"format": 3, "user": "alice", "carts": []},
        {"user": "alice", "carts": []},
        ["format", 1],
    ],
    ids=str,
)
def test_files_that_hold_something_else(content: object, old: OldStore) -> None:
    old.open()
    path = old.write() / "carts/alice/open.pickle"
    path.write_bytes(sealed_pickle(content))
    assert str(path) in _refusal(old.folder)


def test_all_that_is_wrong_is_told_but_not_without_bound(old: OldStore) -> None:
    carts = [old.bought() for _ in range(30)]
    old.answers.clear()
    with pytest.raises(RestoreData) as refused:
        upgrade(str(old.write()), 1.0)
    told = [cart for cart in carts if cart["id"] in refused.value.message]
    assert len(told) == 20
    assert refused.value.message.endswith("and 10 more")
    found = refused.value.facts["disagreements"]
    assert isinstance(found, list)
    assert {one.cart for one in found} == {cart["id"] for cart in carts}


@pytest.mark.parametrize("folder", [".", "carts", "payments", "orders"])
def test_a_store_to_which_others_may_write(folder: str, old: OldStore) -> None:
    old.bought()
    (old.write() / folder).chmod(0o777)
    with pytest.raises(RepairStore, match="others may write to"):
        upgrade(str(old.folder), 1.0)


def test_a_folder_that_is_no_store(old: OldStore) -> None:
    old.open()
    (old.write() / "orders").symlink_to("elsewhere")
    with pytest.raises(RepairStore, match="is not a regular file"):
        upgrade(str(old.folder), 1.0)


def _sound_part(old: OldStore) -> None:
    """Another owner, with whom everything is right."""
    old.open("bob")
    old.bought("bob")
    old.pending("bob")


def _refusal(store: Path) -> str:
    """What the upgrade refused says, which leaves everything as it is."""
    before = Picture.of(store)
    with pytest.raises(RestoreData) as refused:
        upgrade(str(store), 1.0)
    assert Picture.of(store) == before
    assert refused.value.facts["store"] == str(store)
    return refused.value.message
