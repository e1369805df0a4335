"""How other tools copy a folder: in the order of names, each file read whole at a moment.

What rsync and a sorted cp copy is listed first, and tar reads one folder after the other.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

Between = Callable[[], None]  # is called between any two calls on the folder


def listed_first(store: Path, copy: Path, between: Between) -> None:
    """As `rsync -a` does in a small folder, or `find | sort | cpio`."""
    paths = [*_found(store)]
    for path in paths:
        between()
        _put(path, copy / path.relative_to(store))


def listed_on_the_way(store: Path, copy: Path, between: Between) -> None:
    """As `tar --sort=name` does, and `cp -r` in a file system that keeps the order of names."""
    _put(store, copy)
    between()
    for name in sorted(os.listdir(store)):
        between()
        if (store / name).is_dir():
            listed_on_the_way(store / name, copy / name, between)
        else:
            _put(store / name, copy / name)


def tar(store: Path, copy: Path) -> None:
    """The tool itself. Its status is 1 when a file changed, or went, while it was read."""
    copy.mkdir(0o700)
    archive = copy.with_suffix(".tar")
    read = subprocess.run(
        ["tar", "--sort=name", "-C", store, "-cf", archive, "."], capture_output=True, check=False
    )
    assert read.returncode in (0, 1), read.stderr
    subprocess.run(["tar", "-C", copy, "-xf", archive], check=True)


SIMULATED: Final = {"listed first": listed_first, "listed on the way": listed_on_the_way}


def _found(folder: Path) -> Iterator[Path]:
    """All that is there, folders before what is in them."""
    yield folder
    for name in sorted(os.listdir(folder)):
        if (folder / name).is_dir():
            yield from _found(folder / name)
        else:
            yield folder / name


def _put(path: Path, copy: Path) -> None:
    """Copy one file, unless it is gone, or make the folder."""
    if path.is_dir():
        copy.mkdir(0o700)
        return
    with suppress(FileNotFoundError):
        data = path.read_bytes()
        copy.write_bytes(data)
        copy.chmod(0o600)
