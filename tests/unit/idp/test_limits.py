"""Turns to try passwords: for each client and account, and for each account, never far off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cartcli.idp.limits import Guesses
from cartcli.model.people import Identity
from tests.helpers import ALICE, BOB, Clock, at_once

WAIT = 10.0
HERE = "local"
Open = Callable[[], Guesses]


@pytest.fixture
def guesses(store: Path, clock: Clock) -> Open:
    """Opens the turns of one store, every time as another process would."""
    return lambda: Guesses(str(store), WAIT, clock)


def tries_at_once(guesses: Guesses, client: str = HERE) -> int:
    """How many tries have their turn before one has not."""
    for count in range(1_000):
        if guesses.count(ALICE, client):
            return count
    pytest.fail("nothing slows guessing down")


def pauses(guesses: Open, clock: Clock, tries: int) -> list[float]:
    """How long each try has to wait for its turn; the clock is moved by that."""
    waited = []
    for _ in range(tries):
        waited.append(guesses().count(ALICE, HERE))
        if waited[-1]:
            clock.move(seconds=waited[-1])
            assert guesses().count(ALICE, HERE) == 0
    return waited


def test_turns_come_further_and_further_apart(guesses: Open, clock: Clock) -> None:
    assert pauses(guesses, clock, 10) == [0, 0, 0, 0.5, 1, 2, 4, 4, 4, 4]


def test_others_and_those_from_elsewhere_have_turns_of_their_own(guesses: Open) -> None:
    assert tries_at_once(guesses()) == 3
    assert guesses().count(BOB, HERE) == 0
    assert guesses().count(ALICE, "elsewhere") == 0
    for number in range(300):  # more than there are buckets
        assert guesses().count(Identity(f"user{number}"), HERE) == 0
    assert guesses().count(ALICE, HERE) > 0


def test_other_spellings_of_a_name_are_one_account(guesses: Open) -> None:
    for name in ("alice", "Alice", " ALICE "):
        assert guesses().count(Identity(name), HERE) == 0
    assert guesses().count(Identity("\N{FULLWIDTH LATIN SMALL LETTER A}lice"), HERE) == 0.5


def test_from_however_many_places_an_account_has_a_bound(guesses: Open, clock: Clock) -> None:
    free = sum(guesses().count(ALICE, f"place {number}") == 0 for number in range(300))
    assert free == 100
    assert guesses().count(BOB, "place 0") == 0
    for number in range(10):
        clock.move(seconds=1)  # one more in every second, wherever it comes from
        assert guesses().count(ALICE, f"another place {number}") == 0
        assert guesses().count(ALICE, f"a third place {number}") > 0


def test_ten_minutes_bring_no_more_than_some_hundred_turns(guesses: Open, clock: Clock) -> None:
    end, turns = clock.now + timedelta(minutes=10), 0
    while clock.now < end:
        turns += guesses().count(ALICE, HERE) == 0
        clock.move(seconds=0.25)
    assert turns < 160


def test_a_try_before_its_turn_does_not_count(guesses: Open, clock: Clock) -> None:
    tries_at_once(guesses())
    assert {guesses().count(ALICE, HERE) for _ in range(100)} == {0.5}
    clock.move(seconds=0.5)
    assert guesses().count(ALICE, HERE) == 0


def test_guessing_in_parallel_gains_nothing(guesses: Open) -> None:
    results = at_once(12, lambda _: guesses().count(ALICE, HERE))
    assert results.count(0) == 3


def test_a_right_password_starts_again_for_who_gave_it(guesses: Open) -> None:
    for client in (HERE, "elsewhere"):
        tries_at_once(guesses(), client)
    guesses().clear(ALICE, HERE)
    assert tries_at_once(guesses()) == 3
    assert tries_at_once(guesses(), "elsewhere") == 0


def test_who_is_forgotten_starts_again_everywhere(guesses: Open) -> None:
    for client in (HERE, "elsewhere"):
        tries_at_once(guesses(), client)
    guesses().forget("alice")
    assert tries_at_once(guesses(), "elsewhere") == 3


@pytest.mark.parametrize("hours", [-24 * 365, -1, 0.26, 24 * 365])
def test_it_is_forgotten_after_a_while_whatever_the_clock_does(
    guesses: Open, clock: Clock, hours: float
) -> None:
    pauses(guesses, clock, 8)
    clock.move(hours=hours)
    assert tries_at_once(guesses()) == 3


@pytest.mark.parametrize("content", [b"", b"not ours", b"\0" * 400])
def test_a_damaged_file_stops_nobody(guesses: Open, store: Path, content: bytes) -> None:
    tries_at_once(guesses())
    (record,) = store.rglob("*.json")
    record.write_bytes(content)
    assert tries_at_once(guesses()) == 3


def test_no_name_and_no_address_is_on_disk(guesses: Open, store: Path) -> None:
    for name in (ALICE, Identity("my password by mistake")):
        guesses().count(name, "198.51.100.7")
    kept = b"".join(path.read_bytes() for path in store.rglob("*.json"))
    assert not any(text in kept for text in (b"alice", b"mistake", b"198.51"))


def test_what_counts_no_more_is_pruned(guesses: Open, clock: Clock, store: Path) -> None:
    assert guesses().prune() == 0
    assert not store.exists()
    tries_at_once(guesses(), "elsewhere")
    clock.move(hours=0.23)
    guesses().count(ALICE, HERE)
    for number in range(20):
        guesses().count(Identity(f"user{number}"), HERE)
    assert guesses().prune() == 0
    clock.move(hours=0.03)
    assert guesses().prune(dry_run=True) == 1  # of Alice from elsewhere; the others are young
    assert guesses().prune() == 1
    assert tries_at_once(guesses()) == 2
    clock.move(hours=1)
    assert guesses().prune() > 40
    assert guesses().prune() == 0
    assert list(store.rglob("*.json")) == []


def test_a_damaged_file_is_pruned(guesses: Open, store: Path) -> None:
    tries_at_once(guesses())
    (record,) = store.rglob("*.json")
    record.write_bytes(b"not ours")
    assert guesses().prune() == 0
    assert not record.exists()
