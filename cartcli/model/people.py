"""Who somebody is, and for how long that is known."""

import os
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal, NamedTuple, NoReturn

from cartcli.errors import FixInput

MAX_NAME_BYTES: Final = 80
Role = Literal["customer", "merchant"]
CUSTOMER: Final[frozenset[Role]] = frozenset(("customer",))
_ROLES: Final[frozenset[Role]] = frozenset(("customer", "merchant"))
_LONGEST_SUBJECT: Final = 255  # characters (OpenID Connect Core 1.0, section 2)
GUESTS: Final = "guest:"  # owners that are guests begin with it
_GUEST: Final = "guest"
_FORGOTTEN: Final = "forgotten-"
# Owners of other kinds than names begin with these.
_RESERVED: Final = (GUESTS, "oidc:", _FORGOTTEN)


class Identity:
    """Who asks: what an identity provider vouches for (OpenID Connect: a principal).

    A program that has authenticated its user itself makes one: Identity("alice"). Such names are
    compared after NFKC and case folding, so `Alice` and `alice` are one user. A name is 1 to 80
    bytes of UTF-8 in that form, and one look is one name: it has no invisible characters, no two
    blanks in a row, and the dashes and quotes of a keyboard; its letters are of one alphabet,
    beside Chinese, Japanese and Korean ones, and not all of them look like those of another. It
    does not begin with `guest:`, `oidc:` or `forgotten-`. Other names raise FixInput.

    `issuer` is the provider, "" for names of the shop's own; `subject` is whom that provider means,
    taken as it is, and never ""; `name` is for people to read. `owner` is the id under which carts
    are kept. Two are equal if issuer and subject are.

    >>> Identity("Alice") == Identity("alice")
    True
    """

    __slots__ = ("issuer", "name", "owner", "roles", "subject")
    issuer: str
    subject: str
    name: str
    owner: str
    roles: frozenset[Role]

    def __init__(
        self,
        name: str,
        *,
        roles: Iterable[Role] = CUSTOMER,
        issuer: str = "",
        subject: str = "",
    ) -> None:
        name = text("name", name)
        issuer, subject = text("issuer", issuer), text("subject", subject)
        if not issuer:
            name = subject = _canonical(name)
        else:
            _check_vouched(issuer, subject, name)
        for field, value in (
            ("issuer", issuer),
            ("subject", subject),
            ("name", name),
            ("owner", _owner(issuer, subject)),
            ("roles", checked_roles(roles)),
        ):
            object.__setattr__(self, field, value)

    @classmethod
    def guest(cls) -> "Identity":
        """Somebody new whom nobody knows: 128 random bits, which nobody can guess or register."""
        return cls(_GUEST, issuer=_GUEST, subject=os.urandom(16).hex())

    @property
    def is_guest(self) -> bool:
        """Whether nobody has vouched for who this is."""
        return self.issuer == _GUEST

    def with_roles(self, roles: Iterable[Role]) -> "Identity":
        """The same one with these `roles`."""
        return Identity(self.name, roles=roles, issuer=self.issuer, subject=self.subject)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Identity is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Identity is frozen: {name} cannot be deleted")

    def __reduce__(self) -> "tuple[object, tuple[object, ...]]":
        return _made, (self.name, self.roles, self.issuer, self.subject)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Identity):
            return NotImplemented
        return (self.issuer, self.subject) == (other.issuer, other.subject)

    def __hash__(self) -> int:
        return hash((self.issuer, self.subject))

    def __repr__(self) -> str:
        if self.issuer:
            return f"Identity({self.name!r}, issuer={self.issuer!r}, subject={self.subject!r})"
        return f"Identity({self.name!r})"


class Session(NamedTuple):
    """A login: the credential `token`, whose it is, and until when (UTC). Showing it hides the
    token.

    >>> session = shop.login("bob", "correct horse", register=True)
    >>> shop.identify(session.token).identity.name
    'bob'
    """

    token: str
    identity: Identity
    expires: datetime

    def __repr__(self) -> str:
        return f"Session(token=<hidden>, {self.identity!r}, expires={self.expires!r})"


def owner_of(who: object) -> str:
    """The owner of the carts of `who` asks; FixInput when that is no identity."""
    if isinstance(who, Identity):
        return who.owner
    raise FixInput(
        f"who asks is given as an Identity, and this is a {type(who).__name__}",
        'Nothing was changed. Make one: cartcli.Identity("alice").',
    )


def text(name: str, value: object) -> str:
    """The `value` that is given for `name`; FixInput unless it is text."""
    if isinstance(value, str):
        return value
    raise FixInput(f"the {name} is text, and not a {type(value).__name__}", "Nothing was changed.")


def flag(name: str, value: object) -> bool:
    """The `value` that is given for `name`; FixInput unless it is true or false, numpy's too: what
    is only tried must never be done."""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    raise FixInput(f"{name} is True or False, not a {type(value).__name__}", "Nothing was changed.")


def _made(name: str, roles: frozenset[Role], issuer: str, subject: str) -> Identity:
    return Identity(name, roles=roles, issuer=issuer, subject=subject)


def _check_vouched(issuer: str, subject: str, name: str) -> None:
    """FixInput unless a provider can have told this, and it can be kept."""
    from cartcli.model.ids import is_key  # names of the shop's own need it not

    if not 1 <= len(subject) <= _LONGEST_SUBJECT:
        raise FixInput(f"{issuer} does not tell whom it means")
    if issuer == _GUEST and not is_key(subject):
        raise FixInput("a guest is 128 bits in hexadecimal")
    if any("\ud800" <= char <= "\udfff" for char in issuer + subject + name):
        raise FixInput(f"what {issuer!r} tells of somebody is not Unicode")


def forgotten_owner() -> str:
    """A new owner for the carts of somebody who is to be forgotten."""
    return _FORGOTTEN + os.urandom(16).hex()


def is_forgotten(owner: str) -> bool:
    """Whether this is the owner of carts of somebody who was forgotten."""
    from cartcli.model.ids import is_key

    return owner.startswith(_FORGOTTEN) and is_key(owner.removeprefix(_FORGOTTEN))


def checked_roles(roles: Iterable[str]) -> frozenset[Role]:
    """Exactly these `roles`; FixInput for one that is none."""
    try:
        wanted = frozenset(roles)
    except TypeError:
        raise FixInput(f"roles are a set of names, and not a {type(roles).__name__}") from None
    if strange := wanted - _ROLES:
        raise FixInput(f"there is no role {min(map(str, strange))!r}")
    return _ROLES & wanted


def _owner(issuer: str, subject: str) -> str:
    """The opaque id of an owner: the name, or what no name can be."""
    if not issuer:
        return subject
    if issuer == _GUEST:
        return f"{GUESTS}{subject}"
    from hashlib import sha256  # only a foreign provider's subjects need it

    whose = "\0".join((issuer, subject))
    return f"oidc:{sha256(whose.encode()).hexdigest()[:32]}"


def _canonical(name: str) -> str:
    """The form in which names are compared."""
    if len(name) > MAX_NAME_BYTES:
        raise FixInput(f"the user name is longer than {MAX_NAME_BYTES} bytes")
    folded = name.strip()
    folded = folded.lower() if folded.isascii() else _folded(folded)
    if not folded:
        raise FixInput("the user name is empty")
    if not folded.isprintable():
        raise FixInput(f"the user name {name!r} contains an invisible or unassigned character")
    if "  " in folded:
        raise FixInput(f"the user name {name!r} has two blanks in a row")
    if not folded.isascii() or "`" in folded:
        _check_look(name, folded)
    if len(folded.encode()) > MAX_NAME_BYTES:
        raise FixInput(f"the user name is longer than {MAX_NAME_BYTES} bytes")
    for reserved in _RESERVED:
        if folded.startswith(reserved):
            raise FixInput(f"no user name begins with {reserved}")
    return folded


def _check_look(name: str, folded: str) -> None:
    """FixInput when people would read the `name`, which is `folded`, as another one."""
    from unicodedata import normalize

    from cartcli.model import looks  # a name in ASCII needs no table

    if any(map(looks.is_invisible, folded)):
        raise FixInput(f"the user name {name!r} contains an invisible or unassigned character")
    if len(mixed := looks.alphabets(folded)) > 1:
        both = " and ".join(sorted(alphabet.capitalize() for alphabet in mixed))
        raise FixInput(f"the user name {name!r} mixes letters that may look alike: {both}")
    shown = normalize("NFKC", folded)  # case folding takes some letters apart
    look = looks.plain_marks(shown)
    if look == shown and not mixed <= looks.alphabets(looks.look_of(shown)):
        look = looks.look_of(shown)  # each of its letters looks like a Latin one
    if look != shown:
        raise FixInput(f"the user name {name!r} looks like {look!r}, and is spelt otherwise")


def _folded(name: str) -> str:
    """`name` after NFKC and case folding, until they change nothing any more."""
    from unicodedata import normalize  # a name in ASCII needs no table

    folded = normalize("NFKC", name).casefold()
    while (again := normalize("NFKC", folded).casefold()) != folded:
        folded = again
    return folded
