"""Who a user is, and for how long that is known."""

import unicodedata
from datetime import datetime
from typing import Final, NamedTuple, NoReturn

MAX_NAME_BYTES: Final = 80


class Identity:
    """Who a user is. A program that has authenticated its user itself makes one: Identity("alice").

    Names are compared after NFKC and case folding, so `Alice` and `alice` are one user. A name is
    1 to 80 bytes of UTF-8 in that form, without control characters; others raise ValueError.
    """

    __slots__ = ("user",)
    user: str

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "user", _canonical(name))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Identity is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Identity is frozen: {name} cannot be deleted")

    def __reduce__(self) -> "tuple[type[Identity], tuple[str]]":
        return Identity, (self.user,)

    def __eq__(self, other: object) -> bool:
        return self.user == other.user if isinstance(other, Identity) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.user)

    def __repr__(self) -> str:
        return f"Identity({self.user!r})"


class Session(NamedTuple):
    """A login: the credential `token`, whose it is, and until when (UTC). Showing it hides the
    token."""

    token: str
    identity: Identity
    expires: datetime

    def __repr__(self) -> str:
        return f"Session(token=<hidden>, {self.identity!r}, expires={self.expires!r})"


def _canonical(name: str) -> str:
    """The form in which names are compared: folded until folding changes nothing any more."""
    if len(name) > MAX_NAME_BYTES:
        raise ValueError(f"the user name is longer than {MAX_NAME_BYTES} bytes")
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    while (again := unicodedata.normalize("NFKC", folded).casefold()) != folded:
        folded = again
    if not folded:
        raise ValueError("the user name is empty")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") for char in folded):
        raise ValueError(f"the user name {name!r} contains a control or unassigned character")
    if len(folded.encode()) > MAX_NAME_BYTES:
        raise ValueError(f"the user name is longer than {MAX_NAME_BYTES} bytes")
    return folded
