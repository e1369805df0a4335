"""Guessing passwords is slow, for each account and across processes; the right one gets in."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import pytest

from cartcli.errors import LogIn, RetryLater
from cartcli.files import locks
from cartcli.idp import open_logins
from tests.helpers import ALICE, CART, PASSWORD, Clock, cart_env, run_cart, shop_in

STRANGERS = 6


def wrong(users: Path, clock: Clock, client: str = "local") -> str:
    """What is answered to a wrong password of alice's: the class, and when to try again."""
    with pytest.raises((LogIn, RetryLater)) as refused:
        open_logins(str(users), 10, clock).authenticate(ALICE, "wrong", client)
    return f"{refused.type.__name__} {refused.value.facts.get('seconds', '')}".rstrip()


def test_who_guesses_is_told_at_once_when_to_try_again(
    users: Path, clock: Clock, quick_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    _rehash(users)
    assert [wrong(users, clock) for _ in range(4)] == [*["LogIn"] * 3, "RetryLater 1"]
    clock.move(seconds=4)
    assert [wrong(users, clock) for _ in range(2)] == ["LogIn", "RetryLater 1"]
    assert sum(slept) < 0.1


def test_the_right_password_lets_in_before_its_turn(
    users: Path, clock: Clock, quick_passwords: None
) -> None:
    _rehash(users)
    logins = open_logins(str(users), 10, clock)
    for _ in range(20):
        wrong(users, clock)
    assert logins.authenticate(ALICE, PASSWORD) == ALICE
    assert wrong(users, clock) == "LogIn"  # which starts again for whoever is there


def test_it_is_not_told_whether_a_password_was_looked_at(
    users: Path, clock: Clock, quick_passwords: None
) -> None:
    _rehash(users)
    for _ in range(3):
        wrong(users, clock)
    looked_at = wrong(users, clock)
    places = [users / "guesses" / f"hash-{number}" for number in range(2)]
    with locks.locked(str(places[0]), 0), locks.locked(str(places[1]), 0):
        assert wrong(users, clock) == looked_at == "RetryLater 1"
        with pytest.raises(RetryLater, match="too many attempts"):
            open_logins(str(users), 0, clock).authenticate(ALICE, PASSWORD)
        # Whoever comes from elsewhere is not kept out, even now.
        open_logins(str(users), 0, clock).authenticate(ALICE, PASSWORD, "elsewhere")


@pytest.mark.parametrize("client", ["local", "another"])
def test_while_others_guess_without_end_the_right_password_gets_in(
    users: Path, client: str
) -> None:
    """They share her account, and perhaps her client."""
    shop, over = shop_in(users), threading.Event()

    def guess() -> None:
        while not over.is_set():
            with pytest.raises((LogIn, RetryLater)):
                shop.login("alice", "wrong", client="local")

    strangers = [threading.Thread(target=guess) for _ in range(STRANGERS)]
    for stranger in strangers:
        stranger.start()
    try:
        assert _let_in(users, client)
    finally:
        over.set()
        for stranger in strangers:
            stranger.join()


def _let_in(users: Path, client: str) -> bool:
    """Whether alice gets in when she tries again and again."""
    tries = 1 if client != "local" else 60
    for _ in range(tries):
        try:
            return shop_in(users).login("alice", PASSWORD, client=client).identity == ALICE
        except RetryLater:
            time.sleep(0.2)
    return False


def test_turns_are_shared_by_real_processes(users: Path) -> None:
    environment = cart_env({"HOME": str(users.parent)}, users)
    running = [
        subprocess.Popen(
            [CART, "login", "alice", "--password-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        for _ in range(6)
    ]
    for process in running:
        process.communicate(b"wrong", timeout=60)
    statuses = [process.returncode for process in running]
    assert {*statuses} <= {4, 7}
    assert statuses.count(4) >= 3
    ran = run_cart("login", "bob", "--password-stdin", store=users, input=PASSWORD)
    assert ran.returncode == 0


def test_a_try_too_many_says_when_to_come_back(users: Path) -> None:
    for _ in range(5):
        ran = run_cart("login", "alice", "--password-stdin", store=users, input="wrong")
    assert ran.returncode in (4, 7)  # on a slow machine the turn may have come
    if ran.returncode == 7:
        assert "too many attempts to log in as this user" in ran.stderr
        assert "Try again in" in ran.stderr


def _rehash(users: Path) -> None:
    """Give alice and bob hashes that are quick to compute."""
    shop = shop_in(users)
    for name in ("alice", "bob"):
        shop.merchant.set_password(name, PASSWORD)
