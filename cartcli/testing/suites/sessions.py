"""What every store of sessions promises."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cartcli import Identity
from cartcli.errors import LogIn
from cartcli.idp import Sessions
from cartcli.model.people import Session
from cartcli.testing.fixtures import OpenSessions
from cartcli.testing.implementations import SESSION_HOURS
from cartcli.testing.values import ALICE, BOB, Clock, at_once

ISSUER = "https://id.example/realms/shop"
OWNERS = {
    "a customer": Identity("Zoë"),
    "a merchant": ALICE.with_roles(["merchant", "customer"]),
    "a guest": Identity.guest(),
    "a subject": Identity("Alice B.", issuer=ISSUER, subject="aLiCe|7", roles=["merchant"]),
    "a long subject": Identity("", issuer=ISSUER, subject="Ü玉" * 127 + "x"),
    "no roles": Identity("guest:x", issuer=ISSUER, subject=" ../alice\0", roles=[]),
}


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


@pytest.mark.parametrize("owner", OWNERS.values(), ids=OWNERS)
def test_a_session_tells_all_of_whose_it_is(
    sessions: Sessions, open_sessions: OpenSessions, owner: Identity
) -> None:
    token = sessions.start(owner).token
    for handle in (sessions, open_sessions()):
        told = handle.identify(token).identity
        assert told == owner
        for field in ("issuer", "subject", "name", "owner", "roles", "is_guest"):
            assert getattr(told, field) == getattr(owner, field)


def test_a_session_keeps_the_roles_of_its_beginning(sessions: Sessions) -> None:
    tokens = [sessions.start(ALICE.with_roles([role])).token for role in ("merchant", "customer")]
    told = [sessions.identify(token).identity.roles for token in tokens]
    assert told == [{"merchant"}, {"customer"}]


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


def test_all_sessions_of_an_owner_end_at_once(
    sessions: Sessions, open_sessions: OpenSessions, session: Session
) -> None:
    others = [sessions.start(owner) for owner in (BOB, *OWNERS.values()) if owner != ALICE]
    mine = [session, sessions.start(ALICE.with_roles(["merchant"])), sessions.start(ALICE)]
    assert sessions.revoke_all(ALICE.owner) == 3
    for handle in (sessions, open_sessions()):
        for ended in mine:
            with pytest.raises(LogIn, match="revoked"):
                handle.identify(ended.token)
        assert [handle.identify(other.token) for other in others] == others
    assert sessions.revoke_all(ALICE.owner) == 0
    sessions.identify(sessions.start(ALICE).token)  # and who logs in again is in


@pytest.mark.parametrize("owner", OWNERS.values(), ids=OWNERS)
def test_whoever_it_is_all_their_sessions_end(
    sessions: Sessions, session: Session, owner: Identity
) -> None:
    known = 1 if owner == session.identity else 0
    token = sessions.start(owner).token
    assert sessions.revoke_all(owner.owner) == known + 1
    with pytest.raises(LogIn):
        sessions.identify(token)
    assert sessions.revoke_all(owner.owner) == 0


def test_subjects_that_differ_in_case_are_different_owners(sessions: Sessions) -> None:
    lower, upper = (Identity("x", issuer=ISSUER, subject=subject) for subject in ("a", "A"))
    kept = sessions.start(upper)
    sessions.start(lower)
    assert sessions.revoke_all(lower.owner) == 1
    assert sessions.identify(kept.token) == kept


def test_what_is_over_is_not_counted_as_ended(
    sessions: Sessions, session: Session, clock: Clock
) -> None:
    clock.move(hours=1)
    later = sessions.start(ALICE)
    clock.move(hours=SESSION_HOURS - 1)
    assert sessions.revoke_all(ALICE.owner) == 1
    clock.move(hours=-1)
    for ended in (session, later):
        with pytest.raises(LogIn, match="revoked"):
            sessions.identify(ended.token)


@pytest.mark.parametrize("owner", ["alice", "", "../alice", "oidc:0", "guest:"])
def test_who_has_no_session_has_none_to_end(sessions: Sessions, store: Path, owner: str) -> None:
    assert sessions.revoke_all(owner) == 0
    assert not store.exists()


def test_sessions_that_are_ended_in_a_race_are_counted_once(
    sessions: Sessions, open_sessions: OpenSessions
) -> None:
    for _ in range(20):
        sessions.start(ALICE)
    handles = [sessions, open_sessions()]
    counts = at_once(4, lambda number: handles[number % 2].revoke_all(ALICE.owner))
    assert sum(count for count in counts if isinstance(count, int)) == 20


def test_racing_logins_all_count(sessions: Sessions) -> None:
    started = at_once(8, lambda _: sessions.start(ALICE))
    tokens = [session.token for session in started if isinstance(session, Session)]
    assert [sessions.identify(token) for token in tokens] == started
    assert len(set(tokens)) == 8


def test_all_sessions_but_one_end(sessions: Sessions, session: Session) -> None:
    others = [sessions.start(ALICE) for _ in range(3)]
    bobs = sessions.start(BOB)
    assert sessions.revoke_all(ALICE.owner, but=session.token) == 3
    assert sessions.identify(session.token) == session
    assert sessions.identify(bobs.token) == bobs
    for ended in others:
        with pytest.raises(LogIn, match="revoked"):
            sessions.identify(ended.token)
    assert sessions.revoke_all(ALICE.owner, but=bobs.token) == 1  # which is not hers
    assert sessions.identify(bobs.token) == bobs


@pytest.mark.parametrize("owner", OWNERS.values(), ids=OWNERS)
def test_an_owner_sees_their_sessions_without_the_tokens(
    sessions: Sessions, open_sessions: OpenSessions, clock: Clock, owner: Identity
) -> None:
    sessions.start(BOB)
    started = []
    for _ in range(3):
        started.append((sessions.start(owner), clock.now))
        clock.move(hours=0.5)
    for handle in (sessions, open_sessions()):
        seen = handle.lasting(owner.owner)
        assert [(one.created, one.expires) for one in seen] == [
            (created, session.expires) for session, created in started
        ]
        for one, (session, _) in zip(seen, started, strict=True):
            assert session.token.startswith(one.id)
            with pytest.raises(LogIn):
                sessions.identify(one.id)
    clock.move(hours=1)
    assert len(sessions.lasting(owner.owner)) == 1  # those that are over are gone
    assert sessions.lasting("nobody") == []


def test_one_session_is_ended_by_its_id(sessions: Sessions, session: Session) -> None:
    other = sessions.start(ALICE)
    kept, gone = (
        next(one.id for one in sessions.lasting("alice") if each.token.startswith(one.id))
        for each in (session, other)
    )
    for owner, session_id in (("bob", gone), ("alice", gone[:-1]), ("alice", f"../{gone}")):
        sessions.revoke_one(owner, session_id)
    assert sessions.identify(other.token) == other
    sessions.revoke_one("alice", gone)
    sessions.revoke_one("alice", gone)
    with pytest.raises(LogIn, match="revoked"):
        sessions.identify(other.token)
    assert [one.id for one in sessions.lasting("alice")] == [kept]


def test_only_what_is_over_is_pruned(sessions: Sessions, session: Session, clock: Clock) -> None:
    for _ in range(3):
        sessions.start(Identity.guest())
    clock.move(hours=SESSION_HOURS / 2)
    lasting = sessions.start(BOB)
    clock.move(hours=SESSION_HOURS / 2, seconds=1)
    assert sessions.prune(dry_run=True) == 4
    assert sessions.prune() == 4
    assert sessions.prune() == 0
    assert sessions.identify(lasting.token) == lasting
