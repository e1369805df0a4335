"""What folders and files are called: those of a store, and those of its users."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Final

# Each is written by its implementation alone.
CARTS: Final = "carts"  # cart_db/pickle/
PAYMENTS: Final = "payments"  # payment/local/file_ledger.py
USERS: Final = "users"  # idp/passwords.py
SESSIONS: Final = "sessions"  # idp/session_files.py
GUESSES: Final = "guesses"  # idp/limits.py

FOLDERS: Final = (CARTS, PAYMENTS, USERS, SESSIONS, GUESSES)
ORDERS: Final = (
    "orders"  # a plain file, which layout.py puts there: what it is, tells how old a store is
)
# Beside a store that is restored stands what takes its place; the note in it tells that the store
# was put aside, and where to.
RESTORING: Final = ".restoring"
SWAPPING: Final = "swapping"

SHOP: Final = "shop.json"  # terms/
SAVED_LOGIN: Final = "session.json"  # cli/login_file.py
# What decides what is sold, at which prices, and who is logged in.
FILES: Final = ("catalog.csv", SHOP, SAVED_LOGIN)

_SAFE: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_@-")


@lru_cache(maxsize=256)  # a server asks for the same few names at every call
def file_name(name: str) -> str:
    """`name`, which is case-folded, as one safe file name: letters, digits, `_`, `@` and `-` stay,
    every other byte of its UTF-8 becomes `%` and two hexadecimal digits."""
    data = name.encode(errors="surrogateescape")  # a stray file's name need not be UTF-8
    return "".join(chr(byte) if byte in _SAFE else f"%{byte:02x}" for byte in data)


def named_by(file_name: str) -> str:
    """The name of which this `file_name` was made."""
    from urllib.parse import unquote

    return unquote(file_name, errors="surrogateescape")


def listed(folder: str) -> list[str]:
    """The names in `folder` in order; none when it is not there, or no folder."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
