"""What every store of sessions promises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cartcli.errors import LogIn
from cartcli.idp import Sessions
from cartcli.model.people import Session
from tests.contract.conftest import OpenSessions
from tests.contract.implementations import SESSION_HOURS
from tests.helpers import ALICE, Clock


@pytest.fixture
def session(sessions: Sessions) -> Session:
    """A session of alice, who has just been registered."""
    return sessions.start(ALICE)


def test_a_login_starts_a_session(
    session: Session, open_sessions: OpenSessions, clock: Clock
) -> None:
    assert session.identity == ALICE
    assert session.expires == clock.now + timedelta(hours=SESSION_HOURS)
    assert open_sessions().identify(session.token) == session


def test_each_login_has_a_session_of_its_own(sessions: Sessions, session: Session) -> None:
    other = sessions.start(ALICE)
    assert other.token != session.token
    sessions.revoke(session.token)
    assert sessions.identify(other.token) == other


def test_a_session_never_shows_its_token(session: Session) -> None:
    shown = f"{session!r} {session} {[session]}"
    assert not any(part in shown for part in session.token.split("."))


def test_a_session_ends_by_the_clock(sessions: Sessions, session: Session, clock: Clock) -> None:
    clock.move(hours=SESSION_HOURS, seconds=-0.000001)
    assert sessions.identify(session.token) == session
    clock.move(seconds=0.000001)
    with pytest.raises(LogIn, match="expired"):
        sessions.identify(session.token)


def test_a_clock_set_back_does_not_prolong_a_session(
    sessions: Sessions, session: Session, clock: Clock
) -> None:
    clock.move(seconds=-30)  # clocks are corrected by a little all the time
    assert sessions.identify(session.token) == session
    clock.move(days=-1)
    with pytest.raises(LogIn):
        sessions.identify(session.token)


def test_a_logout_revokes_the_session(
    sessions: Sessions, session: Session, open_sessions: OpenSessions
) -> None:
    sessions.revoke(session.token)
    for handle in (sessions, open_sessions()):
        with pytest.raises(LogIn, match="revoked"):
            handle.identify(session.token)


def test_a_logout_without_a_session_does_nothing(sessions: Sessions, session: Session) -> None:
    sessions.revoke("no such token")
    assert sessions.identify(session.token) == session
    sessions.revoke(session.token)
    sessions.revoke(session.token)


def test_a_garbled_token_is_nobodys(sessions: Sessions, session: Session) -> None:
    token = session.token
    changed = [
        f"{token[:at]}{'0' if token[at] != '0' else '1'}{token[at + 1 :]}"
        for at in (0, 1, 31, 33, len(token) - 1)
    ]
    others = ["", ".", "None", "../" * 8, "\0", "é", token[:-1], token + "0", token.upper()]
    for garbled in (*changed, *others, f"{token}\n", f" {token}", token.replace(".", "/")):
        with pytest.raises(LogIn):
            sessions.identify(garbled)


def test_a_token_counts_in_its_own_store_only(session: Session, other_sessions: Sessions) -> None:
    with pytest.raises(LogIn):
        other_sessions.identify(session.token)
