"""A real month."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.replay import replay
from tests.benchmarks.retail import invoices
from tests.once import once


@pytest.fixture(scope="session")
def december(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a real month."""
    return once(tmp_path_factory, "december", lambda store: replay(store, invoices(), at_once=True))
