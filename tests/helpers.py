"""What all tests share: two users, a small catalogue, a clock set by hand, and the real `cart`."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from cartcli import Controller, Identity, Settings, open_shop
from cartcli.cli.login_file import SavedLogin
from cartcli.testing.values import (
    ALICE as ALICE,
)
from cartcli.testing.values import (
    BOB as BOB,
)
from cartcli.testing.values import (
    CARD as CARD,
)
from cartcli.testing.values import (
    CATALOG as CATALOG,
)
from cartcli.testing.values import (
    DECLINED_CARD as DECLINED_CARD,
)
from cartcli.testing.values import (
    DRONE as DRONE,
)
from cartcli.testing.values import (
    LOST_ANSWER_CARD as LOST_ANSWER_CARD,
)
from cartcli.testing.values import (
    PASSWORD as PASSWORD,
)
from cartcli.testing.values import (
    PLATES as PLATES,
)
from cartcli.testing.values import (
    RICE as RICE,
)
from cartcli.testing.values import (
    TEA as TEA,
)
from cartcli.testing.values import (
    WAITING_CARD as WAITING_CARD,
)
from cartcli.testing.values import (
    Clock as Clock,
)
from cartcli.testing.values import (
    add as add,
)
from cartcli.testing.values import (
    at_once as at_once,
)
from cartcli.testing.values import (
    attempt_for as attempt_for,
)
from cartcli.testing.values import (
    item as item,
)
from cartcli.testing.values import (
    line as line,
)
from cartcli.testing.values import (
    receipt_for as receipt_for,
)
from tests.warm.cart import warm_parent

T = TypeVar("T")

CART: Final = Path(sys.executable).with_name("cart")
_TIMEOUT: Final = 120


def write_catalog(path: Path, rows: Iterable[Sequence[str]] = CATALOG) -> Path:
    """Write `rows` of SKU, name, price and description as a catalogue to `path`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("sku", "name", "price", "description"))
        writer.writerows(rows)
    return path


def write_long_ago(path: Path, content: str | bytes) -> Path:
    """Write a file to `path` of which everybody sees that nobody is writing it any more, though
    its last line has no end."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def shop_in(
    store: Path, clock: Callable[[], datetime] | None = None, **settings: Any
) -> Controller:
    """The shop in the folder `store`, whatever this process's environment says. It sells the
    sample catalogue unless the `settings`, or the store, have another one."""
    chosen = Settings(str(store), **settings)
    return open_shop(chosen, clock=clock) if clock else open_shop(chosen)


def register(user: str, store: Path, password: str = PASSWORD) -> Identity:
    """Register `user` and leave them logged in on `store`, as `cart login --register` does, but
    without starting a process."""
    session = shop_in(store).login(user, password, register=True)
    SavedLogin(str(store)).save(session.token)
    return session.identity


class Ran(NamedTuple):
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Standard output, which is JSON."""
        return json.loads(self.stdout)

    @property
    def notes(self) -> str:
        """Standard error, which is lines of JSON, as the lines that people read."""
        told = (json.loads(line) for line in self.stderr.splitlines())
        return "".join(f"{text}\n" for note in told for text in note.values())


def run_cart(
    *args: str,
    store: Path | None = None,
    input: str | bytes | None = None,  # noqa: A002 - as subprocess.run calls it
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    cold: bool = False,
) -> Ran:
    """Run the installed `cart` with `args` and wait for its end.

    It is a process of its own, which sees no variable of this process's but those of `env`, and a
    HOME that is new and empty unless `env` names one. Without `input`, its standard input is empty.
    It is forked from a warm parent; in a new interpreter when it has to be `cold`, or when `env`
    is about how an interpreter starts.
    """
    data = input.encode() if isinstance(input, str) else input or b""
    with tempfile.TemporaryDirectory() as home:
        env = cart_env({"HOME": home} | dict(env or {}), store)
        parent = None if cold else warm_parent(args, cart_env({}))
        if parent and parent.suits(env):
            ran = parent.run(
                [str(CART), *args], data=data, env=env, cwd=str(cwd or Path.cwd()), timeout=_TIMEOUT
            )
        else:
            ran = subprocess.run(
                [CART, *args],
                input=data,
                capture_output=True,
                env=env,
                cwd=cwd,
                timeout=_TIMEOUT,
                check=False,
            )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def cart_env(env: Mapping[str, str], store: Path | None = None) -> dict[str, str]:
    """A clean environment for a child process, with `env` added and CART_STORE set to `store`.

    Only PYTHONPATH is inherited: the child runs the code that the tests import.
    """
    clean = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    if "PYTHONPATH" in os.environ:
        clean["PYTHONPATH"] = os.environ["PYTHONPATH"]
    if store is not None:
        clean["CART_STORE"] = str(store)
    return clean | dict(env)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """The lock file `path`, locked as if by another process: this one does not know."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
