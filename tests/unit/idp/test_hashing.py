"""Hashes have places: so many at a time, whoever asks for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from cartcli.errors import RetryLater
from cartcli.files import locks
from cartcli.idp.hashing import Hashing
from tests.helpers import at_once

Result = list[str | Exception]


class Work:
    """Stands for Argon2: each hash is done when `finish` is called; counts those at work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun = threading.Semaphore(0)
        self.most = 0
        self._running = 0
        self._lock = threading.Lock()
        self._done = threading.Event()
        hasher = SimpleNamespace(hash=self._hash)
        monkeypatch.setattr("argon2.PasswordHasher", lambda **_: hasher)

    def _hash(self, secret: bytes) -> str:
        with self._lock:
            self._running += 1
            self.most = max(self.most, self._running)
        self.begun.release()
        assert self._done.wait(60)
        with self._lock:
            self._running -= 1
        return "hashed"

    def wait_for(self, number: int) -> None:
        """Until so many hashes have begun."""
        for _ in range(number):
            assert self.begun.acquire(timeout=60)

    def finish(self) -> None:
        self._done.set()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(monkeypatch)


def in_background(threads: int, call: Callable[[int], str]) -> tuple[threading.Thread, Result]:
    results: Result = []
    thread = threading.Thread(target=lambda: results.extend(at_once(threads, call)))
    thread.start()
    return thread, results


def test_four_are_at_work_however_many_there_are(store: Path, work: Work) -> None:
    thread, results = in_background(12, lambda _: Hashing(str(store), 60).hash(b"x"))
    work.wait_for(4)
    with pytest.raises(RetryLater, match="too many people log in"):
        Hashing(str(store), 0).hash(b"x")
    work.finish()
    thread.join()
    assert results == ["hashed"] * 12
    assert work.most == 4


def test_those_before_their_turn_leave_places_to_the_others(store: Path, work: Work) -> None:
    thread, _ = in_background(2, lambda _: Hashing(str(store), 60).hash(b"x", early=True))
    work.wait_for(2)
    with pytest.raises(RetryLater):
        Hashing(str(store), 0).hash(b"x", early=True)
    others, results = in_background(2, lambda _: Hashing(str(store), 60).hash(b"x"))
    work.wait_for(2)
    work.finish()
    thread.join()
    others.join()
    assert results == ["hashed"] * 2
    assert work.most == 4


def test_the_places_are_those_of_all_processes(store: Path, work: Work) -> None:
    work.finish()
    folder = store / "guesses"
    with locks.locked(str(folder / "hash-0"), 0), locks.locked(str(folder / "hash-1"), 0):
        with pytest.raises(RetryLater):
            Hashing(str(store), 0).hash(b"x", early=True)
        assert Hashing(str(store), 0).hash(b"x") == "hashed"
