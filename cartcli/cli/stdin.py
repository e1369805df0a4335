"""What a command reads from standard input."""

from __future__ import annotations

import sys
from typing import BinaryIO

from cartcli import texts
from cartcli.errors import FixInput


def secret_line(limit: int, untouched: str) -> str:
    """The first line of standard input, at most `limit` bytes of it, without its end; FixInput when
    it is closed, or no text. `untouched` says what did not happen then."""
    try:
        return texts.first_line(_buffer(untouched), limit)
    except ValueError as error:
        raise FixInput(f"standard input: {error}", untouched) from None


def secret_lines(limit: int, untouched: str) -> list[str]:
    """All lines of standard input, without their ends; FixInput as for `secret_line`, and when they
    take more than `limit` bytes."""
    data = _buffer(untouched).read(limit + 1)
    if len(data) > limit:
        raise FixInput(f"standard input has more than {limit:,} bytes", untouched)
    try:
        return [line.rstrip("\n") for line in texts.lines(texts.decoded(data))]
    except ValueError as error:
        raise FixInput(f"standard input: {error}", untouched) from None


def whole_text(untouched: str) -> str:
    """All of standard input; FixInput as for `secret_line`."""
    try:
        return texts.decoded(_buffer(untouched).read())
    except ValueError as error:
        raise FixInput(f"standard input: {error}", untouched) from None


def _buffer(untouched: str) -> BinaryIO:
    if sys.stdin is None:
        raise FixInput("standard input is closed", untouched)
    return sys.stdin.buffer
