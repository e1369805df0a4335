"""What an upgrade makes of records, when it has something to do, and that it goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cartcli import Identity
from cartcli.errors import RestoreData
from cartcli.files import durable, layout
from cartcli.upgrade import Upgraded, upgrade
from tests.helpers import CARD, shop_in, write_catalog
from tests.promises.faults.pictures import Picture
from tests.unit.upgrade.new_store import answers_in, carts_in, new_answer, new_cart, new_quote
from tests.unit.upgrade.old_store import (
    LINES,
    OldStore,
    Record,
    file_name,
    sealed_json,
    sealed_pickle,
)

NOTHING = Upgraded(converted=False)


def quote_of(cart: Record) -> Record:
    """What was charged for the cart."""
    return new_quote(cart["attempt"]["lines"], cart["attempt"]["amount"])


@pytest.mark.parametrize("owner", ["alice", "a/b", "ünï ☃", ".", "..", "%41", "a" * 80, "x.pickle"])
def test_owners_of_all_names(owner: str, old: OldStore) -> None:
    carts = [old.open(owner), old.pending(owner), old.bought(owner)]
    assert upgrade(str(old.write()), 1.0) == Upgraded(True, carts=3, payments=2)
    assert carts_in(old.folder) == {cart["id"]: new_cart(cart, owner) for cart in carts}


def test_all_states_and_currencies(old: OldStore) -> None:
    yen = [["SAKE", "sake", "1250", 3]]
    pending = old.pending(lines=yen, currency="JPY")
    pending["attempt"]["amount"] = old.answers[0]["amount"] = "3750"
    carts = [pending, old.open(lines=[]), old.open(currency="USD"), old.pending(charged=False)]
    upgrade(str(old.write()), 1.0)
    assert carts_in(old.folder) == {cart["id"]: new_cart(cart, "alice") for cart in carts}


def test_answers_are_in_the_order_in_which_they_were_given(old: OldStore) -> None:
    cart = old.open()
    answers = [old.answer(cart, "declined"), old.answer(cart, "cancelled")]
    same_time = old.answer(cart, "declined", created=answers[0]["created"])
    first = sorted([answers[0], same_time], key=lambda answer: str(answer["key"]))
    upgrade(str(old.write()), 1.0)
    expected = [new_answer(answer) for answer in (*first, answers[1])]
    assert answers_in(old.folder) == {cart["id"]: expected}


def test_a_decline_of_which_the_cart_does_not_know_yet(old: OldStore) -> None:
    cart = old.pending(charged=False)
    answer = old.answer(cart, "declined")
    upgrade(str(old.write()), 1.0)
    assert carts_in(old.folder) == {cart["id"]: new_cart(cart, "alice")}
    assert answers_in(old.folder) == {cart["id"]: [new_answer(answer)]}
    items = [(str(sku), str(name), str(price), "") for sku, name, price, _ in LINES]
    catalog = write_catalog(old.folder.with_name("items.csv"), items)
    shop = shop_in(old.folder, currency="EUR", catalog=str(catalog))
    receipt = shop.checkout_cart(Identity("alice"), cart["id"], CARD)
    assert receipt.key != answer["key"]
    assert shop.audit().disagreements == []


def test_an_older_copy_of_the_open_carts_beside_a_purchased_one(old: OldStore) -> None:
    """It counts for nothing: what was bought stays bought."""
    cart = old.bought()
    stale = {**cart, "state": "open", "attempt": None, "receipt": None}
    path = old.write() / "carts/alice/open.pickle"
    path.write_bytes(sealed_pickle({"format": 1, "user": "alice", "carts": [stale]}))
    upgrade(str(old.folder), 1.0)
    (found,) = shop_in(old.folder, currency="EUR").get_carts(Identity("alice"), which="all")
    assert (found.id, found.state) == (cart["id"], "purchased")
    assert shop_in(old.folder, currency="EUR").audit().disagreements == []


def test_answers_about_carts_that_are_not_there(old: OldStore) -> None:
    """Nothing was charged, so nothing is wrong with them, and they are kept."""
    cart = old.open()
    answer = old.answer(cart, "declined")
    old.carts["alice"].remove(cart)
    upgrade(str(old.write()), 1.0)
    assert answers_in(old.folder) == {cart["id"]: [new_answer(answer)]}


def test_a_restored_copy_that_waits_under_a_later_key(old: OldStore) -> None:
    """0.1.0 would have made the cart purchased by its earlier capture; so will this version, for
    which the capture needs the quote."""
    cart = old.pending()
    cart["attempt"] = old.attempt(cart)
    upgrade(str(old.write()), 1.0)
    assert carts_in(old.folder) == {cart["id"]: new_cart(cart, "alice")}
    captured = new_answer(old.answers[0], quote_of(cart))
    assert captured["key"] != cart["attempt"]["key"]
    assert answers_in(old.folder) == {cart["id"]: [captured]}


def test_a_restored_copy_that_was_settled_by_an_earlier_capture(old: OldStore) -> None:
    cart = old.bought()
    cart["attempt"] = {**old.attempt(cart), "last4": "1111"}
    upgrade(str(old.write()), 1.0)
    paid = {name: cart["receipt"][name] for name in ("key", "last4")}
    as_paid = {**cart, "attempt": {**cart["attempt"], **paid}}
    assert carts_in(old.folder) == {cart["id"]: new_cart(as_paid, "alice")}


def test_a_store_without_payments(old: OldStore) -> None:
    cart = old.open()
    assert not (old.write() / "orders").exists()
    assert upgrade(str(old.folder), 1.0) == Upgraded(True, carts=1, payments=0)
    assert carts_in(old.folder) == {cart["id"]: new_cart(cart, "alice")}
    assert (old.folder / "orders").read_bytes() == b""


def test_an_owner_who_has_nothing_but_locks(old: OldStore) -> None:
    """As a first change that failed leaves one. 0.1.0 could make the file at any time."""
    old.open()
    folder = old.write() / "carts/bob"
    folder.mkdir()
    upgrade(str(old.folder), 1.0)
    assert b"format" in (folder / "open.pickle").read_bytes()
    assert upgrade(str(old.folder), 1.0) == NOTHING


@pytest.mark.parametrize("content", [None, "", "catalog.csv", "users/"])
def test_new_stores_stay_as_they_are(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "store").mkdir(mode=0o700)
    if content:
        path = tmp_path / "store" / content
        path.mkdir() if content.endswith("/") else path.write_bytes(b"")
    before = Picture.of(tmp_path)
    assert upgrade(str(tmp_path / "store"), 1.0) == NOTHING
    assert Picture.of(tmp_path) == before


def test_a_current_store_stays_as_it_is(old: OldStore) -> None:
    old.bought()
    upgrade(str(old.write()), 1.0)
    (old.folder / "carts/bob").mkdir(mode=0o700)  # where nobody has put anything yet
    before = Picture.of(old.folder)
    assert upgrade(str(old.folder), 1.0) == NOTHING
    assert Picture.of(old.folder) == before


@pytest.mark.parametrize("owner", ["alice", "bob"], ids=["known", "new"])
@pytest.mark.parametrize("state", ["open", "pending", "bought"])
def test_files_of_0_1_0_in_a_current_store(owner: str, state: str, old: OldStore) -> None:
    """As a process of 0.1.0 leaves them that has begun before the upgrade, or an old copy does."""
    old.open("alice")
    upgrade(str(old.write()), 1.0)
    late = OldStore(old.folder, seed=2)
    makes: dict[str, Callable[[str], Record]] = {
        "open": late.open,
        "pending": late.pending,
        "bought": late.bought,
    }
    cart = makes[state](owner)
    late.write_owner(owner)
    for answer in late.answers:
        late.answer_file(answer).parent.mkdir(parents=True, exist_ok=True)
        late.answer_file(answer).write_bytes(sealed_json(answer))
    assert layout.age(str(old.folder)) == "current"
    assert upgrade(str(old.folder), 1.0).converted
    assert carts_in(old.folder)[cart["id"]] == new_cart(cart, owner)
    charged = {cart["id"]: [new_answer(late.answers[0], quote_of(cart))]} if late.answers else {}
    assert answers_in(old.folder) == charged
    assert upgrade(str(old.folder), 1.0) == NOTHING


def test_a_purchased_cart_of_an_old_copy_in_a_current_store(old: OldStore) -> None:
    cart = old.bought()
    path = old.write() / f"carts/alice/purchased/{cart['id']}.pickle"
    copy = path.read_bytes()
    upgrade(str(old.folder), 1.0)
    path.write_bytes(copy)
    assert upgrade(str(old.folder), 1.0) == Upgraded(True, carts=1, payments=1)
    assert carts_in(old.folder) == {cart["id"]: new_cart(cart, "alice")}


def test_what_a_killed_upgrade_wrote_is_made_durable_before_old_files_go(
    old: OldStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been killed before the names of its files were durable."""
    cart = old.bought()
    answers = Picture.of(old.write() / "payments")
    upgrade(str(old.folder), 1.0)
    for name in answers.files:  # which is how it looks when all but the last step is done
        (old.folder / "payments" / name).write_bytes(answers.files[name])
    done: list[str] = []

    def noted(call: Callable[[str], None]) -> Callable[[str], None]:
        def noting(path: str) -> None:
            done.append(path)
            call(path)

        return noting

    monkeypatch.setattr(durable, "sync_folder", noted(durable.sync_folder))
    monkeypatch.setattr(os, "unlink", noted(os.unlink))
    upgrade(str(old.folder), 1.0)
    removed = done.index(str(old.answer_file(old.answers[0])))
    alice = str(old.owner_folder("alice"))
    durable_by_then = {alice, f"{alice}/purchased", f"{old.folder}/payments/{cart['id'][:2]}"}
    assert durable_by_then <= {*done[:removed]}


def test_an_old_answer_that_tells_another_story(old: OldStore) -> None:
    cart = old.open()
    answer = old.answer(cart, "declined")
    upgrade(str(old.write()), 1.0)
    old.answer_file(answer).write_bytes(sealed_json({**answer, "reason": "another"}))
    with pytest.raises(RestoreData, match="tells another story"):
        upgrade(str(old.folder), 1.0)
    assert answers_in(old.folder) == {cart["id"]: [new_answer(answer)]}
    assert old.answer_file(answer).exists()


def test_how_far_it_is_can_be_told(old: OldStore) -> None:
    for owner in ("alice", "bob", "carol"):
        old.bought(owner)
    told: list[tuple[str, int, int]] = []
    upgrade(str(old.write()), 1.0, lambda *far: told.append(far))
    assert [far for far in told if far[0] == "Converting carts"] == [
        ("Converting carts", number, 3) for number in (1, 2, 3)
    ]
    assert ("Converting payments", 3, 3) in told
    assert ("Removing the old files", 3, 3) in told


def test_large_carts(old: OldStore) -> None:
    lines = [[f"SKU-{number}", "a name of some length" * 10, "0.01", 1] for number in range(1_000)]
    carts = [old.bought(lines=lines), old.pending(lines=lines)]
    assert upgrade(str(old.write()), 1.0) == Upgraded(True, carts=2, payments=2)
    assert carts_in(old.folder) == {cart["id"]: new_cart(cart, "alice") for cart in carts}


def test_whose_name_is_refused_by_now_is_told_and_loses_nothing(old: OldStore) -> None:
    names = ["al\N{HANGUL CHOSEONG FILLER}ice", "guest:1", "\N{CYRILLIC SMALL LETTER A}lice"]
    for owner in (*names, "alice"):
        old.bought(owner)
    users = old.folder / "users"
    users.mkdir(parents=True)
    without_carts = f"oidc:{'0' * 32}"
    (users / f"{file_name(without_carts)}.json").write_bytes(b"{}")
    refused = tuple(sorted([*names, without_carts]))
    assert upgrade(str(old.write()), 1.0) == Upgraded(True, 4, 4, refused)
    assert upgrade(str(old.folder), 1.0) == Upgraded(converted=False, refused=refused)
    shop = shop_in(old.folder)
    assert {*shop.merchant.report("customers")["user"]} == {*names, "alice"}


def test_owners_that_are_no_names_are_not_refused(store: Path) -> None:
    shop = shop_in(store)
    for owner in (Identity.guest(), Identity("x", issuer="https://id.example", subject="1")):
        shop.update_cart(owner, None, {})
    assert upgrade(str(store), 1.0) == NOTHING
