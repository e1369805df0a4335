"""What every identity provider promises."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest

from cartcli import Identity
from cartcli.errors import FixInput, LogIn
from cartcli.idp import IdentityProvider, Session
from tests.contract.conftest import OpenIdp
from tests.contract.implementations import SESSION_HOURS
from tests.helpers import ALICE, BOB, PASSWORD, Clock, at_once


@pytest.fixture
def session(idp: IdentityProvider) -> Session:
    """A session of alice, who has just been registered."""
    idp.register(ALICE, PASSWORD)
    return idp.login(ALICE, PASSWORD)


def refusal(idp: IdentityProvider, identity: Identity, password: str) -> tuple[str, str]:
    """What is said when this login is refused."""
    with pytest.raises(LogIn) as error:
        idp.login(identity, password)
    return error.value.message, error.value.hint


def test_a_user_is_known_once_registered(idp: IdentityProvider, open_idp: OpenIdp) -> None:
    assert not idp.knows(ALICE)
    idp.register(Identity("Alice"), PASSWORD)
    assert idp.knows(ALICE)
    assert open_idp().knows(ALICE)
    assert not idp.knows(BOB)


def test_a_login_starts_a_session(session: Session, open_idp: OpenIdp, clock: Clock) -> None:
    assert session.identity == ALICE
    assert session.expires == clock.now + timedelta(hours=SESSION_HOURS)
    assert open_idp().identify(session.token) == session


def test_each_login_has_a_session_of_its_own(idp: IdentityProvider, session: Session) -> None:
    other = idp.login(ALICE, PASSWORD)
    assert other.token != session.token
    idp.logout(session.token)
    assert idp.identify(other.token) == other


def test_a_session_never_shows_its_token(session: Session) -> None:
    shown = f"{session!r} {session} {[session]}"
    assert not any(part in shown for part in session.token.split("."))


def test_a_wrong_password_and_an_unknown_user_are_refused_alike(
    idp: IdentityProvider, session: Session
) -> None:
    wrong = refusal(idp, ALICE, PASSWORD + " ")
    assert refusal(idp, BOB, PASSWORD) == wrong
    assert refusal(idp, ALICE, "") == wrong
    assert not idp.knows(BOB)
    assert PASSWORD not in str(wrong)


def test_a_name_is_registered_once(idp: IdentityProvider) -> None:
    idp.register(ALICE, PASSWORD)
    with pytest.raises(FixInput, match="alice is registered already"):
        idp.register(Identity("ALICE"), "another")
    assert idp.login(ALICE, PASSWORD).identity == ALICE


def test_of_racing_registrations_one_wins(idp: IdentityProvider) -> None:
    passwords = ["first", "second"]
    results = at_once(2, lambda number: idp.register(ALICE, passwords[number]))
    assert [type(result) for result in results if result] == [FixInput]
    winner = results.index(None)
    assert idp.login(ALICE, passwords[winner]).identity == ALICE
    refusal(idp, ALICE, passwords[1 - winner])


@pytest.mark.parametrize("password", ["", "x" * 100_000], ids=["empty", "endless"])
def test_an_unfit_password_registers_nobody(idp: IdentityProvider, password: str) -> None:
    with pytest.raises(FixInput):
        idp.register(ALICE, password)
    assert not idp.knows(ALICE)


def test_a_password_is_taken_as_it_is(idp: IdentityProvider) -> None:
    """Blanks and case count; how an accent was typed does not."""
    password = " Käse \t玉露 "
    idp.register(ALICE, password)
    assert idp.login(ALICE, unicodedata.normalize("NFD", password)).identity == ALICE
    refusal(idp, ALICE, password.strip())
    refusal(idp, ALICE, password.upper())


def test_a_session_ends_by_the_clock(idp: IdentityProvider, session: Session, clock: Clock) -> None:
    clock.move(hours=SESSION_HOURS, seconds=-0.000001)
    assert idp.identify(session.token) == session
    clock.move(seconds=0.000001)
    with pytest.raises(LogIn, match="expired"):
        idp.identify(session.token)


def test_a_clock_set_back_does_not_prolong_a_session(
    idp: IdentityProvider, session: Session, clock: Clock
) -> None:
    clock.move(seconds=-30)  # clocks are corrected by a little all the time
    assert idp.identify(session.token) == session
    clock.move(days=-1)
    with pytest.raises(LogIn):
        idp.identify(session.token)


def test_a_logout_revokes_the_session(
    idp: IdentityProvider, session: Session, open_idp: OpenIdp
) -> None:
    idp.logout(session.token)
    for provider in (idp, open_idp()):
        with pytest.raises(LogIn, match="revoked"):
            provider.identify(session.token)


def test_a_logout_without_a_session_does_nothing(idp: IdentityProvider, session: Session) -> None:
    idp.logout("no such token")
    assert idp.identify(session.token) == session
    idp.logout(session.token)
    idp.logout(session.token)


def test_a_garbled_token_is_nobodys(idp: IdentityProvider, session: Session) -> None:
    token = session.token
    changed = [
        f"{token[:at]}{'0' if token[at] != '0' else '1'}{token[at + 1 :]}"
        for at in (0, 1, 31, 33, len(token) - 1)
    ]
    others = ["", ".", "None", "../" * 8, "\0", "é", token[:-1], token + "0", token.upper()]
    for garbled in (*changed, *others, f"{token}\n", f" {token}", token.replace(".", "/")):
        with pytest.raises(LogIn):
            idp.identify(garbled)


def test_a_token_counts_in_its_own_store_only(
    session: Session, other_idp: IdentityProvider
) -> None:
    other_idp.register(ALICE, PASSWORD)
    with pytest.raises(LogIn):
        other_idp.identify(session.token)


def test_users_whose_names_differ_are_different_users(idp: IdentityProvider) -> None:
    names = ["..", "a/b", "a%2fb", "ü" * 40]
    for name in names:
        assert not idp.knows(Identity(name))
        idp.register(Identity(name), name)
    for name in names:
        assert idp.login(Identity(name), name).identity.user == name
