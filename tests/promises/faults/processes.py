"""Processes of the command, forked from a warm parent, each with a fault to meet."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.promises.faults import strace
from tests.promises.faults.injector import KILLED, Fault

_TOP: Final = Path(__file__).parents[3]


class Ended(NamedTuple):
    """How a process ended. `trace` are the calls that its fault met, each with its paths; a
    negative `status` is the signal that ended it: -14 means that it hung."""

    status: int
    stdout: str
    stderr: str
    trace: tuple[tuple[str, ...], ...] = ()

    @property
    def met(self) -> tuple[str, ...]:
        """The names of the calls that its fault met."""
        return tuple(call[0] for call in self.trace)

    @property
    def killed(self) -> bool:
        """Whether the fault was its end."""
        return bool(self.trace) and self.status in (KILLED, -signal.SIGKILL)

    @property
    def json(self) -> Any:
        """Standard output, which is JSON."""
        return json.loads(self.stdout)


class Running:
    """A process that was started."""

    def __init__(self, zygote: Zygote, pid: int, folder: Path, attacked: Path | None) -> None:
        self._zygote = zygote
        self.pid = pid
        self._folder = folder
        self._attacked = attacked

    def ended(self) -> Ended:
        """Wait for its end; it is not stopped."""
        ended = self.ended_or_stopped()
        assert ended is not None, "the process stopped"
        return ended

    def ended_or_stopped(self) -> Ended | None:
        """Wait until it ends, or until it stops: None."""
        reply = self._zygote.ask({"wait": self.pid})
        if "stopped" in reply:
            return None
        return Ended(
            reply["status"],
            (self._folder / "out").read_text("utf-8"),
            (self._folder / "err").read_text("utf-8"),
            tuple(self._calls()),
        )

    def notes(self) -> list[str]:
        """What the injector, or strace, has noted: a line a call."""
        path = self._folder / "notes"
        return path.read_text("utf-8").splitlines() if path.exists() else []

    def _calls(self) -> Iterator[tuple[str, ...]]:
        lines = self.notes()
        yield from (tuple(line.split("\t")) for line in lines if "\t" in line)
        yield from ((name,) for name in strace.hits(lines, str(self._attacked)))

    def go_on(self) -> None:
        """Let the stopped process run."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Kill it, stopped or not."""
        os.kill(self.pid, signal.SIGKILL)


class Zygote:
    """The warm parent. `root` is the folder that holds the package to attack."""

    def __init__(self, root: Path) -> None:
        path = os.pathsep.join((str(root), str(_TOP)))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.promises.faults.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={"PATH": os.defpath, "PYTHONPATH": path, "LANG": "C.UTF-8"},
        )
        found = self._reply()["cartcli"]
        assert Path(found).is_relative_to(root), f"{found} would be attacked, not {root}"

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def start(
        self,
        folder: Path,
        args: Sequence[str],
        env: Mapping[str, str],
        *,
        program: str = "cart",
        fault: Fault | None = None,
        attacked: Path | None = None,
        stdin: str = "",
    ) -> Running:
        """Start `program` with its streams in `folder`; `fault` concerns what is under
        `attacked`."""
        folder.mkdir()
        (folder / "in").write_text(stdin)
        streams = [str(folder / name) for name in ("in", "out", "err")]
        request = {
            "program": program,
            "args": args,
            "env": env,
            "streams": streams,
            "fault": fault,
            "folder": str(attacked),
            "notes": str(folder / "notes"),
        }
        return Running(self, self.ask(request)["pid"], folder, attacked)

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The reply to `request`."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._reply()

    def _reply(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the warm parent died; what it said is on standard error"
        reply: dict[str, Any] = json.loads(line)
        return reply
