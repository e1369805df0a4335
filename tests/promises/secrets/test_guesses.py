"""Guessing passwords is slow, for each account and across processes; the owner gets in."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from cartcli.errors import LogIn, RetryLater
from cartcli.idp import Logins, open_logins
from cartcli.idp.limits import Guesses
from cartcli.model.people import Identity
from tests.helpers import ALICE, BOB, CART, PASSWORD, Clock, at_once, cart_env, run_cart

WAIT = 10.0


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> list[float]:
    """The seconds that each try had to wait; waiting moves the clock instead."""
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock.move(seconds=seconds)

    monkeypatch.setattr("cartcli.idp.limits.time", SimpleNamespace(sleep=sleep))
    return waited


@pytest.fixture
def guesses(store: Path, clock: Clock) -> Callable[[], Guesses]:
    """Opens the turns of one store, every time as another process would."""
    return lambda: Guesses(str(store), WAIT, clock)


def test_turns_come_further_and_further_apart(
    guesses: Callable[[], Guesses], waits: list[float]
) -> None:
    for _ in range(10):
        guesses().take_turn(ALICE)
    assert waits == [0, 0, 0, 0.5, 1, 2, 4, 4, 4, 4]


def test_ten_minutes_bring_no_more_than_some_hundred_guesses(
    guesses: Callable[[], Guesses], waits: list[float], clock: Clock
) -> None:
    end = clock.now + timedelta(minutes=10)
    while clock.now < end:
        guesses().take_turn(ALICE)
    assert len(waits) < 160


def test_guessing_in_parallel_gains_nothing(
    guesses: Callable[[], Guesses], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []  # nobody's clock moves: all of them come at one instant
    monkeypatch.setattr("cartcli.idp.limits.time", SimpleNamespace(sleep=waited.append))
    outcomes = at_once(12, lambda number: guesses().take_turn(ALICE))
    assert sorted(waited) == [0, 0, 0, 0.5, 1.5, 3.5, 7.5]
    assert sum(isinstance(outcome, RetryLater) for outcome in outcomes) == 5


def test_a_killed_guess_has_counted(
    guesses: Callable[[], Guesses], monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("cartcli.idp.limits.time", SimpleNamespace(sleep=_interrupted))
        for _ in range(4):
            with pytest.raises(KeyboardInterrupt):
                guesses().take_turn(ALICE)
    guesses().take_turn(ALICE)
    assert waits == [1.5]


def _interrupted(seconds: float) -> None:
    raise KeyboardInterrupt


def test_a_refused_try_does_not_push_the_next_turn_away(
    guesses: Callable[[], Guesses], waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("cartcli.idp.limits.time", SimpleNamespace(sleep=lambda seconds: None))
        for _ in range(7):
            guesses().take_turn(ALICE)
        for _ in range(100):
            with pytest.raises(RetryLater, match="too many attempts") as told:
                guesses().take_turn(ALICE)
    assert "Try again in 12 seconds" in told.value.hint


def test_the_owner_is_not_locked_out_for_good(
    guesses: Callable[[], Guesses], waits: list[float], clock: Clock
) -> None:
    for _ in range(50):
        guesses().take_turn(ALICE)
    guesses().take_turn(ALICE)
    assert waits[-1] <= 4  # even while somebody guesses on
    clock.move(seconds=15 * 60 + 5)
    for _ in range(4):
        guesses().take_turn(ALICE)
    assert waits[-4:] == [0, 0, 0, 0.5]  # as if nobody had ever tried


def test_accounts_do_not_slow_each_other_down(
    guesses: Callable[[], Guesses], waits: list[float]
) -> None:
    for _ in range(8):
        guesses().take_turn(ALICE)
    for number in range(300):  # more than there are buckets
        guesses().take_turn(Identity(f"user{number}"))
    assert set(waits[8:]) == {0}
    guesses().take_turn(ALICE)
    assert waits[-1] == 4


def test_other_spellings_of_a_name_are_one_account(
    guesses: Callable[[], Guesses], waits: list[float]
) -> None:
    for name in ("alice", "Alice", " ALICE ", "\N{FULLWIDTH LATIN SMALL LETTER A}lice"):
        guesses().take_turn(Identity(name))
    assert waits == [0, 0, 0, 0.5]


@pytest.mark.parametrize("hours", [-24 * 365, -1, 1, 24 * 365])
def test_a_clock_that_is_set_locks_nobody_out(
    guesses: Callable[[], Guesses], waits: list[float], clock: Clock, hours: float
) -> None:
    for _ in range(8):
        guesses().take_turn(ALICE)
    clock.move(hours=hours)
    guesses().take_turn(ALICE)
    assert waits[-1] == 0


def _open(users: Path, clock: Clock) -> Logins:
    return open_logins(str(users), WAIT, clock)


def test_the_right_password_clears_the_account(
    users: Path, clock: Clock, waits: list[float]
) -> None:
    for _ in range(2):
        for _ in range(2):
            with pytest.raises(LogIn):
                _open(users, clock).authenticate(ALICE, "wrong")
        _open(users, clock).authenticate(ALICE, PASSWORD)
    assert set(waits) == {0}


def test_the_right_password_waits_for_its_turn_too(
    users: Path, clock: Clock, waits: list[float]
) -> None:
    for _ in range(4):
        with pytest.raises(LogIn):
            _open(users, clock).authenticate(ALICE, "wrong")
    _open(users, clock).authenticate(ALICE, PASSWORD)
    assert waits == [0, 0, 0, 0.5, 1]


def test_turns_are_shared_by_real_processes(users: Path) -> None:
    start = time.monotonic()
    environment = cart_env({"HOME": str(users.parent)}, users)
    running = [
        subprocess.Popen(
            [CART, "login", "alice", "--password-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        for _ in range(5)
    ]
    for process in running:
        process.communicate(b"wrong", timeout=60)
    # The fifth turn is 0.5 s + 1 s after the first, whoever has it; nothing bounds it from above.
    assert time.monotonic() - start >= 1.5
    assert {process.returncode for process in running} == {4}
    ran = run_cart("login", "bob", "--password-stdin", store=users, input=PASSWORD)
    assert ran.returncode == 0


def test_the_accounts_on_disk_are_no_names(users: Path, clock: Clock, waits: list[float]) -> None:
    for name in (ALICE, BOB, Identity("my password by mistake")):
        with pytest.raises(LogIn):
            _open(users, clock).authenticate(name, "wrong")
    kept = b"".join(path.read_bytes() for path in (users / "guesses").iterdir())
    assert not any(text in kept for text in (b"alice", b"bob", b"mistake", b"wrong"))
