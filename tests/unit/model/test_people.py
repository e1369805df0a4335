"""Who somebody is: names, foreign providers, guests, roles, and sessions."""

from __future__ import annotations

import pickle
import unicodedata
from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cartcli import Identity, Session
from cartcli.model.people import CUSTOMER, MAX_NAME_BYTES

GOOGLE: Final = "https://accounts.example"


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("alice", "alice"),
        ("  Alice ", "alice"),
        ("ALICE", "alice"),
        ("Zoe\u0308", "zoë"),
        ("\uff21\uff2c\uff29\uff23\uff25", "alice"),  # full width
        ("Straße", "strasse"),
        ("ﬁsh", "fish"),
        ("\u00df\u0301", "s\u015b"),  # folding it once leaves something to fold
        ("玉露", "玉露"),
        ("a b", "a b"),
        ("../etc/passwd", "../etc/passwd"),
        ("x" * MAX_NAME_BYTES, "x" * MAX_NAME_BYTES),
    ],
)
def test_names_are_compared_in_one_form(name: str, owner: str) -> None:
    assert Identity(name).owner == Identity(name).name == owner
    assert Identity(name) == Identity(owner)
    assert hash(Identity(name)) == hash(Identity(owner))


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "\t\n", "a\x00b", "a\nb", "\x1b[31m", "a\x7fb", "\ud800", "\ue000", "\u0378"),
        *("guest:1", "OIDC:1", "\uff47uest:1", "oidc:"),
        *("x" * (MAX_NAME_BYTES + 1), "ü" * 41, "玉" * 27, "\ufdfa" * 10, "x" * 10_000_000),
    ],
    ids=lambda name: ascii(name[:6]),
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="user name"):
        Identity(name)


@given(st.text(min_size=1, max_size=MAX_NAME_BYTES))
def test_a_name_has_one_form(name: str) -> None:
    try:
        identity = Identity(name)
    except ValueError:
        return
    owner = identity.owner
    assert Identity(owner) == identity
    assert unicodedata.normalize("NFKC", owner).casefold() == owner
    assert 1 <= len(owner.encode()) <= MAX_NAME_BYTES
    assert pickle.loads(pickle.dumps(identity)) == identity
    for spelling in (name.upper(), name.lower(), f" {name}", unicodedata.normalize("NFD", name)):
        assume(unicodedata.normalize("NFKC", spelling.strip()).casefold() == owner)
        assert Identity(spelling) == identity


def test_an_identity_is_frozen() -> None:
    alice = Identity("alice")
    with pytest.raises(AttributeError):
        alice.owner = "bob"
    with pytest.raises(AttributeError):
        del alice.owner
    assert repr(alice) == "Identity('alice')"
    assert alice != "alice"


def test_whom_another_provider_knows_is_nobody_of_the_shops_own() -> None:
    foreign = Identity("Alice A.", issuer=GOOGLE, subject="AliceA")
    assert (foreign.name, foreign.subject) == ("Alice A.", "AliceA")  # as they are
    assert foreign.owner.startswith("oidc:")
    assert foreign == Identity("another name", issuer=GOOGLE, subject="AliceA")
    others = (
        Identity("Alice A.", issuer=GOOGLE, subject="alicea"),
        Identity("Alice A.", issuer="https://other.example", subject="AliceA"),
        Identity("AliceA"),
    )
    assert all(other != foreign and other.owner != foreign.owner for other in others)
    assert repr(foreign) == f"Identity('Alice A.', issuer={GOOGLE!r}, subject='AliceA')"


def test_a_guest_is_somebody_new() -> None:
    guests = {Identity.guest() for _ in range(100)}
    assert len({guest.owner for guest in guests}) == 100
    assert all(guest.is_guest and guest.owner.startswith("guest:") for guest in guests)
    assert not Identity("guest").is_guest
    for guest in guests:
        with pytest.raises(ValueError, match="begins with guest:"):
            Identity(guest.owner)


@pytest.mark.parametrize(
    "identity",
    [Identity("alice"), Identity.guest(), Identity("Alice", issuer=GOOGLE, subject="1")],
    ids=lambda identity: identity.name,
)
def test_roles_do_not_make_another_one(identity: Identity) -> None:
    assert identity.roles == CUSTOMER
    merchant = identity.with_roles(["merchant"])
    assert merchant.roles == {"merchant"}
    assert (merchant, merchant.owner, merchant.name) == (identity, identity.owner, identity.name)
    again = pickle.loads(pickle.dumps(merchant))
    assert (again, again.roles, again.name) == (merchant, merchant.roles, merchant.name)


def test_a_session_hides_its_token() -> None:
    session = Session("a secret", Identity("alice"), datetime(2026, 1, 2, tzinfo=UTC))
    assert "a secret" not in f"{session} {session!r}"
    assert "alice" in repr(session)


@pytest.mark.parametrize(
    ("issuer", "subject", "name"),
    [
        ("https://id.example", "", "Ann"),
        ("https://id.example", "x" * 256, "Ann"),
        ("https://id.example", "\ud800", "Ann"),
        ("https://id.example", "1", "\udfff"),
        ("\ud800", "1", "Ann"),
        ("guest", "ab", "guest"),
        ("guest", "G" * 32, "guest"),
    ],
)
def test_what_no_provider_can_tell_is_refused(issuer: str, subject: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"does not tell|128 bits|not Unicode"):
        Identity(name, issuer=issuer, subject=subject)


def test_a_role_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no role 'boss'"):
        Identity("alice", roles=["boss"])  # type: ignore[list-item]
