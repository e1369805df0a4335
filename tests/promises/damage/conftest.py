"""The sample store: built once, copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.promises.damage.sample import Sample, make_sample


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample store that no test may change."""
    return make_sample(tmp_path_factory.mktemp("pristine") / "store")


@pytest.fixture
def sample(pristine: Sample, tmp_path: Path) -> Sample:
    """A sample store of the test's own."""
    return pristine.copied(tmp_path)
