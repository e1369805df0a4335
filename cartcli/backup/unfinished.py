"""A folder that is filled under a name of its own, so that what is half done never looks whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from cartcli.backup.belonging import LOCK
from cartcli.errors import FixInput, RetryLater
from cartcli.files import durable, locks, safety


@contextmanager
def unfinished(path: str, kept: Callable[[], Container[str]] = tuple) -> Iterator[None]:
    """Hold the folder `path`, empty but for the names that are `kept`, for the `with` block, which
    fills it and moves it to where it belongs. What is left of it when the block fails is removed.

    FixInput when something else stands there, RetryLater while somebody else fills it.
    """
    if not os.path.lexists(f"{path}/{LOCK}") and os.path.lexists(path):
        _check_empty(path)
    safety.check_owned(path, ())
    busy = partial(
        RetryLater,
        f"somebody else is filling {path}",
        "This call changed nothing. Make it again when they are done.",
    )
    with locks.locked(f"{path}/{LOCK}", 0, busy):
        _empty(path, kept())
        try:
            yield
        except BaseException:
            with suppress(OSError):
                _empty(path, kept())
                if os.listdir(path) == [LOCK]:
                    shutil.rmtree(path)
            raise


def placed(path: str) -> None:
    """What was filled stands at `path` now: remove the lock that was held."""
    with suppress(OSError):
        os.unlink(f"{path}/{LOCK}")
        durable.sync_folder(path)


def _check_empty(path: str) -> None:
    if not os.path.isdir(path) or os.path.islink(path) or os.listdir(path):
        raise FixInput(
            f"{path} is in the way, and is not something left unfinished",
            "Nothing was changed. Move it, or name another folder.",
        )


def _empty(folder: str, kept: Container[str]) -> None:
    with os.scandir(folder) as entries:
        found = [one for one in entries if one.name != LOCK and one.name not in kept]
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)
