"""What every provider of logins promises."""

from __future__ import annotations

import unicodedata

import pytest

from cartcli import Identity
from cartcli.errors import FixInput, LogIn
from cartcli.idp import Logins
from tests.contract.conftest import OpenLogins
from tests.helpers import ALICE, BOB, PASSWORD, at_once


def refusal(logins: Logins, identity: Identity, password: str) -> tuple[str, str]:
    """What is said when this login is refused."""
    with pytest.raises(LogIn) as error:
        logins.authenticate(identity, password)
    return error.value.message, error.value.hint


def test_a_user_is_known_once_registered(logins: Logins, open_logins: OpenLogins) -> None:
    assert not logins.knows(ALICE)
    logins.register(Identity("Alice"), PASSWORD)
    assert logins.knows(ALICE)
    assert open_logins().knows(ALICE)
    assert not logins.knows(BOB)


def test_a_wrong_password_and_an_unknown_user_are_refused_alike(logins: Logins) -> None:
    wrong = refusal(logins, ALICE, PASSWORD + " ")
    assert refusal(logins, BOB, PASSWORD) == wrong
    assert refusal(logins, ALICE, "") == wrong
    assert not logins.knows(BOB)
    assert PASSWORD not in str(wrong)


def test_a_name_is_registered_once(logins: Logins) -> None:
    logins.register(ALICE, PASSWORD)
    with pytest.raises(FixInput, match="alice is registered already"):
        logins.register(Identity("ALICE"), "another")
    logins.authenticate(ALICE, PASSWORD)


def test_of_racing_registrations_one_wins(logins: Logins) -> None:
    passwords = ["first", "second"]
    results = at_once(2, lambda number: logins.register(ALICE, passwords[number]))
    assert [type(result) for result in results if result] == [FixInput]
    winner = results.index(None)
    logins.authenticate(ALICE, passwords[winner])
    refusal(logins, ALICE, passwords[1 - winner])


@pytest.mark.parametrize("password", ["", "x" * 100_000], ids=["empty", "endless"])
def test_an_unfit_password_registers_nobody(logins: Logins, password: str) -> None:
    with pytest.raises(FixInput):
        logins.register(ALICE, password)
    assert not logins.knows(ALICE)


def test_a_password_is_taken_as_it_is(logins: Logins) -> None:
    """Blanks and case count; how an accent was typed does not."""
    password = " Käse \t玉露 "
    logins.register(ALICE, password)
    logins.authenticate(ALICE, unicodedata.normalize("NFD", password))
    refusal(logins, ALICE, password.strip())
    refusal(logins, ALICE, password.upper())


@pytest.mark.usefixtures("quick_passwords")
def test_users_whose_names_differ_are_different_users(logins: Logins) -> None:
    names = ["..", "a/b", "a%2fb", "ü" * 40]
    for name in names:
        assert not logins.knows(Identity(name))
        logins.register(Identity(name), name)
    for name in names:
        logins.authenticate(Identity(name), name)
