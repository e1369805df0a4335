"""Guessing passwords is slowed down, for each account, and never for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartcli.errors import RetryLater
from cartcli.idp.limits import Guesses
from tests.helpers import ALICE, BOB, Clock, at_once

WAIT = 0.01  # less than any pause, so that what would wait is refused at once


@pytest.fixture
def guesses(store: Path, clock: Clock) -> Guesses:
    return Guesses(str(store), WAIT, clock)


def tries_at_once(guesses: Guesses) -> int:
    """How many tries go through before one is refused."""
    for count in range(100):
        try:
            guesses.take_turn(ALICE)
        except RetryLater:
            return count
    pytest.fail("nothing slows guessing down")


def test_the_first_tries_go_through(guesses: Guesses) -> None:
    assert tries_at_once(guesses) == 3
    guesses.take_turn(BOB)  # others are not slowed down


def test_the_pause_grows_and_has_an_end(guesses: Guesses, clock: Clock) -> None:
    tries_at_once(guesses)
    pauses = []
    for _ in range(8):
        pause = 0.0
        while True:
            try:
                guesses.take_turn(ALICE)
            except RetryLater:
                clock.move(seconds=0.5)
                pause += 0.5
            else:
                break
        pauses.append(pause)
    assert pauses == [0.5, 1, 2, 4, 4, 4, 4, 4]


def test_a_refusal_says_how_long(guesses: Guesses) -> None:
    tries_at_once(guesses)
    with pytest.raises(RetryLater, match="too many attempts") as error:
        guesses.take_turn(ALICE)
    assert "Nobody was logged in" in error.value.hint


def test_a_right_password_starts_again(guesses: Guesses) -> None:
    tries_at_once(guesses)
    guesses.forget(ALICE)
    assert tries_at_once(guesses) == 3


def test_it_is_forgotten_after_a_while(guesses: Guesses, clock: Clock) -> None:
    tries_at_once(guesses)
    clock.move(hours=1)
    assert tries_at_once(guesses) == 3


def test_a_clock_set_back_locks_nobody_out(guesses: Guesses, clock: Clock) -> None:
    tries_at_once(guesses)
    clock.move(days=-30)
    assert tries_at_once(guesses) == 3


def test_turns_are_given_out_one_after_the_other(
    store: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever guesses many times at once waits as long as one who guesses again and again."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    guesses = Guesses(str(store), 60, clock)
    for _ in range(7):
        guesses.take_turn(ALICE)
    assert waits == [0, 0, 0, 0.5, 1.5, 3.5, 7.5]


def test_guessing_in_parallel_gains_nothing(store: Path, clock: Clock) -> None:
    results = at_once(8, lambda _: Guesses(str(store), 0.4, clock).take_turn(ALICE))
    assert results.count(None) <= 3
    assert all(isinstance(result, RetryLater) for result in results if result is not None)


@pytest.mark.parametrize("content", [b"", b"not ours", b"\0" * 400])
def test_a_damaged_file_stops_nobody(guesses: Guesses, store: Path, content: bytes) -> None:
    guesses.take_turn(ALICE)
    (record,) = store.rglob("*.json")
    record.write_bytes(content)
    assert tries_at_once(guesses) == 3


def test_no_name_is_on_disk(guesses: Guesses, store: Path) -> None:
    guesses.take_turn(ALICE)
    (record,) = store.rglob("*.json")
    assert b"alice" not in record.read_bytes()
