"""Ids of carts, and idempotency keys."""

import os
from typing import Final

_HEX: Final = "0123456789abcdef"
_UUID: Final = [8, 4, 4, 4, 12]  # digits between hyphens
_KEY: Final = 32  # digits


def new_cart_id() -> str:
    """A random UUID, version 4 (RFC 9562)."""
    from uuid import uuid4  # only a new cart needs it

    return str(uuid4())


def is_cart_id(text: str) -> bool:
    """Whether `text` is a whole id of a cart."""
    parts = text.split("-")
    return [len(part) for part in parts] == _UUID and not any(part.strip(_HEX) for part in parts)


def short_id(cart_id: str) -> str:
    """As much of a cart's id as people need to tell it from their other carts."""
    return cart_id[:8]


def new_key() -> str:
    """A random idempotency key of 128 bits, in hexadecimal."""
    return os.urandom(16).hex()


def is_key(text: str) -> bool:
    """Whether `text` is an idempotency key."""
    return len(text) == _KEY and not text.strip(_HEX)
