"""An upgrade that meets a fault, in a process of its own, and what is wrong afterwards."""

from __future__ import annotations

import os
import signal
import stat
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from cartcli.errors import CartError
from cartcli.upgrade import upgrade
from tests.promises.faults.pictures import Picture

REFUSED: Final = 3  # the exit status of an upgrade that said what is wrong
_CRASHED: Final = 4
_PATIENCE: Final = 120  # seconds, after which a process hangs and is ended by SIGALRM


def attempt(store: Path, arm: Callable[[], None]) -> int:
    """Upgrade the store in a new process, which `arm` lets meet a fault first; its exit status."""
    pid = os.fork()
    if pid == 0:
        status = _CRASHED
        try:
            signal.alarm(_PATIENCE)
            arm()
            upgrade(str(store), 1.0)
            status = 0
        except (OSError, CartError, KeyboardInterrupt):
            status = REFUSED
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def content(store: Path) -> dict[str, bytes]:
    """All files of a store that mean something: but for locks, and what a killed writer left."""
    files = Picture.of(store).files
    return {name: data for name, data in files.items() if not name.endswith((".tmp", "lock"))}


def wrong_between(store: Path, before: dict[str, bytes], after: dict[str, bytes]) -> Iterator[str]:
    """What may not be, at whatever instant an upgrade ended that makes `after` of `before`.

    Each cart is as it was, or as it will be. Old answers may be gone in a current store only, and
    if all are where they will be. When a store becomes current, everything is as it will be.
    """
    now = content(store)
    current = _is_file(store / "orders")
    became_current = current and "orders" not in before
    for name in before.keys() & after.keys():
        if now.get(name) not in ((after[name],) if became_current else (before[name], after[name])):
            yield f"{name} is neither as it was nor as it will be"
    missing = [name for name in after.keys() - before.keys() if now.get(name) != after[name]]
    for name in missing if became_current else ():
        yield f"{name} is not as it will be, and the store is current"
    for name in before.keys() - after.keys() if missing or not current else ():
        if name.startswith("payments/") and now.get(name) != before[name]:
            yield f"{name} is gone too soon"


def wrong_in_the_end(store: Path, after: dict[str, bytes]) -> Iterator[str]:
    """What the next upgrade, which nothing disturbs, does not make as it should be."""
    try:
        upgrade(str(store), 1.0)
    except (OSError, CartError) as error:
        yield f"the next upgrade ends with {error!r}"
        return
    now = content(store)
    yield from (f"{name} is lost" for name in after.keys() - now.keys())
    yield from (f"{name} is left" for name in now.keys() - after.keys())
    yield from (f"{path.name} is left" for path in store.glob("orders?*"))
    yield from (f"{name} differs" for name in after.keys() & now.keys() if now[name] != after[name])


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False
