"""What a command reads from standard input."""

from __future__ import annotations

import sys
from typing import BinaryIO

from cartcli.errors import FixInput


def secret_line(limit: int, untouched: str) -> bytes:
    """The first line of standard input, at most `limit` bytes of it; FixInput when it is closed.
    `untouched` says what did not happen then."""
    return _buffer(untouched).readline(limit)


def whole_text(untouched: str) -> str:
    """All of standard input, which is UTF-8 text."""
    try:
        return _buffer(untouched).read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FixInput("standard input is not UTF-8 text", untouched) from None


def _buffer(untouched: str) -> BinaryIO:
    if sys.stdin is None:
        raise FixInput("standard input is closed", untouched)
    return sys.stdin.buffer
