"""An upgrade may be killed, or fail, at every call, and the next one goes on without any loss."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cartcli
from cartcli.upgrade import upgrade
from tests.promises.faults.conftest import Report
from tests.promises.faults.injector import KINDS
from tests.unit.upgrade.old_store import OldStore
from tests.unit.upgrade.real_store import real_store

_EVERY = {"open", "flock", "fsync", "write", "rename", "mkdir", "unlink", "rmdir"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_that_0_1_0_made(
    kind: str, tmp_path: Path, exhaustive: bool, report: Report
) -> None:
    """With a fault at every call."""
    step = 1 if exhaustive else 29
    first = 1 if exhaustive else 1 + KINDS.index(kind) * 3
    store = real_store(tmp_path / "old")
    swept = _run("sweeping", store, tmp_path / "trials", kind, first, step)
    report(f"{swept['faults']} faults, {swept['calls']}")
    assert swept["findings"] == []
    assert swept["faults"] * step >= 600
    if exhaustive:
        assert {*swept["calls"]} >= _EVERY


@pytest.mark.parametrize("kind", ["kill", "EIO"])
def test_a_current_store_with_files_of_0_1_0(
    kind: str, tmp_path: Path, exhaustive: bool, report: Report
) -> None:
    """Which a process of 0.1.0 has put there in the last instant."""
    store = real_store(tmp_path / "old")
    upgrade(str(store), 1.0)
    late = OldStore(store)
    cart = late.bought("carol")
    late.pending("carol")
    late.answer(cart, "declined", key=late.key())
    (store / "orders").rename(tmp_path / "orders")
    shutil.rmtree(late.write() / "orders")
    (tmp_path / "orders").rename(store / "orders")
    swept = _run("sweeping", store, tmp_path / "trials", kind, 1, 1 if exhaustive else 7)
    report(f"{swept['faults']} faults, {swept['calls']}")
    assert swept["findings"] == []
    assert {*swept["calls"]} >= ({"open", "fsync", "unlink"} if exhaustive else {"open", "fsync"})


def test_a_thousand_carts(tmp_path: Path, exhaustive: bool, report: Report) -> None:
    """Killed again and again."""
    every = 1 if exhaustive else 97
    died = _run("deaths", _thousand(tmp_path / "old"), tmp_path / "trials", every)
    report(f"{died['deaths']} deaths, {died['calls']}")
    assert died["findings"] == []
    assert died["deaths"] * every >= 1_500
    if exhaustive:
        assert {*died["calls"]} >= _EVERY


def _thousand(folder: Path) -> Path:
    """A store with a thousand carts of twenty owners: each has three that are purchased, two
    pending ones, and open ones, of which one was declined."""
    old = OldStore(folder)
    for number in range(20):
        owner = f"customer {number}"
        for _ in range(3):
            old.bought(owner)
        old.pending(owner)
        old.pending(owner, charged=False)
        old.answer(old.open(owner), "declined")
        for _ in range(44):
            old.open(owner)
    return old.write()


def _run(module: str, store: Path, folder: Path, *args: object) -> Any:
    """What the module, in a process of its own, says in the end."""
    folder.mkdir()
    top = Path(__file__).parents[3]
    path = os.pathsep.join((str(Path(cartcli.__file__).parents[1]), str(top)))
    ended = subprocess.run(
        [sys.executable, "-m", f"tests.promises.upgrade.{module}", store, folder, *map(str, args)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=top,
        env={"PATH": os.defpath, "PYTHONPATH": path, "LANG": "C.UTF-8"},
        check=True,
    )
    return json.loads(ended.stdout)
