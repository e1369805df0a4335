"""The sample store: built once, copied for each test."""

from __future__ import annotations

import pickle
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.once import once
from tests.promises.damage.sample import Sample, make_sample

_PATIENCE: Final = 20


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample store that no test may change."""

    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / "sample").write_bytes(pickle.dumps(make_sample(folder / "store")))

    made = once(tmp_path_factory, "sample store", make)
    sample: Sample = pickle.loads((made / "sample").read_bytes())
    return sample._replace(store=made / "store")


@pytest.fixture
def sample(pristine: Sample, tmp_path: Path) -> Sample:
    """A sample store of the test's own."""
    return pristine.copied(tmp_path)


@pytest.fixture
def impatience() -> Iterator[None]:
    """Whatever waits for a FIFO or reads zeros for ever fails instead."""

    def fail(number: int, frame: object) -> None:
        raise TimeoutError(f"still waiting after {_PATIENCE} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(_PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
