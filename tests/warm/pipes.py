"""The three streams of a process, as pipes, and what goes through them."""

from __future__ import annotations

import os
import selectors
import time
from typing import Final, Self

_CHUNK: Final = 65_536
_AT_A_TIME: Final = 512  # bytes that a pipe takes without waiting once it takes any


class Pipes:
    """Standard input, output and error of a process; `theirs` are the ends that it gets."""

    def __init__(self) -> None:
        (stdin, self._stdin), (self._stdout, stdout), (self._stderr, stderr) = (
            os.pipe() for _ in range(3)
        )
        self.theirs = (stdin, stdout, stderr)
        self._open = {*self.theirs, self._stdin, self._stdout, self._stderr}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._close(*self._open)

    def hand_over(self) -> None:
        """Close the ends that the process has got, so that its own end is seen."""
        self._close(*self.theirs)

    def exchange(self, data: bytes, timeout: float) -> tuple[bytes, bytes]:
        """Write `data`, and read standard output and standard error until nobody writes to them
        any more; TimeoutError when that takes more than `timeout` seconds."""
        end = time.monotonic() + timeout
        said = {self._stdout: b"", self._stderr: b""}
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._stdin, selectors.EVENT_WRITE)
            for output in said:
                waiting.register(output, selectors.EVENT_READ)
            while waiting.get_map():
                ready = waiting.select(max(end - time.monotonic(), 0))
                if not ready:
                    raise TimeoutError
                for key, _ in ready:
                    if key.fd == self._stdin:
                        data = self._write(data)
                        over = not data
                    else:
                        more = os.read(key.fd, _CHUNK)
                        said[key.fd] += more
                        over = not more
                    if over:
                        waiting.unregister(key.fd)
                        self._close(key.fd)
        return said[self._stdout], said[self._stderr]

    def _write(self, data: bytes) -> bytes:
        """Write some of `data`; what is left of it."""
        try:
            return data[os.write(self._stdin, data[:_AT_A_TIME]) :] if data else b""
        except BrokenPipeError:  # the process reads no more
            return b""

    def _close(self, *fds: int) -> None:
        for fd in self._open.intersection(fds):
            self._open.remove(fd)
            os.close(fd)
