"""What a command reads from standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

from cartcli import texts
from cartcli.cli.text import is_terminal
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
    data = whole_bytes(limit, untouched)
    try:
        return [line.rstrip("\n") for line in texts.lines(texts.decoded(data))]
    except ValueError as error:
        raise FixInput(f"standard input: {error}", untouched) from None


def whole_bytes(limit: int, untouched: str) -> bytes:
    """All of standard input; FixInput as for `secret_line`, and when it has more than `limit`
    bytes."""
    data = _buffer(untouched).read(limit + 1)
    if len(data) > limit:
        raise FixInput(f"standard input has more than {limit:,} bytes", untouched)
    return data


def whole_text(untouched: str) -> str:
    """All of standard input; FixInput as for `secret_line`."""
    try:
        buffer = _buffer(untouched)
        data = b"".join(_typed(buffer)) if is_terminal(sys.stdin) else buffer.read()
        return texts.decoded(data)
    except ValueError as error:
        raise FixInput(f"standard input: {error}", untouched) from None


def _typed(buffer: BinaryIO) -> Iterator[bytes]:
    """What is typed on a terminal, line by line, to its end."""
    while True:
        _wait_for(buffer)
        if not (data := buffer.read1()):  # type: ignore[attr-defined]
            return
        yield data


def _wait_for(buffer: BinaryIO) -> None:
    """Return when there is something to read. An interrupt counts whenever it comes: one that came
    just before the reading began would else be noticed only after that."""
    import select
    import signal

    waits, tells = os.pipe()
    os.set_blocking(tells, False)
    before = signal.set_wakeup_fd(tells)
    try:
        sources: list[BinaryIO | int] = [buffer, waits]
        select.select(sources, [], [])
    finally:
        signal.set_wakeup_fd(before)
        os.close(waits)
        os.close(tells)


def _buffer(untouched: str) -> BinaryIO:
    if sys.stdin is None:
        raise FixInput("standard input is closed", untouched)
    return sys.stdin.buffer
