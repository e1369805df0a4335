"""Sessions on files: records from when there were only users with passwords, and damaged ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cartcli.errors import LogIn, RestoreData
from cartcli.files import sealed
from cartcli.idp.session_files import SessionFiles
from cartcli.model.people import CUSTOMER, Identity, Session
from tests.helpers import ALICE, BOB, Clock

NEW = ("issuer", "subject", "name", "roles")


@pytest.fixture
def sessions(store: Path, clock: Clock) -> SessionFiles:
    return SessionFiles(str(store), 2, clock)


@pytest.fixture
def session(sessions: SessionFiles) -> Session:
    """A session of alice, a merchant."""
    return sessions.start(ALICE.with_roles(["merchant"]))


def file_of(store: Path, session: Session) -> Path:
    session_id = session.token.partition(".")[0]
    return store / "sessions" / session_id[:2] / f"{session_id}.json"


def change(path: Path, **fields: Any) -> None:
    """Save the record with these `fields`; one that is None is left out."""
    record = sealed.read(str(path)) | fields
    path.write_bytes(
        sealed.seal({name: value for name, value in record.items() if value is not None})
    )


def test_a_record_of_only_a_user_is_of_a_customer(
    sessions: SessionFiles, session: Session, store: Path
) -> None:
    change(file_of(store, session), **dict.fromkeys(NEW))
    told = sessions.identify(session.token)
    assert told == session
    assert (told.identity.name, told.identity.roles) == ("alice", CUSTOMER)
    assert sessions.revoke_all("alice") == 1


def test_a_record_has_what_older_versions_read(session: Session, store: Path) -> None:
    record = sealed.read(str(file_of(store, session)))
    assert record.keys() - {*NEW} == {"user", "digest", "created", "expires"}
    assert record["user"] == "alice"


@pytest.mark.parametrize(
    "fields",
    [
        {"user": None},
        {"user": "bob"},
        {"user": "guest:x"},
        {"issuer": "https://id.example"},
        {"issuer": 1},
        {"subject": ["alice"]},
        {"name": "bob"},
        {"name": "\udcff"},
        {"roles": "merchant"},
        {"roles": ["owner"]},
        {"roles": [["merchant"]]},
        {"roles": {"merchant": 1}},
        {"expires": "tomorrow"},
        {"digest": None},
    ],
    ids=repr,
)
def test_what_is_no_session_is_damaged_and_stays(
    sessions: SessionFiles, session: Session, store: Path, fields: dict[str, Any]
) -> None:
    path = file_of(store, session)
    change(path, **fields)
    with pytest.raises(RestoreData, match=r"\.json") as damaged:
        sessions.identify(session.token)
    assert damaged.value.path == str(path)
    assert sessions.revoke_all("alice") == sessions.revoke_all("bob") == 0
    assert path.exists()


def test_what_cannot_be_read_keeps_no_session_from_ending(
    sessions: SessionFiles, session: Session, store: Path
) -> None:
    for content in (b"", b"not ours", b"\0" * 400):
        file_of(store, sessions.start(ALICE)).write_bytes(content)
    for folder in ("ab", "xy", session.token[:2]):
        for name in (f"{folder}{'0' * 30}", "..", "x", f"{'0' * 32}.tmp"):
            (store / "sessions" / folder / f"{name}.json").mkdir(parents=True)
    (store / "sessions" / "stray").write_text("not ours")
    before = {path for path in store.rglob("*") if path.is_file()}
    kept = sessions.start(BOB)
    assert sessions.revoke_all("alice") == 1
    after = {path for path in store.rglob("*") if path.is_file()}
    assert before - after == {file_of(store, session)}
    assert sessions.identify(kept.token) == kept


def test_a_token_is_not_on_disk(sessions: SessionFiles, store: Path) -> None:
    session = sessions.start(Identity.guest())
    assert session.token.partition(".")[2].encode() not in file_of(store, session).read_bytes()


def test_a_login_by_a_name_that_is_refused_by_now_is_over(
    sessions: SessionFiles, session: Session, store: Path
) -> None:
    """Version 0.1.0 let more names in."""
    invisible = "al\N{HANGUL CHOSEONG FILLER}ice"
    change(file_of(store, session), user=invisible, subject=invisible, name=invisible)
    with pytest.raises(LogIn, match="not allowed any more"):
        sessions.identify(session.token)
    assert sessions.revoke_all("alice") == 0
    assert sessions.revoke_all(invisible) == 1
