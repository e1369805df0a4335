"""What takes long to make is made once, for all processes of a test run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli.files.locks import locked

_PATIENCE: Final = 300  # seconds for another process to make it


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` that `make` fills, unless another process of this run has done so. Nobody
    may change it, and it is not flushed: nobody pulls the plug here."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    made = base / name
    with locked(f"{made}.lock", wait=_PATIENCE), pytest.MonkeyPatch.context() as patch:
        if not made.exists():
            patch.setattr(os, "fsync", lambda fd: None)
            patch.setenv("HOME", str(base))
            filling = base / f"{name}.filling"
            make(filling)
            filling.rename(made)
    return made
