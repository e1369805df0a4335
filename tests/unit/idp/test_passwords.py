"""Users on files: the roles in their records, and changes that meet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import argon2
import pytest

from cartcli import Identity
from cartcli.errors import LogIn, RestoreData, RetryLater
from cartcli.files import sealed
from cartcli.idp.passwords import PasswordLogins
from tests.helpers import ALICE, PASSWORD, Clock, held

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def logins(store: Path, clock: Clock) -> PasswordLogins:
    """Alice is registered."""
    logins = PasswordLogins(str(store), 0.05, clock)
    logins.register(ALICE, PASSWORD)
    return logins


@pytest.fixture
def record(logins: PasswordLogins, store: Path) -> Path:
    """The file of alice's record."""
    return store / "users" / "alice.json"


def test_a_record_without_roles_is_of_a_customer(logins: PasswordLogins, record: Path) -> None:
    assert sealed.read(str(record)).keys() == {"user", "hash", "created"}
    assert logins.authenticate(ALICE, PASSWORD).roles == {"customer"}


def test_roles_are_added_and_all_else_stays(logins: PasswordLogins, record: Path) -> None:
    before = sealed.read(str(record))
    logins.give_roles(ALICE, ["merchant", "customer", "merchant"])
    assert sealed.read(str(record)) == before | {"roles": ["customer", "merchant"]}


@pytest.mark.parametrize(
    "roles", ["merchant", ["owner"], [1], [["merchant"]], {"merchant": 1}, None, 0], ids=repr
)
def test_roles_that_are_none_are_damage(logins: PasswordLogins, record: Path, roles: Any) -> None:
    record.write_bytes(sealed.seal(sealed.read(str(record)) | {"roles": roles}))
    with pytest.raises(RestoreData, match="alice"):
        logins.authenticate(ALICE, PASSWORD)
    logins.give_roles(ALICE, ["customer"])  # which puts it right
    logins.authenticate(ALICE, PASSWORD)


def test_a_damaged_record_is_given_no_role(logins: PasswordLogins, record: Path) -> None:
    bob = sealed.seal(sealed.read(str(record)) | {"user": "bob"})
    for content in (b"not ours", bob):
        record.write_bytes(content)
        with pytest.raises(RestoreData):
            logins.give_roles(ALICE, ["merchant"])
        assert record.read_bytes() == content


def test_roles_are_given_by_one_at_a_time(logins: PasswordLogins, record: Path) -> None:
    before = record.read_bytes()
    with held(record.with_name("lock")), pytest.raises(RetryLater):
        logins.give_roles(ALICE, ["merchant"])
    assert record.read_bytes() == before
    logins.give_roles(ALICE, ["merchant"])


def test_who_has_a_short_password_still_logs_in(logins: PasswordLogins, record: Path) -> None:
    """Version 0.1.0 took any."""
    short = argon2.PasswordHasher().hash("demo")
    record.write_bytes(sealed.seal(sealed.read(str(record)) | {"hash": short}))
    logins.authenticate(ALICE, "demo")


def test_what_a_killed_writer_left_of_a_user_goes_with_them(
    logins: PasswordLogins, record: Path
) -> None:
    left = record.with_name("alice.json.tmp")
    left.write_bytes(b"{")
    assert logins.remove("alice")
    assert not left.exists()


def test_who_has_a_damaged_record_can_be_removed(logins: PasswordLogins, record: Path) -> None:
    record.write_bytes(b"damaged")
    assert logins.knows(ALICE)
    with pytest.raises(RestoreData):
        logins.stamp(ALICE)
    assert logins.close("alice")
    assert not logins.knows(ALICE)
    assert logins.remove("alice")


MEANWHILE: Final[dict[str, Callable[[PasswordLogins], object]]] = {
    "another password": lambda logins: logins.set_password(ALICE, "one by the merchant"),
    "another role": lambda logins: logins.give_roles(ALICE, ["merchant"]),
    "closed": lambda logins: logins.close(ALICE.owner),
    "gone": lambda logins: logins.remove(ALICE.owner),
}


@pytest.mark.parametrize("meanwhile", MEANWHILE.values(), ids=MEANWHILE)
@pytest.mark.parametrize("when", ["before the old one is looked at", "after it"])
def test_a_password_under_way_undoes_nothing_that_the_merchant_does_meanwhile(
    logins: PasswordLogins,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[PasswordLogins], object],
    when: str,
) -> None:
    authenticate, stamps = logins.authenticate, list[str]()

    def held_up(*args: Any) -> Identity:
        let_in = authenticate(*args) if when == "after it" else None
        if not stamps:
            meanwhile(logins)
            stamps.append(logins.stamp(ALICE))
        return let_in or authenticate(*args)

    monkeypatch.setattr(logins, "authenticate", held_up)
    with pytest.raises((LogIn, RetryLater)):
        logins.change_password(ALICE, PASSWORD, "one of her own")
    monkeypatch.undo()
    assert [logins.stamp(ALICE)] == stamps
