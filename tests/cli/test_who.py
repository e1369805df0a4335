"""Who does what a command does: a shell has a login of its own, or has to be somebody's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import NewCart, Run
from tests.helpers import ALICE, PASSWORD, PLATES, TEA, Ran, run_cart, shop_in


def login(store: Path, user: str, *more: str, **how: Any) -> Ran:
    return run_cart("login", user, "--password-stdin", *more, store=store, input=PASSWORD, **how)


@pytest.mark.parametrize("given", ["variable", "option"])
def test_a_shell_has_a_login_of_its_own(shared: Path, tmp_path: Path, given: str) -> None:
    till = str(tmp_path / "till.session")
    args = ("--session", till) if given == "option" else ()
    env = {"CART_SESSION": till} if given == "variable" else {}
    assert login(shared, "bob", *args, env=env).returncode == 0
    assert run_cart("whoami", "-o", "json", *args, store=shared, env=env).json["user"] == "bob"
    assert run_cart("whoami", "-o", "json", store=shared).json["user"] == "alice"
    added = run_cart("add", "new", PLATES, "-o", "json", *args, store=shared, env=env)
    assert added.json["user"] == "bob"
    assert Path(till).stat().st_mode & 0o777 == 0o600
    assert run_cart("logout", *args, store=shared, env=env).returncode == 0
    assert not Path(till).exists()
    assert run_cart("whoami", store=shared).returncode == 0


def test_two_shells_that_log_in_do_not_end_each_other(shared: Path, tmp_path: Path) -> None:
    shells = [str(tmp_path / name) for name in ("one", "two")]
    for shell in shells:
        assert login(shared, "bob", "--session", shell).returncode == 0
    for shell in shells:
        assert run_cart("carts", "--session", shell, store=shared).returncode == 0


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770])
def test_no_login_is_kept_where_others_may_write(shared: Path, tmp_path: Path, mode: int) -> None:
    place = tmp_path / "open"
    place.mkdir()
    till = place / "till"
    assert login(shared, "bob", "--session", str(till)).returncode == 0
    place.chmod(mode)
    for ran, status in (
        (login(shared, "bob", "--session", str(till)), 2),
        (run_cart("whoami", "--session", str(till), store=shared), 9),
    ):
        assert (ran.returncode, ran.stdout) == (status, "")
        assert f"others may write to {place}" in ran.stderr


def test_a_relative_variable_is_refused(shared: Path) -> None:
    ran = run_cart("whoami", store=shared, env={"CART_SESSION": "till"})
    assert ran.returncode == 2
    assert "CART_SESSION" in ran.stderr


COMMANDS = [
    ("add", "new", TEA),
    ("carts",),
    ("checkout", "CART", "--card", "4242424242424242"),
    ("remove", "CART", PLATES),
    ("sessions",),
    ("logout",),
    ("whoami",),
]


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_nothing_is_done_as_somebody_else(
    cart: Run, shared: Path, new_cart: NewCart, args: tuple[str, ...]
) -> None:
    """Another shell has logged bob in."""
    cart_id = new_cart({PLATES: 1})
    before = shop_in(shared).get_carts(ALICE)
    assert login(shared, "bob").returncode == 0
    words = [cart_id if word == "CART" else word for word in args]
    for how in ({"env": {"CART_USER": "alice"}}, {"flag": ("--user", "Alice")}):
        ran = cart(*words, *how.get("flag", ()), env=how.get("env", {}))
        assert (ran.returncode, ran.stdout) == (4, "")
        assert "bob is to do this, and it has to be" in ran.stderr
    assert shop_in(shared).get_carts(ALICE) == before
    assert run_cart("whoami", "-o", "json", store=shared).json["user"] == "bob"
    assert cart(*words, env={"CART_USER": ""}).returncode in (0, 3)  # it is not set


def test_it_is_done_as_who_it_has_to_be(cart: Run) -> None:
    for user in ("alice", "ALICE", "  alice "):
        assert cart("add", "new", PLATES, "--user", user).returncode == 0
        assert cart("carts", env={"CART_USER": user}).returncode == 0


def test_another_one_is_not_even_logged_in(shared: Path) -> None:
    ran = login(shared, "bob", env={"CART_USER": "alice"})
    assert (ran.returncode, ran.stdout) == (4, "")
    assert run_cart("whoami", "-o", "json", store=shared).json["user"] == "alice"


@pytest.mark.parametrize("name", [" ", "a\x01b", "guest:1"])
def test_a_name_that_nobody_has(cart: Run, name: str) -> None:
    ran = cart("carts", "--user", name)
    assert (ran.returncode, ran.stdout) == (2, "")


def test_a_login_and_its_end_for_programs(shared: Path) -> None:
    entered = login(shared, "bob", "-o", "json")
    assert entered.json == run_cart("whoami", "-o", "json", store=shared).json
    assert entered.json["file"] == str(shared / "session.json")
    first = json.loads(entered.stderr.splitlines()[0])
    assert first == {
        "note": f"The login is kept in {shared}/session.json, which only you may read."
    }
    row = run_cart("whoami", "-o", "tsv", store=shared).stdout.splitlines()[1].split("\t")
    assert (row[0], row[3], row[4]) == ("bob", "customer", str(shared / "session.json"))
    left = run_cart("logout", "-o", "json", store=shared)
    assert left.json == {"user": "bob", "name": "bob", "sessions": 1}
    assert login(shared, "bob").stdout == ""


def test_the_heading_of_a_cart_names_its_user(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 1})
    heading = f"Cart {cart_id[:8]}  open  39.47 USD  alice  just now\n"
    assert cart("carts").stdout.startswith(heading)
