"""A store with two registered users: made once, because hashing a password takes a while."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers import register


@pytest.fixture(scope="session")
def _two_users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("users") / "store"
    register("bob", store)
    register("alice", store)
    return store


@pytest.fixture
def users(_two_users: Path, tmp_path: Path) -> Path:
    """The folder of a store where alice and bob are registered, and alice is logged in."""
    return Path(shutil.copytree(_two_users, tmp_path / "store"))
