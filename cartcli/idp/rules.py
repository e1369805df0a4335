"""What can be a password, and the one form in which it is compared."""

from __future__ import annotations

import unicodedata
from typing import Final

from cartcli.errors import FixInput

_FEWEST_CHARACTERS: Final = 8
_MOST_BYTES: Final = 1024
_MOST_TYPED: Final = 2 * _MOST_BYTES


def secret_of(password: str) -> bytes | None:
    """The password in one form, however it was typed (RFC 8265, OpaqueString: NFC); None for what
    can be no password. Its length is looked at first: to compose marks takes quadratic time."""
    if len(password) > _MOST_TYPED:
        return None
    try:
        secret = unicodedata.normalize("NFC", password).encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return None
    return secret if len(secret) <= _MOST_BYTES else None


def new_secret(password: str) -> bytes:
    """The same of a password that somebody chooses; FixInput when it is unfit."""
    secret = secret_of(password)
    if secret is None:
        raise _unfit(f"has at most {_MOST_BYTES:,} bytes, and this one more, or is not Unicode")
    characters = len(secret.decode(errors="surrogateescape"))
    if characters < _FEWEST_CHARACTERS:
        raise _unfit(f"has {_FEWEST_CHARACTERS} characters or more, and this one {characters}")
    return secret


def _unfit(reason: str) -> FixInput:
    return FixInput(f"a password {reason}", "Nothing was changed. Choose another one.")


def check_password(password: str) -> None:
    """FixInput unless somebody may choose this password."""
    new_secret(password)
