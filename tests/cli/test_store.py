"""cart store upgrade, and what all other commands say of a store that an older version wrote."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from cartcli.cli.login_file import SavedLogin
from tests.cli.terminal import Terminal
from tests.helpers import ALICE, CARD, PASSWORD, run_cart, shop_in
from tests.unit.upgrade.real_store import EXPECTED, NAMES, real_store

CARTS = len(EXPECTED["carts"])


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of a store that version 0.1.0 has made."""
    return real_store(tmp_path / "old")


def tree(folder: Path) -> dict[Path, bytes | None]:
    """Everything below, with what is in it."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "args",
    [
        ("catalog",),
        ("carts",),
        ("add", "new", "MUG-350-WHT"),
        ("remove", NAMES["alice open"], "MUG-350-WHT"),
        ("checkout", NAMES["alice open"], "--card", "-"),
        ("login", "alice", "--password-stdin"),
        ("logout",),
        ("whoami",),
        ("report",),
        ("audit",),
        ("demo",),
    ],
    ids=lambda args: args[0],
)
def test_all_other_commands_say_so_and_change_nothing(old: Path, args: tuple[str, ...]) -> None:
    before = tree(old)
    ran = run_cart(*args, store=old, input=CARD, env={"COLUMNS": "999"})
    assert (ran.returncode, ran.stdout) == (1, "")
    first, *hint = ran.stderr.splitlines()
    assert first == f"Error: {old} was written by an older version of cartcli"
    assert hint == ["Nothing was changed. Upgrade the store with:", "  cart store upgrade"]
    assert tree(old) == before


def test_nor_is_anything_imported(old: Path, catalog: Path) -> None:
    before = tree(old)
    ran = run_cart("import", str(catalog), "-o", "json", store=old)
    assert (ran.returncode, json.loads(ran.stderr)["error"]) == (1, "failed")
    assert "cart store upgrade" in json.loads(ran.stderr)["hint"]
    assert tree(old) == before


def test_an_upgrade_and_the_shop_goes_on(old: Path) -> None:
    """A payment whose answer had been lost is found out, and not made again."""
    ran = run_cart("store", "upgrade", "-o", "json", store=old)
    assert ran.returncode == 0, ran.stderr
    assert (ran.json["converted"], ran.json["carts"]) == (True, CARTS)
    assert "all of which agree" in ran.stderr
    payments = ran.json["payments"]

    again = run_cart("store", "upgrade", "-o", "json", store=old)
    assert (again.returncode, again.json) == (
        0,
        {"converted": False, "carts": None, "payments": None, "refused": []},
    )
    assert "nothing to upgrade" in again.stderr

    SavedLogin(str(old)).save(shop_in(old)._services.sessions.start(ALICE).token)
    env = {"CART_CURRENCY": "EUR"}
    lost = NAMES["alice charged, answer lost"]
    found = run_cart("checkout", lost, "--card", "-", "-o", "json", store=old, input=CARD, env=env)
    assert found.returncode == 0, found.stderr
    assert "went through; nothing else was charged" in found.stderr
    audited = run_cart("audit", store=old)
    assert audited.stderr.startswith(
        f"{CARTS} carts and {payments} payments compared: all agree.\n"
    )


def test_an_upgrade_for_people(old: Path) -> None:
    ran = run_cart("store", "upgrade", store=old)
    header, _, row = ran.stdout.splitlines()
    assert (header.split(), row.split()[0]) == (["Carts", "Payments"], str(CARTS))
    assert run_cart("store", "upgrade", store=old).stdout == ""


def test_a_terminal_is_shown_how_far_it_is(old: Path) -> None:
    with Terminal("store", "upgrade", store=old) as terminal:
        terminal.wait_for("Converting carts")
        assert terminal.end() == 0
        assert "100%" in terminal.shown


def test_where_there_is_nothing_to_upgrade_nothing_is_made(store: Path, users: Path) -> None:
    new = users.parent / "new"
    before = tree(users)
    for folder in (new, users):
        ran = run_cart("store", "upgrade", store=folder)
        assert (ran.returncode, ran.stdout) == (0, "")
        assert ran.stderr.startswith("There is nothing to upgrade")
    assert not new.exists()
    assert tree(users) == before
    assert run_cart("login", "bob", "--password-stdin", store=users, input=PASSWORD).returncode == 0


def test_what_does_not_agree_is_not_upgraded(old: Path) -> None:
    """With the file, and left for the older version as it was."""
    (bought,) = old.glob(f"carts/alice/purchased/{NAMES['alice bought']}.pickle")
    bought.write_bytes(bought.read_bytes()[:-1])
    before = tree(old)
    ran = run_cart("store", "upgrade", store=old, env={"COLUMNS": "999"})
    assert (ran.returncode, ran.stdout) == (9, "")
    assert str(bought) in ran.stderr
    assert tree(old) == before


def test_whoever_is_busy_is_waited_for_only_so_long(old: Path) -> None:
    with (old / "carts" / "alice" / "lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = run_cart("store", "upgrade", store=old, env={"CART_LOCK_WAIT": "0.1"})
    assert (ran.returncode, ran.stdout) == (7, "")
    assert run_cart("carts", store=old).returncode == 1  # it is not upgraded yet
    assert run_cart("store", "upgrade", store=old).returncode == 0


@pytest.mark.parametrize("url", ["sqlite:shop.db", "https://shop.example"])
def test_what_is_no_folder_is_no_store_to_upgrade(store: Path, url: str) -> None:
    ran = run_cart("--store", url, "store", "upgrade", cwd=store.parent)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "a store that is a folder" in " ".join(ran.stderr.split())


def test_a_store_that_others_may_write_to_is_not_upgraded(old: Path) -> None:
    old.chmod(0o770)
    assert run_cart("store", "upgrade", store=old).returncode == 1
