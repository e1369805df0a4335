"""cart sessions, logout --all, passwd and role; and the login that a new one replaces."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartcli.cli.login_file import SavedLogin
from cartcli.errors import LogIn
from tests.cli.conftest import Run
from tests.cli.terminal import Terminal
from tests.helpers import ALICE, PASSWORD, Ran, register, run_cart, shop_in

NEW = "another password"


def live(store: Path, user: str = "alice") -> int:
    return len(shop_in(store)._services.sessions.lasting(user))


def login(store: Path, user: str, password: str = PASSWORD) -> Ran:
    return run_cart("login", user, "--password-stdin", store=store, input=password)


@pytest.mark.parametrize("user", ["alice", "bob"])
def test_a_new_login_ends_the_one_it_replaces(shared: Path, user: str) -> None:
    old = SavedLogin(str(shared)).token()
    assert login(shared, user).returncode == 0
    with pytest.raises(LogIn, match="revoked"):
        shop_in(shared).identify(old)
    assert run_cart("whoami", "-o", "json", store=shared).json["user"] == user


def test_a_login_that_was_stopped_before_the_old_one_ended_forgets_neither(shared: Path) -> None:
    saved, shop = SavedLogin(str(shared)), shop_in(shared)
    old, new = saved.token(), shop.login("bob", PASSWORD).token

    def stop(token: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        saved.save(new, stop)
    assert saved.token() == new
    assert shop.identify(old).identity == ALICE
    for args in (("logout",), ("login", "alice", "--password-stdin")):
        copy = (shared / "session.json").read_bytes()
        assert run_cart(*args, store=shared, input=PASSWORD).returncode == 0
        with pytest.raises(LogIn, match="revoked"):
            shop.identify(old)
        (shared / "session.json").write_bytes(copy)


def test_sessions_are_listed_and_ended(cart: Run, shared: Path) -> None:
    other = shop_in(shared).login("alice", PASSWORD).token
    listed = cart("sessions", "-o", "json").json
    assert [list(one) for one in listed] == [["id", "created", "expires", "current"]] * 2
    assert [one["current"] for one in listed] == [True, False]
    assert other.startswith(listed[1]["id"])
    assert other.partition(".")[2] not in str(listed)

    unknown = cart("sessions", "--revoke", "abcdefab")
    assert (unknown.returncode, live(shared)) == (3, 2)
    assert cart("sessions", "--revoke", listed[1]["id"][:2]).returncode == 2
    ended = cart("sessions", "--revoke", listed[1]["id"][:8])
    assert (ended.returncode, live(shared)) == (0, 1)
    assert "this one" in ended.stdout

    shop_in(shared).login("alice", PASSWORD)
    assert cart("sessions", "--all").stderr == "1 other session ended.\n"
    assert (live(shared), live(shared, "bob")) == (1, 1)
    mine = cart("sessions", "-o", "json").json[0]["id"]
    assert cart("sessions", "--revoke", mine).returncode == 0
    assert cart("sessions").returncode == 4


def test_a_logout_everywhere(cart: Run, shared: Path) -> None:
    shop_in(shared).login("alice", PASSWORD)
    assert cart("logout", "--all").stderr == "Logged out alice: 2 sessions ended.\n"
    assert (live(shared), live(shared, "bob")) == (0, 1)
    assert not (shared / "session.json").exists()


def test_a_changed_password_ends_all_other_sessions(cart: Run, shared: Path) -> None:
    other = shop_in(shared).login("alice", PASSWORD).token
    wrong = cart("passwd", "--password-stdin", input=f"not it\n{NEW}\n")
    assert (wrong.returncode, live(shared)) == (4, 2)
    changed = cart("passwd", "--password-stdin", input=f"{PASSWORD}\n{NEW}\n")
    assert changed.stderr == "The password of alice is changed; 1 other session ended.\n"
    with pytest.raises(LogIn):
        shop_in(shared).identify(other)
    assert cart("whoami").returncode == 0
    assert login(shared, "alice").returncode == 4
    assert login(shared, "alice", NEW).returncode == 0
    again = cart("passwd", "--password-stdin", input=f"{PASSWORD}\n{NEW}\n")  # as if stopped
    assert again.returncode == 0


def test_the_merchant_gives_a_user_another_password(cart: Run, shared: Path) -> None:
    ran = cart("passwd", "bob", "--password-stdin", input=f"{NEW}\n")
    assert ran.stderr == "The password of bob is changed; 1 session ended.\n"
    assert (live(shared), live(shared, "bob")) == (1, 0)
    assert login(shared, "bob", NEW).returncode == 0
    unknown = run_cart("passwd", "carol", "--password-stdin", store=shared, input=NEW)
    assert unknown.returncode == 3
    assert "cart login USER --register" in unknown.stderr


@pytest.mark.parametrize(
    ("args", "text", "reason"),
    [
        ((), "", "standard input has 0 lines, not the old and the new password"),
        ((), f"{PASSWORD}\n", "standard input has 1 line, not the old"),
        ((), f"{PASSWORD}\n{NEW}\n\n", "standard input has 3 lines"),
        ((), f"{PASSWORD}\nshort\n", "8 characters or more, and this one 5"),
        ((), "x" * 9_000, "standard input has more than 8,192 bytes"),
        (("bob",), f"{PASSWORD}\n{NEW}\n", "standard input has 2 lines, not the new password"),
    ],
)
def test_unfit_input_changes_no_password(
    cart: Run, args: tuple[str, ...], text: str, reason: str
) -> None:
    ran = cart("passwd", *args, "--password-stdin", input=text)
    assert ran.returncode == 2
    assert reason in " ".join(ran.stderr.split())
    assert cart("passwd", *args).returncode == 2  # without a terminal
    assert login_works(cart)


def login_works(cart: Run) -> bool:
    return cart("login", "alice", "--password-stdin", input=PASSWORD).returncode == 0


def test_a_password_is_changed_on_a_terminal(shared: Path) -> None:
    with Terminal("passwd", store=shared) as terminal:
        terminal.answer("Old password: ", PASSWORD)
        terminal.answer("New password: ", NEW)
        terminal.answer("New password again: ", NEW + "x")
        assert terminal.end() == 2
    with Terminal("passwd", store=shared) as terminal:
        terminal.answer("Old password: ", PASSWORD)
        terminal.answer("New password: ", NEW)
        terminal.answer("New password again: ", NEW)
        assert terminal.end() == 0
        assert NEW not in terminal.shown
    assert login(shared, "alice", NEW).returncode == 0


def test_a_role_counts_from_the_next_login_on(cart: Run, shared: Path) -> None:
    ran = cart("role", "Alice", "customer", "merchant")
    assert ran.stderr == "The roles of alice: customer, merchant. Their sessions ended.\n"
    assert cart("whoami").returncode == 4
    login(shared, "alice")
    assert cart("whoami", "-o", "json").json["roles"] == ["customer", "merchant"]
    assert cart("role", "alice", "owner").returncode == 2
    assert cart("role", "alice").returncode == 2
    assert cart("role", "carol", "merchant").returncode == 3


def test_a_login_in_place_of_a_damaged_one(shared: Path) -> None:
    token = SavedLogin(str(shared)).token()
    (shared / "sessions" / token[:2] / f"{token[:32]}.json").write_bytes(b"not ours")
    assert login(shared, "bob").returncode == 0
    (shared / "session.json").write_bytes(b"not ours")
    register("alice", shared)
    assert login(shared, "bob").returncode == 0
