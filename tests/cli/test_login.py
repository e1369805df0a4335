"""cart login, cart logout, cart whoami."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.terminal import END_OF_INPUT, INTERRUPT, Terminal
from tests.helpers import PASSWORD, Ran, run_cart


def login(store: Path, user: str, password: str, *more: str) -> Ran:
    return run_cart("login", user, "--password-stdin", *more, store=store, input=f"{password}\n")


def test_a_script_registers_logs_in_and_out(store: Path) -> None:
    registered = login(store, "carol", "first secret", "--register")
    assert (registered.returncode, registered.stdout) == (0, "")
    assert "\nLogged in as carol until 2" in registered.stderr

    who = run_cart("whoami", "-o", "json", store=store)
    assert list(who.json) == ["user", "expires", "name", "roles", "file", "stored"]
    assert (who.json["user"], who.json["name"]) == ("carol", "carol")
    assert who.json["roles"] == ["customer"]

    left = run_cart("logout", store=store)
    assert (left.returncode, left.stdout, left.stderr) == (0, "", "Logged out carol.\n")
    assert run_cart("whoami", store=store).returncode == 4
    assert run_cart("logout", store=store).returncode == 4


def test_registering_again_is_a_login(shared: Path) -> None:
    assert login(shared, "Alice", PASSWORD, "--register").returncode == 0
    assert login(shared, "alice", "another one", "--register").returncode == 4


def test_wrong_password_and_unknown_user_are_told_alike(shared: Path) -> None:
    wrong = login(shared, "bob", "not the password")
    unknown = login(shared, "nobody", "not the password")
    assert wrong.returncode == unknown.returncode == 4
    assert wrong.stderr == unknown.stderr
    assert "the user name or the password is wrong" in wrong.stderr


def test_a_failed_login_leaves_the_earlier_one(cart: Run, shared: Path) -> None:
    assert login(shared, "bob", "not the password").returncode == 4
    assert cart("whoami", "-o", "json").json["user"] == "alice"


def test_an_empty_variable_is_no_password(shared: Path) -> None:
    ran = run_cart("login", "alice", store=shared, env={"CART_PASSWORD": ""})
    assert ran.returncode == 2
    assert "there is no password, and nobody to ask for it" in ran.stderr


def test_the_password_may_come_from_the_environment(shared: Path) -> None:
    ran = run_cart("login", "bob", store=shared, env={"CART_PASSWORD": PASSWORD})
    assert ran.returncode == 0
    assert run_cart("whoami", "-o", "json", store=shared).json["user"] == "bob"


@pytest.mark.parametrize(
    ("args", "password", "reason"),
    [
        (("carol",), None, "there is no password, and nobody to ask for it"),
        (("carol", "--password-stdin", "--register"), b"\n", "a password has 8 characters or more"),
        (("carol", "--password-stdin", "--register"), b"7 bytes", "or more, and this one 7"),
        (("carol", "--password-stdin", "--register"), b"x" * 1025, "has at most 1,024 bytes"),
        (
            ("carol", "--password-stdin", "--register"),
            b"\xff\n",
            "standard input: line 1 is not UTF-8 text",
        ),
        (("", "--password-stdin"), b"secret\n", "the user name is empty"),
        (("a\nb", "--password-stdin"), b"secret\n", "invisible or unassigned character"),
        (("x" * 81, "--password-stdin"), b"secret\n", "longer than 80 bytes"),
        (("Guest:1", "--password-stdin"), b"secret\n", "no user name begins with guest:"),
        ((), None, "Missing argument 'USER'"),
    ],
)
def test_unfit_names_and_passwords(
    store: Path, args: tuple[str, ...], password: bytes | None, reason: str
) -> None:
    ran = run_cart("login", *args, store=store, input=password)
    assert ran.returncode == 2
    assert reason in " ".join(ran.stderr.split())
    assert not (store / "users").exists()


def test_a_new_user_types_the_password_twice(store: Path) -> None:
    with Terminal("login", "carol", store=store) as terminal:
        terminal.answer("Password: ", "first secret")
        terminal.wait_for("There is no user 'carol' yet.")
        terminal.answer("Password again, to register: ", "first secret")
        assert terminal.end() == 0
        assert "Logged in as carol" in terminal.shown
        assert "secret" not in terminal.shown
    assert login(store, "carol", "first secret").returncode == 0


def test_two_passwords_that_differ_register_nobody(store: Path) -> None:
    with Terminal("login", "carol", store=store) as terminal:
        terminal.answer("Password: ", "first secret")
        terminal.answer("Password again, to register: ", "first secrte")
        assert terminal.end() == 2
        assert "the two passwords differ" in terminal.shown
    assert not (store / "users").exists()


def test_a_known_user_types_the_password_once(shared: Path) -> None:
    with Terminal("login", "bob", store=shared) as terminal:
        terminal.answer("Password: ", PASSWORD)
        assert terminal.end() == 0
        assert "again" not in terminal.shown


@pytest.mark.parametrize("key", [INTERRUPT, END_OF_INPUT])
def test_a_prompt_can_be_left(shared: Path, key: str) -> None:
    with Terminal("login", "bob", store=shared) as terminal:
        terminal.wait_for("Password: ")
        terminal.press(key)
        assert terminal.end() == 130
        assert "Traceback" not in terminal.shown
        assert "interrupted" in terminal.shown
    assert run_cart("whoami", "-o", "json", store=shared).json["user"] == "alice"


def test_a_login_ends_after_the_time_set(shared: Path) -> None:
    env = {"CART_SESSION_HOURS": "0"}
    ran = run_cart("login", "bob", "--password-stdin", store=shared, input=PASSWORD, env=env)
    assert ran.returncode == 0
    expired = run_cart("whoami", store=shared)
    assert expired.returncode == 4
    assert "this login has expired" in expired.stderr


def test_a_revoked_login_is_over_wherever_its_token_is(cart: Run, shared: Path) -> None:
    saved = (shared / "session.json").read_bytes()
    assert cart("logout").returncode == 0
    assert not (shared / "session.json").exists()
    (shared / "session.json").write_bytes(saved)
    again = cart("carts")
    assert again.returncode == 4
    assert "revoked" in again.stderr
