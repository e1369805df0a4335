"""The identity provider: says who a user is."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

from cartcli.model import Identity


class Session(NamedTuple):
    """A login: the credential `token`, whose it is, and until when (UTC). Showing it hides the
    token."""

    token: str
    identity: Identity
    expires: datetime

    def __repr__(self) -> str:
        return f"Session(token=<hidden>, {self.identity!r}, expires={self.expires!r})"


class IdentityProvider(Protocol):
    """Registers and authenticates users."""

    def knows(self, identity: Identity) -> bool:
        """Whether there is such a user."""

    def register(self, identity: Identity, password: str) -> None:
        """Add a user. FixInput when the name is taken or the password unfit."""

    def login(self, identity: Identity, password: str) -> Session:
        """A new session. LogIn, the same for both, when user or password is wrong."""

    def identify(self, token: str) -> Session:
        """The session of `token`. LogIn when it is unknown, over, or revoked."""

    def logout(self, token: str) -> None:
        """Revoke the session of `token`; nothing when there is none."""


def open_idp(
    store: str, session_hours: float, lock_wait: float, clock: Callable[[], datetime]
) -> IdentityProvider:
    """The embedded identity provider with its users and sessions in the folder `store`; a session
    lasts `session_hours`."""
    from cartcli.idp.local import LocalIdentityProvider

    return LocalIdentityProvider(store, session_hours, lock_wait, clock)
