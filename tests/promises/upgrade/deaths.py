"""One long upgrade that dies at every call which changes something, and is resumed each time.

    python -m tests.promises.upgrade.deaths STORE FOLDER EVERY

A process dies right after the first such call, by its name and its path, at which none has died
before. So each one comes a little further than the last, until one comes to the end: with EVERY 1
they have died at every call, else at about every EVERY-th. Prints as JSON how many there were, and
what was found. It forks, and so must have no threads.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import shutil
import sys
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from cartcli.upgrade import steps, upgrade
from tests.promises.upgrade.attempts import attempt, content, wrong_between, wrong_in_the_end

_DIED: Final = 87  # the exit status of a process that died so
_BY_PATH: Final = ("mkdir", "rmdir", "rename", "unlink")
_BY_FD: Final = ("write", "fsync")


class Died(NamedTuple):
    """How many processes died, at calls of which names, and each promise that was broken."""

    deaths: int
    calls: dict[str, int]
    findings: list[str]


def upgrade_through_deaths(store: Path, folder: Path, every: int) -> Died:
    """Upgrade a copy of the `store` in the `folder`."""
    copy, log = folder / "store", folder / "deaths"
    before = content(store)
    shutil.copytree(store, folder / "undisturbed")
    upgrade(str(folder / "undisturbed"), 1.0)
    after = content(folder / "undisturbed")
    shutil.copytree(store, copy)
    log.touch()
    findings: list[str] = []
    while (status := attempt(copy, partial(_arm, copy, log, every))) == _DIED and not findings:
        findings += wrong_between(copy, before, after)
    if status not in (0, _DIED):
        findings.append(f"an upgrade ended with the status {status}")
    findings += wrong_in_the_end(copy, after)
    names = [line.partition("\t")[0] for line in log.read_text().splitlines()]
    return Died(len(names), {name: names.count(name) for name in {*names}}, findings)


def _arm(store: Path, log: Path, every: int) -> None:
    """Let this process die at the first call at which none has died before."""
    _Dying(store, log, every).install()


class _Dying:
    def __init__(self, store: Path, log: Path, every: int) -> None:
        self._prefix = f"{store}{os.sep}"
        self._known = {*log.read_text().splitlines()}
        self._every = every
        self._log = os.open(log, os.O_WRONLY | os.O_APPEND)
        self._paths: dict[int, str] = {}
        self._open, self._write = os.open, os.write

    def install(self) -> None:
        for name in _BY_PATH:
            setattr(os, name, self._by_path(name, getattr(os, name)))
        for name in _BY_FD:
            setattr(os, name, self._by_fd(name, getattr(os, name)))
        fcntl.flock = self._by_fd("flock", fcntl.flock)
        os.open = self._opened

    def _by_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *args: Any, **kwargs: Any) -> Any:
            result = real(path, *args, **kwargs)
            self._die_after(name, str(path))
            return result

        return call

    def _by_fd(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(fd: int, *args: Any) -> Any:
            result = real(fd, *args)
            self._die_after(name, self._paths.get(fd, ""))
            return result

        return call

    def _opened(self, path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        fd = self._open(path, flags, *args, **kwargs)
        self._paths[fd] = str(path)
        if flags & os.O_CREAT:
            self._die_after("open", str(path))
        return fd

    def _die_after(self, name: str, path: str) -> None:
        if not path.startswith(self._prefix):
            return
        call = f"{name}\t{path.removeprefix(self._prefix)}"
        if zlib.crc32(call.encode()) % self._every == 0 and call not in self._known:
            self._write(self._log, f"{call}\n".encode())
            os._exit(_DIED)


def main() -> None:
    """Do what the arguments say."""
    store, folder, every = sys.argv[1:]
    assert steps, "imported before anything is forked"
    gc.freeze()  # so that a child does not copy what it never uses
    died = upgrade_through_deaths(Path(store), Path(folder), int(every))
    print(json.dumps(died._asdict()))


if __name__ == "__main__":
    main()
