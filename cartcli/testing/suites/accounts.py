"""What the merchant is promised about the users of a provider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cartcli import Identity
from cartcli.errors import ChooseExisting, FixInput, LogIn
from cartcli.idp import Accounts, Logins
from cartcli.model.people import CUSTOMER, Role
from cartcli.testing.fixtures import OpenAccounts, OpenLogins
from cartcli.testing.values import ALICE, BOB, PASSWORD, at_once

pytestmark = pytest.mark.usefixtures("quick_passwords")
UNKNOWN = [BOB, Identity.guest(), Identity("alice", issuer="https://id.example", subject="alice")]


@pytest.fixture
def alice(logins: Logins) -> Identity:
    """Alice, who has just been registered."""
    return logins.register(ALICE, PASSWORD)


def test_a_user_is_known_once_registered(
    logins: Logins, accounts: Accounts, open_accounts: OpenAccounts
) -> None:
    assert not accounts.knows(ALICE)
    logins.register(Identity("Alice"), PASSWORD)
    assert accounts.knows(ALICE)
    assert open_accounts().knows(ALICE)
    assert not accounts.knows(BOB)


@pytest.mark.parametrize("roles", [["merchant"], ["customer", "merchant"], ["customer"]])
def test_who_logs_in_has_exactly_the_roles_given(
    accounts: Accounts, logins: Logins, open_logins: OpenLogins, alice: Identity, roles: list[Role]
) -> None:
    accounts.give_roles(alice, ["merchant", "customer"])
    given = accounts.give_roles(Identity("ALICE"), iter(roles))
    for told in (
        given,
        *(handle.authenticate(ALICE, PASSWORD) for handle in (logins, open_logins())),
    ):
        assert (told, told.name, told.roles) == (ALICE, "alice", frozenset(roles))


def test_nobody_elses_roles_change(accounts: Accounts, logins: Logins, alice: Identity) -> None:
    logins.register(BOB, PASSWORD)
    accounts.give_roles(alice, ["merchant"])
    assert logins.authenticate(BOB, PASSWORD).roles == CUSTOMER


@pytest.mark.parametrize(
    "roles", [[], ["owner"], ["merchant", ""], ["Merchant"], "merchant"], ids=repr
)
def test_what_is_no_role_is_not_given(
    accounts: Accounts, logins: Logins, alice: Identity, roles: Any
) -> None:
    accounts.give_roles(alice, ["merchant"])
    with pytest.raises(FixInput):
        accounts.give_roles(alice, roles)
    assert logins.authenticate(alice, PASSWORD).roles == {"merchant"}


@pytest.mark.parametrize("identity", UNKNOWN, ids=["a name", "a guest", "another provider's"])
def test_who_is_not_known_is_given_no_role(
    accounts: Accounts, alice: Identity, identity: Identity
) -> None:
    with pytest.raises(ChooseExisting):
        accounts.give_roles(identity, ["merchant"])
    assert not accounts.knows(identity)


def test_where_there_are_no_users_nothing_is_written(accounts: Accounts, store: Path) -> None:
    with pytest.raises(ChooseExisting):
        accounts.give_roles(ALICE, ["merchant"])
    assert not store.exists()


def test_racing_gifts_follow_one_another(
    open_accounts: OpenAccounts, accounts: Accounts, logins: Logins, alice: Identity
) -> None:
    choices: list[list[Role]] = [["customer"], ["merchant"], ["customer", "merchant"]]
    handles = [accounts, open_accounts()]

    def give(number: int) -> list[Identity]:
        handle = handles[number % 2]
        return [handle.give_roles(alice, roles) for roles in choices * 3]

    assert at_once(8, give) == [[alice] * 9] * 8
    assert logins.authenticate(alice, PASSWORD).roles == {*choices[-1]}


def test_the_merchant_gives_another_password_without_the_old_one(
    accounts: Accounts, logins: Logins, open_logins: OpenLogins, alice: Identity
) -> None:
    accounts.give_roles(alice, ["merchant"])
    with pytest.raises(FixInput):
        accounts.set_password(alice, "short")
    logins.authenticate(alice, PASSWORD)
    accounts.set_password(Identity("ALICE"), "another password")
    with pytest.raises(LogIn):
        logins.authenticate(alice, PASSWORD)
    assert open_logins().authenticate(alice, "another password").roles == {"merchant"}


@pytest.mark.parametrize("identity", UNKNOWN, ids=["a name", "a guest", "another provider's"])
def test_who_is_not_known_is_given_no_password(
    accounts: Accounts, alice: Identity, identity: Identity
) -> None:
    with pytest.raises(ChooseExisting):
        accounts.set_password(identity, "another password")
    assert not accounts.knows(identity)


def test_a_user_who_is_removed_is_unknown(
    accounts: Accounts, logins: Logins, open_accounts: OpenAccounts, alice: Identity
) -> None:
    logins.register(BOB, PASSWORD)
    assert accounts.remove("alice")
    assert not accounts.remove("alice")
    for handle in (accounts, open_accounts()):
        assert (handle.knows(alice), handle.knows(BOB)) == (False, True)
    with pytest.raises(LogIn):
        logins.authenticate(alice, PASSWORD)
    with pytest.raises(ChooseExisting):
        accounts.give_roles(alice, ["merchant"])
    assert logins.register(alice, "another password").roles == CUSTOMER


def test_who_is_not_there_is_not_removed(accounts: Accounts, store: Path) -> None:
    for owner in ("alice", "../alice", "guest:x", ""):
        assert not accounts.close(owner)
        assert not accounts.remove(owner)
    assert accounts.prune() == 0
    assert not store.exists()


def test_who_is_closed_is_let_in_no_more_and_replaced_by_nobody(
    accounts: Accounts, logins: Logins, open_accounts: OpenAccounts, alice: Identity
) -> None:
    logins.register(BOB, PASSWORD)
    stamps = logins.stamp(alice), logins.stamp(BOB)
    assert accounts.close("alice")
    assert accounts.close("alice")
    for handle in (accounts, open_accounts()):
        assert (handle.knows(alice), handle.knows(BOB)) == (False, True)
    for attempt in (logins.authenticate, logins.register):
        with pytest.raises(LogIn):
            attempt(alice, PASSWORD)
    for change in (
        lambda: accounts.set_password(alice, "another password"),
        lambda: accounts.give_roles(alice, ["merchant"]),
    ):
        with pytest.raises(ChooseExisting):
            change()
    assert (logins.stamp(alice), logins.stamp(BOB)) == ("", stamps[1])
    assert accounts.remove("alice")
    logins.register(alice, PASSWORD)
    assert logins.stamp(alice) != ""


def test_a_stamp_tells_of_every_change(accounts: Accounts, logins: Logins, alice: Identity) -> None:
    stamps = [logins.stamp(alice)]
    assert logins.stamp(Identity("Alice")) == stamps[0]
    accounts.give_roles(alice, ["merchant"])
    stamps.append(logins.stamp(alice))
    for _ in range(2):  # the same password again is another one
        accounts.set_password(alice, PASSWORD)
        stamps.append(logins.stamp(alice))
    accounts.remove("alice")
    stamps.append(logins.stamp(alice))
    assert len({*stamps}) == len(stamps)
    assert stamps[-1] == logins.stamp(BOB) == ""
