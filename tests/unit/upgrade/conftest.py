"""Stores of 0.1.0 for the tests of upgrades."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.upgrade.old_store import OldStore


@pytest.fixture
def old(store: Path) -> OldStore:
    """A store of 0.1.0 that is not written yet."""
    return OldStore(store)
