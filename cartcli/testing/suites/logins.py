"""What every provider of logins promises."""

from __future__ import annotations

import unicodedata

import pytest

from cartcli import Identity
from cartcli.errors import FixInput, LogIn
from cartcli.idp import Accounts, Logins
from cartcli.model.people import CUSTOMER
from cartcli.testing.fixtures import OpenLogins
from cartcli.testing.values import ALICE, BOB, PASSWORD, at_once

STRANGERS = [Identity.guest(), Identity("alice", issuer="https://id.example", subject="alice")]


def refusal(logins: Logins, identity: Identity, password: str) -> tuple[str, str]:
    """What is said when this login is refused."""
    with pytest.raises(LogIn) as error:
        logins.authenticate(identity, password)
    return error.value.message, error.value.hint


@pytest.mark.usefixtures("quick_passwords")
def test_a_registered_user_is_let_in_as_a_customer(logins: Logins, open_logins: OpenLogins) -> None:
    asked = Identity("Alice", roles=["merchant"])  # whoever registers cannot make oneself one
    for handle, let_in in (
        (logins, logins.register(asked, PASSWORD)),
        (logins, logins.authenticate(asked, PASSWORD)),
        (open_logins(), open_logins().authenticate(ALICE, PASSWORD)),
    ):
        assert (let_in, let_in.name, let_in.roles) == (ALICE, "alice", CUSTOMER)
        refusal(handle, BOB, PASSWORD)


def test_a_wrong_password_and_an_unknown_user_are_refused_alike(logins: Logins) -> None:
    logins.register(ALICE, PASSWORD)
    wrong = refusal(logins, ALICE, PASSWORD + " ")
    assert refusal(logins, BOB, PASSWORD) == wrong
    assert refusal(logins, ALICE, "") == wrong
    assert PASSWORD not in str(wrong)


@pytest.mark.usefixtures("quick_passwords")
def test_a_refused_login_registers_nobody(logins: Logins, accounts: Accounts) -> None:
    refusal(logins, BOB, PASSWORD)
    assert not accounts.knows(BOB)


def test_a_name_is_registered_once(logins: Logins) -> None:
    logins.register(ALICE, PASSWORD)
    with pytest.raises(LogIn) as taken:
        logins.register(Identity("ALICE"), "another one")
    assert (taken.value.message, taken.value.hint) == refusal(logins, ALICE, "another one")
    logins.authenticate(ALICE, PASSWORD)


@pytest.mark.usefixtures("quick_passwords")
def test_of_racing_registrations_one_wins(logins: Logins) -> None:
    passwords = ["the first", "the second"]
    results = at_once(2, lambda number: logins.register(ALICE, passwords[number]))
    assert [type(result) for result in results if result != ALICE] == [LogIn]
    winner = results.index(ALICE)
    logins.authenticate(ALICE, passwords[winner])
    refusal(logins, ALICE, passwords[1 - winner])


UNFIT = {
    "empty": "",
    "7 characters": "seven 7",
    "7 characters of two parts": "u\N{COMBINING DIAERESIS}" * 7,
    "1,025 bytes": "x" * 1_025,
    "1,025 characters of two bytes": "u\N{COMBINING DIAERESIS}" * 1_025,
    "endless": "x" * 100_000,
    "half a surrogate pair": "\ud800" * 8,
}


@pytest.mark.parametrize("password", UNFIT.values(), ids=UNFIT)
def test_an_unfit_password_registers_nobody(
    logins: Logins, accounts: Accounts, password: str
) -> None:
    with pytest.raises(FixInput):
        logins.register(ALICE, password)
    assert not accounts.knows(ALICE)
    refusal(logins, ALICE, password)


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("length", [8, 512])
def test_a_password_has_8_characters_to_1024_bytes_however_they_are_typed(
    logins: Logins, length: int
) -> None:
    logins.register(ALICE, "\N{LATIN SMALL LETTER U WITH DIAERESIS}" * length)
    logins.authenticate(ALICE, "u\N{COMBINING DIAERESIS}" * length)


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("stranger", STRANGERS, ids=["a guest", "another provider's"])
def test_only_names_of_the_shops_own_have_passwords(
    logins: Logins, accounts: Accounts, stranger: Identity
) -> None:
    with pytest.raises(FixInput):
        logins.register(stranger, PASSWORD)
    assert not accounts.knows(stranger)
    logins.register(ALICE, PASSWORD)
    assert refusal(logins, stranger, PASSWORD) == refusal(logins, ALICE, "wrong")
    assert not accounts.knows(stranger)


@pytest.mark.usefixtures("quick_passwords")
def test_a_password_is_taken_as_it_is(logins: Logins) -> None:
    """Blanks and case count; how an accent was typed does not."""
    password = " Käse \t玉露 "
    logins.register(ALICE, password)
    logins.authenticate(ALICE, unicodedata.normalize("NFD", password))
    refusal(logins, ALICE, password.strip())
    refusal(logins, ALICE, password.upper())


@pytest.mark.usefixtures("quick_passwords")
def test_users_whose_names_differ_are_different_users(logins: Logins, accounts: Accounts) -> None:
    names = ["..", "a/b", "a%2fb", "ü" * 40]
    for name in names:
        assert not accounts.knows(Identity(name))
        logins.register(Identity(name), f"password of {name}")
    for name in names:
        assert logins.authenticate(Identity(name), f"password of {name}").name == name


@pytest.mark.usefixtures("quick_passwords")
def test_a_changed_password_is_the_one_that_counts(logins: Logins, open_logins: OpenLogins) -> None:
    logins.register(ALICE, PASSWORD)
    logins.register(BOB, PASSWORD)
    with pytest.raises(LogIn):
        logins.change_password(ALICE, "a wrong one", "another password")
    with pytest.raises(FixInput):
        logins.change_password(ALICE, PASSWORD, "short")
    logins.authenticate(ALICE, PASSWORD)
    logins.change_password(ALICE, PASSWORD, "another password")
    for handle in (logins, open_logins()):
        refusal(handle, ALICE, PASSWORD)
        handle.authenticate(ALICE, "another password")
        handle.authenticate(BOB, PASSWORD)
    logins.change_password(ALICE, PASSWORD, "another password")  # as if it had been stopped


@pytest.mark.usefixtures("quick_passwords")
def test_nobody_changes_the_password_of_who_is_not_there(
    logins: Logins, accounts: Accounts
) -> None:
    with pytest.raises(LogIn):
        logins.change_password(BOB, PASSWORD, "another password")
    assert not accounts.knows(BOB)
