"""A real month."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cartcli.files.locks import locked
from tests.benchmarks.replay import replay
from tests.benchmarks.retail import invoices


@pytest.fixture(scope="session")
def december(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a real month, filled once for all processes of a test run. Not flushed: nobody
    pulls the plug here."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    store = folder / "december"
    with locked(f"{store}.lock", wait=300), pytest.MonkeyPatch.context() as patch:
        if not store.exists():
            patch.setattr(os, "fsync", lambda fd: None)
            patch.setenv("HOME", str(folder))
            filled = folder / "filling"
            replay(filled, invoices(), at_once=True)
            filled.rename(store)
    return store
