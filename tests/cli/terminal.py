"""A terminal of its own for a `cart` that looks for one: what it shows, and keys to press."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final, Self

from tests.helpers import CART, cart_env

_TIMEOUT: Final = 60.0
INTERRUPT: Final = "\x03"
END_OF_INPUT: Final = "\x04"


def after(statements: str) -> list[str]:
    """What to put before a command so that its process runs Python `statements` first."""
    become = "import os, sys; os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-I", "-S", "-c", f"{statements}; {become}"]


# Without this the password would be asked for on the terminal of whoever runs the tests.
_OWN_TERMINAL: Final = "import fcntl, termios; fcntl.ioctl(2, termios.TIOCSCTTY, 0)"


class Terminal:
    """Runs `cart` with `args` on a terminal of `size` (lines, columns), all three streams on it
    unless `stdin` or `stdout` takes one of them elsewhere."""

    def __init__(
        self,
        *args: str,
        store: Path,
        env: Mapping[str, str] | None = None,
        size: tuple[int, int] = (24, 80),
        stdin: int | IO[bytes] | None = None,
        stdout: int | IO[bytes] | None = None,
    ) -> None:
        self._keys, tty = pty.openpty()
        fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("4H", *size, 0, 0))
        env = {"HOME": str(store.parent), "TERM": "xterm", "PAGER": "cat"} | dict(env or {})
        try:
            self.process = subprocess.Popen(
                [*after(_OWN_TERMINAL), CART, *args],
                stdin=tty if stdin is None else stdin,
                stdout=tty if stdout is None else stdout,
                stderr=tty,
                env=cart_env(env, store),
                start_new_session=True,
            )
        finally:
            os.close(tty)
        self._output = b""
        self._told = 0

    @property
    def shown(self) -> str:
        """All that the terminal has shown so far."""
        return self._output.decode(errors="replace").replace("\r\n", "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._keys)

    def wait_for(self, text: str) -> None:
        """Return when `text` is shown, after what was waited for before."""
        while text not in self.shown[self._told :]:
            assert self._read(), f"ended without showing {text!r}: {self.shown!r}"
        self._told = self.shown.index(text, self._told) + len(text)

    def press(self, keys: str) -> None:
        """Type `keys`; a line ends in "\\n"."""
        os.write(self._keys, keys.encode())

    def answer(self, prompt: str, text: str) -> None:
        """Wait for `prompt` and type the line `text`."""
        self.wait_for(prompt)
        self.press(f"{text}\n")

    def end(self) -> int:
        """Wait for the end of the command and return its exit status."""
        while self._read():
            pass
        return self.process.wait(_TIMEOUT)

    def _read(self) -> bool:
        """Read more; False at the end."""
        ready, _, _ = select.select([self._keys], [], [], _TIMEOUT)
        assert ready, f"nothing happens after: {self.shown!r}"
        try:
            data = os.read(self._keys, 65_536)
        except OSError:  # Linux: nobody has the terminal open any more
            return False
        self._output += data
        return bool(data)
