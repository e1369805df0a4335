"""Ids of carts, and idempotency keys."""

import os
from typing import Final

NEW: Final = "new"  # stands for a cart that is to be started
_HEX: Final = "0123456789abcdef"
_DIGITS: Final = 32  # of 128 bits


def new_cart_id() -> str:
    """A random UUID, version 4 (RFC 9562)."""
    from uuid import uuid4  # only a new cart needs it

    return str(uuid4())


def is_cart_id(text: str) -> bool:
    """Whether `text` is a whole id of a cart."""
    # Without a pattern: to compile one would take longer than all that a command looks at.
    return len(text) == _DIGITS + 4 and text[8:24:5] == "----" and is_key(text.replace("-", ""))


def is_name(text: str) -> bool:
    """Whether `text` can be a cart's name, as nothing that an id begins with is: that has only
    hexadecimal digits and hyphens."""
    return text.strip().lower().strip(f"{_HEX}-") != ""


def short_id(cart_id: str) -> str:
    """As much of a cart's id as people need to tell it from their other carts."""
    return cart_id[:8]


def new_key() -> str:
    """A random idempotency key of 128 bits, in hexadecimal."""
    return os.urandom(16).hex()


def is_key(text: str) -> bool:
    """Whether `text` is an idempotency key."""
    return len(text) == _DIGITS and not text.strip(_HEX)
