"""--dry-run: what would be done is told, and nothing is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from cartcli.cli import COMMANDS
from tests.cli.conftest import NewCart, Run, pay, states_in
from tests.helpers import ALICE, LOST_ANSWER_CARD, PLATES, TEA, run_cart, shop_in

# What it is called with, and what is told. CART is a cart with one of each of two items.
CALLS: Final = {
    "add": (["CART", TEA, "2"], "nothing was changed"),
    "remove": (["CART", TEA], "nothing was changed"),
    "set": (["CART", TEA, "5"], "nothing was changed"),
    "empty": (["CART"], "nothing was changed"),
    "copy": (["CART"], "nothing was changed"),
    "delete": (["CART"], "nothing was changed"),
    "checkout": (["CART"], "64.16 USD would be charged; nothing was."),
    "import": (["FILE"], "Would import 1 item (own); nothing was written."),
    "item set": ([TEA, "--price", "3"], "nothing was changed"),
    "item remove": ([TEA], "would be sold no longer; nothing was changed"),
    "settle": (["--all"], "1 cart would be settled; nothing was done."),
    "forget": (["alice"], "alice would be forgotten: 2 open carts and 1 session removed"),
    "prune": ([], "would be removed; nothing was"),
    "restore": (["BACKUP", "--replace"], "nothing was changed"),
    "fixtures": (["FIXTURES"], "New would be: 0 items, 0 users, 1 cart; nothing was written."),
}
# What charges nothing and takes nothing away: it adds, and can be done again or the other way.
WITHOUT: Final = {
    *("login", "logout", "whoami", "sessions", "passwd", "role", "catalog", "carts", "rename"),
    *("orders", "receipt", "report", "audit", "backup", "config", "store", "demo", "schema"),
    *("completion", "help"),
}


def test_every_command_is_thought_of() -> None:
    assert {name.partition(" ")[0] for name in CALLS} | WITHOUT == {*COMMANDS}


@pytest.mark.parametrize("command", CALLS)
@pytest.mark.parametrize("option", ["-n", "--dry-run"])
def test_nothing_is_done(
    cart: Run, full: str, new_cart: NewCart, shared: Path, tmp_path: Path, command: str, option: str
) -> None:
    pay(cart, new_cart({PLATES: 1}), LOST_ANSWER_CARD)
    files = {
        "FILE": "sku,name,price,description\nMUG,Mug,8.9,\n",
        "FIXTURES": json.dumps({"carts": [{"user": "bob", "items": {TEA: 1}}]}),
    }
    stands_for = {"CART": full, "BACKUP": str(tmp_path / "backup")}
    shop_in(shared).merchant.backup(stands_for["BACKUP"])
    for name, text in files.items():
        stands_for[name] = str(tmp_path / name)
        (tmp_path / name).write_text(text)
    args, told = CALLS[command]
    words = [stands_for.get(word, word) for word in args]
    before = content(tmp_path)
    ran = cart(*command.split(), *words, option)
    assert ran.returncode == 0, ran
    assert told in ran.stdout + ran.stderr
    assert content(tmp_path) == before
    assert sorted(states_in(shared)) == ["open", "pending"]


def content(folder: Path) -> dict[str, bytes]:
    """What is in every file but the locks."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): data for path in files if (data := path.read_bytes())}


@pytest.mark.parametrize("command", ["add", "remove", "set", "empty", "copy"])
def test_a_change_is_shown_as_it_will_be(cart: Run, full: str, command: str) -> None:
    args = [full if word == "CART" else word for word in CALLS[command][0]]
    tried = cart(command, *args, "-n", "-o", "json").json
    made = cart(command, *args, "-o", "json").json
    if command == "copy":
        assert tried["id"] == "00000000-0000-0000-0000-000000000000"
        assert cart("carts", tried["id"]).returncode == 3
    for field in ("lines", "total", "state", "version"):
        assert tried[field] == made[field]


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["add", "CART", "NOTHING"], 3),
        (["add", "new", "NOTHING"], 3),
        (["remove", "CART", TEA, "9"], 6),
        (["set", "3f2a", TEA, "9"], 3),
        (["checkout", "CART", "--expect-total", "1"], 6),
        (["item", "set", "NOTHING", "--price", "1"], 3),
        (["forget", "nobody"], 3),
        (["settle", "3f2a"], 3),
        (["restore", "/nowhere", "--replace"], 2),
        (["restore", "BACKUP"], 2),
    ],
)
def test_what_would_fail_fails(
    cart: Run, full: str, shared: Path, tmp_path: Path, args: list[str], status: int
) -> None:
    stands_for = {"CART": full, "BACKUP": str(tmp_path / "backup")}
    if "BACKUP" in args:
        shop_in(shared).merchant.backup(stands_for["BACKUP"])
    words = [stands_for.get(word, word) for word in args]
    consent = ["--yes"] if "forget" in words else []
    tried, made = cart(*words, "--dry-run"), cart(*words, *consent)
    assert (tried.returncode, tried.stdout) == (status, "")
    assert (made.returncode, made.stderr) == (status, tried.stderr)


def test_a_purchased_cart_would_not_be_changed(cart: Run, full: str) -> None:
    assert pay(cart, full, "4242424242424242").returncode == 0
    for command in ("add", "set", "remove", "empty"):
        more = [] if command == "empty" else [TEA, "1"]
        assert cart(command, full, *more, "-n").returncode == 6


def test_what_is_forgotten_is_what_was_told(cart: Run, full: str, shared: Path) -> None:
    bought = shop_in(shared).update_cart(ALICE, None, {TEA: 1}).id
    assert pay(cart, bought, "4242424242424242").returncode == 0
    told = cart("forget", "alice", "-n", "-o", "json").json
    done = cart("forget", "alice", "--yes", "-o", "json").json
    assert {**told, "owner": None} == {**done, "owner": None}
    assert told["purchased"] == 1


def test_a_backup_is_checked(shared: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shop_in(shared).merchant.backup(backup)
    store = tmp_path / "other"
    told = run_cart("restore", str(backup), "-n", "-o", "json", store=store)
    assert (told.returncode, store.exists()) == (0, False)
    assert told.json["disagreements"] == []
    next(backup.glob("users/*.json")).unlink()
    assert run_cart("restore", str(backup), "-n", store=store).returncode == 9
