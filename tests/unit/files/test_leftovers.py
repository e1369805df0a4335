"""What killed writers have left, and folders that go as a whole."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cartcli.files import durable, leftovers, locks
from tests.helpers import at_once

NAME = f"{8 * '0f'}.tmp"


def test_only_what_a_creator_left_long_ago_is_swept(store: Path) -> None:
    kept = [
        *("users/alice.json.tmp", "users/alice.tmp", f"users/{NAME}.json", NAME),
        f"elsewhere/{NAME}",
    ]
    left = [f"{folder}/{NAME}" for folder in ("users", "carts/alice/purchased", "sessions/00")]
    fresh = f"sessions/01/{NAME}"
    for name in (*kept, *left, fresh):
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_bytes(b"x")
        if name != fresh:
            os.utime(store / name, (0, 0))
    before = datetime.now(UTC) - timedelta(days=1)
    assert leftovers.sweep(str(store), before, dry_run=True) == len(left)
    assert leftovers.sweep(str(store), before) == len(left)
    assert leftovers.sweep(str(store), before) == 0
    there = {str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()}
    assert there == {*kept, fresh}


def test_that_is_what_a_creator_leaves(store: Path, tmp_path: Path) -> None:
    """A writer that is killed before it links leaves such a name."""
    (store / "users").mkdir(parents=True)
    pid = os.fork()
    if pid == 0:
        os.link = lambda *_: os._exit(0)
        try:
            durable.create(str(store / "users" / "alice.json"), b"x")
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert leftovers.sweep(str(store), datetime.now(UTC) + timedelta(days=1)) == 1


def test_what_is_not_there_is_not_swept(store: Path) -> None:
    assert leftovers.sweep(str(store), datetime.now(UTC)) == 0
    assert not store.exists()


def test_a_folder_goes_as_a_whole_whoever_removes_it_too(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / "gone" / f"folder{number}").mkdir(parents=True)
        (tmp_path / "gone" / f"folder{number}" / "file").write_bytes(b"x")
    results = at_once(4, lambda _: durable.remove_tree(str(tmp_path / "gone")))
    assert results == [None] * 4
    assert list(tmp_path.iterdir()) == []


def test_who_waits_for_a_lock_that_moves_takes_the_one_that_is_there(tmp_path: Path) -> None:
    """A lock guards what is beside it: with that it may be moved."""
    folder, lock = tmp_path / "owner", str(tmp_path / "owner" / "lock")

    def use(number: int) -> bool:
        for _ in range(20):
            with locks.locked(lock, 60):
                mine = folder / "mine"
                assert not mine.exists()
                mine.write_bytes(b"x")
                if number == 0:
                    durable.move(str(folder), str(tmp_path / os.urandom(8).hex()))
                else:
                    mine.unlink()
        return True

    assert at_once(4, use) == [True] * 4
    assert len(list(tmp_path.glob("*/mine"))) == 20
