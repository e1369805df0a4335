"""An unknown user and a wrong password cannot be told apart: not by words, status or work."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from cartcli.errors import FixInput, LogIn, RetryLater
from cartcli.idp import open_logins
from cartcli.model.people import Identity
from tests.helpers import ALICE, PASSWORD, Clock, run_cart, shop_in

STRANGER = Identity("mallory")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[Parameters]:
    """The parameters of every Argon2 hash that is computed from now on."""
    done: list[Parameters] = []
    real_hash, real_verify = PasswordHasher.hash, PasswordHasher.verify

    def hash_(self: PasswordHasher, password: bytes) -> str:
        made = real_hash(self, password)
        done.append(extract_parameters(made))
        return made

    def verify(self: PasswordHasher, known: str, password: bytes) -> bool:
        done.append(extract_parameters(known))
        return real_verify(self, known, password)

    monkeypatch.setattr(PasswordHasher, "hash", hash_)
    monkeypatch.setattr(PasswordHasher, "verify", verify)
    return done


@pytest.mark.parametrize("password", ["wrong", "", "x" * 1_024, "\N{KELVIN SIGN}"])
def test_both_take_the_same_work(users: Path, work: list[Parameters], password: str) -> None:
    logins = open_logins(str(users), 10, Clock())
    refusals = []
    for identity in (ALICE, STRANGER):
        with pytest.raises(LogIn) as refused:
            logins.authenticate(identity, password)
        refusals.append((refused.value.message, refused.value.hint))
    assert refusals[0] == refusals[1]
    known, unknown = work
    assert known == unknown
    assert (known.time_cost, known.memory_cost, known.parallelism) == (3, 65_536, 4)


def test_both_end_alike(users: Path) -> None:
    ran = [
        run_cart("login", name, "--password-stdin", store=users, input="wrong")
        for name in ("alice", "mallory")
    ]
    assert ran[0] == ran[1]
    assert (ran[0].returncode, ran[0].stdout) == (4, "")
    assert "the user name or the password is wrong" in " ".join(ran[0].stderr.split())
    assert "alice" not in ran[0].stderr


def test_neither_starts_a_session_nor_changes_the_saved_login(users: Path) -> None:
    before = {path: path.read_bytes() for path in users.rglob("*.json")}
    for name in ("alice", "mallory"):
        run_cart("login", name, "--password-stdin", store=users, input="wrong")
    after = {path: path.read_bytes() for path in users.rglob("*.json")}
    changed = {path.parent.name for path in after if after[path] != before.get(path)}
    assert changed == {"guesses"}
    assert run_cart("whoami", "-o", "json", store=users).json["user"] == "alice"


def test_both_are_slowed_down_alike(users: Path, work: list[Parameters]) -> None:
    """And cost the same work, whether it is their turn or not."""
    answers = []
    for identity in (ALICE, STRANGER):
        logins, before = open_logins(str(users), 10, Clock()), len(work)
        heard = []
        for _ in range(6):
            with pytest.raises((LogIn, RetryLater)) as refused:
                logins.authenticate(identity, "wrong")
            heard.append((refused.type, refused.value.message, refused.value.hint))
        answers.append((heard, work[before:]))
    assert answers[0] == answers[1]
    assert answers[0][0][-1][0] is RetryLater
    assert len(answers[0][1]) == 6


def test_registering_does_not_tell_who_is_registered(users: Path, work: list[Parameters]) -> None:
    """Unless one may have the name, and then one has it."""
    shop = shop_in(users)
    heard = []
    for name in ("alice", "mallory"):
        with pytest.raises(FixInput) as unfit:
            shop.login(name, "short", register=True)
        heard.append((unfit.value.message, unfit.value.hint, len(work)))
        work.clear()
    assert heard[0] == heard[1]
    with pytest.raises(LogIn) as taken:
        shop.login("alice", "long enough, and wrong", register=True)
    with pytest.raises(LogIn) as wrong:
        shop.login("alice", "long enough, and wrong")
    assert (taken.value.message, taken.value.hint) == (wrong.value.message, wrong.value.hint)
    work.clear()
    with pytest.raises((LogIn, RetryLater)):
        shop.login("bob", "long enough, and wrong", register=True)
    of_taken = [*work]
    work.clear()
    shop.login("mallory", "long enough", register=True)
    assert of_taken == work


def test_the_right_password_still_works(users: Path) -> None:
    open_logins(str(users), 10, Clock()).authenticate(ALICE, PASSWORD)
