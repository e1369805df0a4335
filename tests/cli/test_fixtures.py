"""`cart fixtures`: a shop filled from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cartcli import Identity
from tests.helpers import (
    CARD,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    PASSWORD,
    WAITING_CARD,
    run_cart,
    shop_in,
)

LESSON = f"""
[[items]]
sku = "MUG"
name = "Stoneware mug"
price = "8.90"

[[items]]
sku = "POT"
name = "Pot"
price = 12
description = "for tea"

[[users]]
name = "Alice"
password = "{PASSWORD}"
roles = ["merchant", "customer"]

[[users]]
name = "bob"
password = "{PASSWORD}"

[[carts]]
user = "alice"
items = {{ MUG = 2, POT = 1 }}
name = "tea time"
card = "{CARD}"

[[carts]]
user = "alice"
items = {{ MUG = 1 }}

[[carts]]
user = "alice"
items = {{ MUG = 1 }}

[[carts]]
user = "bob"
items = {{ POT = 3 }}
card = "{DECLINED_CARD}"

[[carts]]
user = "bob"
items = {{ POT = 1 }}
card = "{LOST_ANSWER_CARD}"

[[carts]]
user = "carol"
items = {{ POT = 2 }}
card = "{WAITING_CARD}"
"""
STATES = ["purchased", "open", "open", "open", "pending", "pending"]


@pytest.fixture
def lesson(tmp_path: Path) -> str:
    path = tmp_path / "lesson.toml"
    path.write_text(LESSON)
    return str(path)


def content(store: Path) -> dict[str, bytes]:
    """Every file of the store that says something."""
    found = {str(path): path.read_bytes() for path in store.rglob("*") if path.is_file()}
    return {path: data for path, data in found.items() if "guesses" not in path and data}


def test_a_shop_is_filled_once(store: Path, lesson: str) -> None:
    ran = run_cart("fixtures", lesson, "-o", "json", store=store)
    assert ran.returncode == 0, ran
    assert ran.notes == "New are: 2 items, 2 users, 6 carts.\n"
    counts = {name: value for name, value in ran.json.items() if name != "carts"}
    assert counts == {"new_items": 2, "new_users": 2, "new_carts": 6}
    carts = ran.json["carts"]
    assert [cart["state"] for cart in carts] == STATES
    assert [cart["user"] for cart in carts] == ["alice"] * 3 + ["bob"] * 2 + ["carol"]
    assert (carts[0]["name"], carts[0]["total"]) == ("tea time", "29.80")
    shop = shop_in(store)
    assert shop.login("alice", PASSWORD).identity.roles == {"customer", "merchant"}
    assert [item.sku for item in shop.get_catalog()] == ["MUG", "POT"]
    assert shop.audit().disagreements == []
    before = content(store)
    again = run_cart("fixtures", lesson, "-o", "json", store=store)
    assert again.json["carts"] == carts
    assert again.notes == "New are: 0 items, 0 users, 0 carts.\n"
    assert content(store) == before | {
        path: data for path, data in content(store).items() if "sessions" in path
    }


def test_what_is_there_stays_as_it_is(store: Path, lesson: str) -> None:
    assert run_cart("fixtures", lesson, store=store).returncode == 0
    shop = shop_in(store)
    shop.merchant.set_password("bob", "another password")
    alice = Identity("alice")
    first = shop.get_carts(alice)[0]
    shop.update_cart(alice, first.id, {"POT": 9})
    assert run_cart("fixtures", lesson, store=store).returncode == 0
    assert shop_in(store).get_carts(alice, [first.id])[0].contents == {"POT": 9}
    assert shop_in(store).login("bob", "another password")


def test_what_it_would_do(store: Path, lesson: str) -> None:
    ran = run_cart("fixtures", lesson, "--dry-run", store=store)
    assert (ran.returncode, ran.stdout) == (0, "")
    told = "New would be: 2 items, 2 users, 6 carts; nothing was written.\n"
    assert ran.stderr == told
    assert not store.exists()
    run_cart("fixtures", lesson, store=store)
    ran = run_cart("fixtures", lesson, "-n", "-o", "json", store=store)
    assert ran.json == {"new_items": 0, "new_users": 0, "new_carts": 0, "carts": []}


def test_a_file_in_json_about_the_sample(store: Path) -> None:
    document = {"carts": [{"user": "alice", "items": {"MUG-350-WHT": 2}, "card": CARD}]}
    ran = run_cart("fixtures", "-", store=store, input=json.dumps(document))
    assert (ran.returncode, ran.stderr) == (0, "New are: 0 items, 0 users, 1 cart.\n")
    assert "purchased" in ran.stdout


def one(kind: str, **entry: Any) -> dict[str, Any]:
    whole: dict[str, dict[str, Any]] = {
        "items": {"sku": "MUG", "name": "Mug", "price": "1"},
        "users": {"name": "alice", "password": PASSWORD},
        "carts": {"user": "alice", "items": {"MUG-350-WHT": 1}},
    }
    filled = {name: value for name, value in (whole[kind] | entry).items() if value is not None}
    return {kind: [filled]}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("[[carts]", "it is neither TOML nor JSON"),
        ("{", "it is neither TOML nor JSON"),
        ("basket = 1", "'basket' is none of items, users, carts"),
        ("carts = 1", "carts are a list of tables"),
        ("carts = [1]", "carts 1: it is no table"),
        (one("users", password=None), "users 1: it has no password"),
        (one("users", password="short"), "users 1: a password has 8 characters or more"),
        (one("users", name="a\tb"), "users 1: the user name"),
        (one("users", roles=["king"]), "users 1: there is no role 'king'"),
        (one("users", colour="red"), "users 1: 'colour' is none of name, password, roles"),
        (one("items", price=8.9), "items 1: a price is written as text"),
        (one("items", price="8,90"), "items 1: price of MUG"),
        (one("items", sku=5), "items 1: its sku is no text"),
        (one("carts", items={}), "carts 1: items are a table"),
        (one("carts", items={"MUG-350-WHT": 0}), "carts 1: "),
        (one("carts", items={"MUG-350-WHT": "2"}), "carts 1: "),
        (one("carts", items={"NOTHING": 1}), "carts 1: 'NOTHING' is not on sale"),
        (one("carts", card="4242424242424241"), "carts 1: the card number's check digit is wrong"),
        (one("carts", name="new"), "carts 1: 'new' is no name for a cart"),
        (one("carts", user=""), "carts 1: the user name is empty"),
        (one("items") | one("carts"), "carts 1: 'MUG-350-WHT' is not on sale"),
        ({"users": one("users")["users"] * 2}, "users: alice is there twice"),
        ({"carts": one("carts", name="home")["carts"] * 2}, "carts: alice: home is there twice"),
    ],
)
def test_nothing_is_written_when_anything_is_wrong(store: Path, document: Any, told: str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    for more in ([], ["--dry-run"]):
        ran = run_cart("fixtures", "-", *more, store=store, input=text)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert told in ran.stderr
        assert "Nothing was written." in ran.stderr
        assert "4242424242424241" not in ran.stderr
    assert not store.exists()


def test_a_name_that_another_cart_has(store: Path) -> None:
    document = json.dumps(one("carts", name="home"))
    assert run_cart("fixtures", "-", store=store, input=document).returncode == 0
    assert run_cart("fixtures", "-", store=store, input=document).returncode == 0
    other = json.dumps(one("carts", name="Home", items={"MUG-350-WHT": 3}))
    ran = run_cart("fixtures", "-", store=store, input=other)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "carts 1: another cart is called 'Home'" in ran.stderr


@pytest.mark.parametrize("file", ["none.toml", "."])
def test_a_file_that_cannot_be_read(store: Path, tmp_path: Path, file: str) -> None:
    ran = run_cart("fixtures", file, store=store, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"Error: {file} cannot be read: ")
