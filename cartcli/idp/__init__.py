"""The identity provider: who a user is (`Logins`), and for how long that holds (`Sessions`)."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from cartcli.model.people import Identity, Session


class Logins(Protocol):
    """Registers and authenticates users."""

    def knows(self, identity: Identity) -> bool:
        """Whether there is such a user."""

    def register(self, identity: Identity, password: str) -> None:
        """Add a user. FixInput when the name is taken or the password unfit."""

    def authenticate(self, identity: Identity, password: str) -> None:
        """Nothing when the password is the user's. LogIn, the same for both, when user or password
        is wrong; RetryLater when there were too many tries."""


class Sessions(Protocol):
    """Keeps sessions, each until it ends or is revoked."""

    def start(self, identity: Identity) -> Session:
        """A new session of a user who has been authenticated."""

    def identify(self, token: str) -> Session:
        """The session of `token`. LogIn when it is unknown, over, or revoked."""

    def revoke(self, token: str) -> None:
        """End the session of `token`; nothing when there is none."""


def open_logins(store: str, lock_wait: float, clock: Callable[[], datetime]) -> Logins:
    """The embedded provider, which knows users by their passwords, in the folder `store`."""
    from cartcli.idp.passwords import PasswordLogins

    return PasswordLogins(store, lock_wait, clock)


def open_sessions(store: str, session_hours: float, clock: Callable[[], datetime]) -> Sessions:
    """The sessions in the folder `store`; each lasts `session_hours`."""
    from cartcli.idp.session_files import SessionFiles

    return SessionFiles(store, session_hours, clock)
