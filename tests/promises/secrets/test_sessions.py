"""Logins that are none any more: each ends with 4, at the command, and lets nobody in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli.cli.login_file import SavedLogin
from cartcli.errors import LogIn
from cartcli.model.times import utc_now
from tests.helpers import DRONE, PASSWORD, Clock, register, run_cart, shop_in

Spoil = Callable[[Path], None]


def _save(store: Path, token: str) -> None:
    SavedLogin(str(store)).save(token)


def _expired(store: Path) -> None:
    """Logged in two hours ago, for one hour."""
    _save(store, _login_at(store, hours=-2))


def _of_the_future(store: Path) -> None:
    """The clock is set back by a day after the login."""
    _save(store, _login_at(store, hours=24))


def _login_at(store: Path, hours: float) -> str:
    clock = Clock(utc_now())
    clock.move(hours=hours)
    return shop_in(store, clock, session_hours=1.0).login("alice", PASSWORD).token


def _garbled(store: Path) -> None:
    _save(store, SavedLogin(str(store)).token()[:-1])


def _guessed(store: Path) -> None:
    """The session's id is right, its secret is not."""
    session, _, secret = SavedLogin(str(store)).token().partition(".")
    _save(store, f"{session}.{secret[::-1]}")


def _without_secret(store: Path) -> None:
    _save(store, SavedLogin(str(store)).token().partition(".")[0] + ".")


def _with_a_path(store: Path) -> None:
    _save(store, f"../{SavedLogin(str(store)).token()}")


def _revoked(store: Path) -> None:
    shop_in(store).logout(SavedLogin(str(store)).token())


def _of_another_store(store: Path) -> None:
    other = store.with_name("other")
    register("alice", other)
    shutil.copy(other / "session.json", store / "session.json")


def _logged_out(store: Path) -> None:
    SavedLogin(str(store)).forget()


SPOILED: Final[dict[str, tuple[Spoil, str]]] = {
    "expired": (_expired, "this login has expired"),
    "of the future": (_of_the_future, "this login has expired"),
    "garbled": (_garbled, "the saved login is garbled"),
    "guessed": (_guessed, "the saved login is garbled"),
    "without its secret": (_without_secret, "the saved login is garbled"),
    "with a path": (_with_a_path, "the saved login is garbled"),
    "revoked": (_revoked, "this login was revoked, or belongs to another store"),
    "of another store": (_of_another_store, "this login was revoked, or belongs to another store"),
    "logged out": (_logged_out, "nobody is logged in"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_login_that_is_none_ends_with_4(users: Path, case: str) -> None:
    spoil, reason = SPOILED[case]
    spoil(users)
    ran = run_cart("add", "new", DRONE, store=users, env={"COLUMNS": "1000"})
    assert (ran.returncode, ran.stdout) == (4, "")
    assert reason in ran.stderr
    assert "cart login USER" in ran.stderr
    assert not (users / "carts").exists()


@pytest.mark.parametrize("command", ["carts", "whoami", "logout", "checkout 1234", "remove 1234 X"])
def test_every_command_of_a_user_needs_a_login(users: Path, command: str) -> None:
    _revoked(users)
    assert run_cart(*command.split(), store=users).returncode == 4


def test_a_logout_revokes_a_stolen_copy(users: Path) -> None:
    token = SavedLogin(str(users)).token()
    assert run_cart("logout", store=users).returncode == 0
    assert not (users / "session.json").exists()
    with pytest.raises(LogIn, match="revoked"):
        shop_in(users).identify(token)


def test_a_clock_may_be_a_moment_behind(users: Path) -> None:
    token = _login_at(users, hours=1 / 120)
    assert shop_in(users).identify(token).identity.owner == "alice"


def test_the_disk_holds_no_secret_that_opens_a_session(users: Path) -> None:
    token = SavedLogin(str(users)).token()
    session, _, secret = token.partition(".")
    kept = {path: path.read_bytes() for path in users.rglob("*") if path.is_file()}
    assert [path.name for path in kept if secret.encode() in kept[path]] == ["session.json"]
    record = (users / "sessions" / session[:2] / f"{session}.json").read_text()
    assert secret not in record
    digest = record.partition('"digest": "')[2][:64]
    with pytest.raises(LogIn):  # what is on disk, given as the secret
        shop_in(users).identify(f"{session}.{digest}")


def test_sessions_that_are_over_do_not_pile_up(
    users: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All sessions into one of the 256 folders, so that the next login is sure to clear it.
    monkeypatch.setattr(os, "urandom", lambda size: bytes(1) + _random(size - 1))
    over = _login_at(users, hours=-2)
    lasting = _login_at(users, hours=0)
    kept = {path.stem for path in (users / "sessions" / "00").iterdir()}
    assert lasting[:32] in kept
    assert over[:32] not in kept


_random = os.urandom
