"""The fixtures that these tests share with the fault tests, and the small shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.once import once
from tests.promises.backups.shops import make
from tests.promises.faults.conftest import exhaustive, report
from tests.promises.faults.pictures import Picture

__all__ = ["exhaustive", "report"]


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """The files of the small shop."""
    return Picture.of(once(tmp_path_factory, "small shop", make))


@pytest.fixture
def small(picture: Picture, store: Path) -> Path:
    """The folder of the small shop."""
    picture.put(store)
    return store
