"""The identity provider: who somebody is (`Logins`), and for how long that holds (`Sessions`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from cartcli.model.people import Identity, Role, Session
    from cartcli.model.sessions import SessionInfo

LOCAL: Final = "local"  # whoever runs a program on the store itself


class Logins(Protocol):
    """Registers and authenticates users by name and password. Whether there is such a user, nobody
    is told who does not know the password.

    Tries are limited by `client`, which tells from where one comes, and account, and the work of
    all by a number at a time; nobody is made to wait for a turn. The right password lets in even
    when there were too many tries, if there is room to look at it."""

    def register(self, identity: Identity, password: str) -> Identity:
        """Add a user, a customer, and return who that is. FixInput when the password is unfit;
        LogIn, the same as for a wrong password, when the name is taken; RetryLater when too many
        people log in at once."""

    def authenticate(self, identity: Identity, password: str, client: str = LOCAL) -> Identity:
        """Who that is, with their roles, when the password is theirs. LogIn, the same for both,
        when user or password is wrong; RetryLater when there were too many tries of this client, or
        of all, and when too many people log in at once. The fact `seconds` tells when to try again,
        if that is known."""

    def stamp(self, identity: Identity) -> str:
        """Something that is another one once the user's password or roles were changed, or the user
        was removed; "" when there is none. What was begun under one counts if it still is the
        stamp."""

    def change_password(self, identity: Identity, old: str, new: str, client: str = LOCAL) -> None:
        """Let the user in with the `new` password instead of the `old` one; nothing when that was
        done before. Raises what `authenticate` does, FixInput when the new one is unfit, and
        RetryLater when somebody else changes the user meanwhile, who wins."""


class Accounts(Protocol):
    """The merchant's view of the users."""

    def knows(self, identity: Identity) -> bool:
        """Whether there is such a user."""

    def give_roles(self, identity: Identity, roles: Iterable[Role]) -> Identity:
        """Give a user these roles, instead of those they had; who logs in from now on has them.
        ChooseExisting when there is no such user, FixInput for a role that is none."""

    def set_password(self, identity: Identity, password: str) -> None:
        """Let a user in with this password instead of the one they had. ChooseExisting when there
        is no such user, FixInput when the password is unfit."""

    def close(self, owner: str) -> bool:
        """Let the user in no more who is this owner (`Identity.owner`), and nobody register by that
        name until it is removed; whether there is one."""

    def remove(self, owner: str) -> bool:
        """Remove the user who is this owner, and their tries to log in; whether there was one."""

    def prune(self, *, dry_run: bool = False) -> int:
        """Remove the tries to log in that count no more, and return how many there are; with
        `dry_run` they stay."""


class Sessions(Protocol):
    """Keeps sessions, each until it ends or is revoked. It knows no provider: whoever starts one
    has authenticated whose it is. A session has the roles that its owner had when it began."""

    def start(self, identity: Identity) -> Session:
        """A new session of somebody who has been authenticated, or of a guest."""

    def identify(self, token: str) -> Session:
        """The session of `token`. LogIn when it is unknown, over, or revoked."""

    def revoke(self, token: str) -> None:
        """End the session of `token`; nothing when there is none."""

    def revoke_all(self, owner: str, *, but: str = "") -> int:
        """End every session of this owner (`Identity.owner`), but the one of the token `but`, and
        return how many there were."""

    def lasting(self, owner: str) -> list[SessionInfo]:
        """The sessions of this owner that have not ended, oldest first."""

    def prune(self, *, dry_run: bool = False) -> int:
        """Remove the sessions that are over, and return how many there are; with `dry_run` they
        stay."""

    def revoke_one(self, owner: str, session_id: str) -> None:
        """End the session of this owner with this id; nothing when there is none."""


def open_logins(store: str, lock_wait: float, clock: Callable[[], datetime]) -> Logins:
    """The embedded provider, which knows users by their passwords, in the folder `store`."""
    from cartcli.idp.passwords import PasswordLogins

    return PasswordLogins(store, lock_wait, clock)


def open_accounts(store: str, lock_wait: float, clock: Callable[[], datetime]) -> Accounts:
    """The users of the embedded provider in the folder `store`."""
    from cartcli.idp.passwords import PasswordLogins

    return PasswordLogins(store, lock_wait, clock)


def open_sessions(store: str, session_hours: float, clock: Callable[[], datetime]) -> Sessions:
    """The sessions in the folder `store`; each lasts `session_hours`."""
    from cartcli.idp.session_files import SessionFiles

    return SessionFiles(store, session_hours, clock)
