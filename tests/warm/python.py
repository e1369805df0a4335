"""Python that is warm already: runs scripts in processes of their own, without starting anew."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from tests.warm import parent
from tests.warm.pipes import Pipes


class ParentFailed(AssertionError):
    """The warm parent died or hangs; the message has what it said."""


class WarmPython:
    """A parent that has imported `modules` in the environment `env`, and forks a process for
    every run. Each has its own streams, environment, folder and umask; nothing is shared but the
    modules as they are before their first use, and the seed of `hash`. The parent has `patience`
    seconds for each answer."""

    def __init__(
        self, modules: Iterable[str], env: Mapping[str, str], patience: float = 60
    ) -> None:
        self._start = _looked_at(env)
        self.failed = False
        self._asking = threading.Lock()
        self._channel, theirs = socket.socketpair()
        self._channel.settimeout(patience)
        with theirs:
            # Pipes, as the processes will have: what the interpreter makes of them fits those, too.
            self._process = subprocess.Popen(
                [sys.executable, parent.__file__, str(theirs.fileno()), *modules],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=env,
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # no key of a terminal reaches it
            )
        self._hear()

    @property
    def pid(self) -> int:
        """The parent's process id."""
        return self._process.pid

    def suits(self, env: Mapping[str, str]) -> bool:
        """Whether a new interpreter would start in `env` as this one did."""
        return _looked_at(env) == self._start

    def run(
        self,
        command: Sequence[str],
        *,
        data: bytes,
        env: Mapping[str, str],
        cwd: str,
        timeout: float,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the `command`, a script and its arguments, with `data` on its standard input, as
        `subprocess.run` does; `env` must suit. TimeoutExpired, ParentFailed."""
        request = {"command": command, "env": dict(env), "cwd": cwd, "umask": _umask()}
        with Pipes() as pipes:
            pid = self._ask(request, pipes.theirs)["pid"]
            pipes.hand_over()
            try:
                stdout, stderr = pipes.exchange(data, timeout)
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                self._ask({"wait": pid})
                raise subprocess.TimeoutExpired(command, timeout) from None
        status = self._ask({"wait": pid})["status"]
        return subprocess.CompletedProcess(command, status, stdout, stderr)

    def end(self) -> None:
        """End the parent, unless it has failed."""
        if self.failed:
            return
        self._channel.close()
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def _ask(self, request: dict[str, Any], streams: Sequence[int] = ()) -> dict[str, Any]:
        with self._asking:
            try:
                parent.send(self._channel, request, streams)
            except OSError:
                self._fail("died")
            return self._hear()

    def _hear(self) -> dict[str, Any]:
        try:
            return parent.receive(self._channel)[0]
        except TimeoutError:
            self._fail("gave no answer in time")
        except (EOFError, ConnectionError):
            self._fail("died")

    def _fail(self, how: str) -> NoReturn:
        self.failed = True
        self._channel.close()
        self._process.kill()
        _, said = self._process.communicate()
        raise ParentFailed(f"the warm parent {how}; it said: {said.decode(errors='replace')!r}")


def _looked_at(env: Mapping[str, str]) -> dict[str, str]:
    """What an interpreter looks at when it starts."""
    return {name: env[name] for name in env if name.startswith(("PYTHON", "LC_", "LANG"))}


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
