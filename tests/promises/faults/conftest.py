"""The benches of the fault tests, and their figures at the end of a session."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import cartcli
from tests.promises.faults.attacks import checkout
from tests.promises.faults.pictures import Picture
from tests.promises.faults.processes import Zygote
from tests.promises.faults.scene import Bench, Scene
from tests.promises.faults.sweeps import Figures

_FIGURES = "fault figures"
Report = Callable[[Figures | str], None]
Wrecks = Callable[[str], list[Picture]]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """The warm parent of every command that is run on the package as the tests import it."""
    with Zygote(Path(cartcli.__file__).parents[1]) as zygote:
        yield zygote


@pytest.fixture(scope="session")
def scene(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The prepared shop."""
    return Bench(zygote, tmp_path_factory.mktemp("scene")).scene


@pytest.fixture(scope="session")
def wrecks(zygote: Zygote, scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Wrecks:
    """What checkouts leave behind that are killed, by the card."""
    bench = Bench(zygote, tmp_path_factory.mktemp("wrecks"), scene)
    return functools.cache(lambda card: checkout.wrecks(bench, card))


@pytest.fixture
def bench(zygote: Zygote, scene: Scene, tmp_path: Path) -> Bench:
    """A bench on the prepared shop."""
    return Bench(zygote, tmp_path, scene)


@pytest.fixture
def exhaustive(request: pytest.FixtureRequest) -> bool:
    """Whether everything is to be tried that an ordinary session takes samples of."""
    return bool(request.config.getoption("--exhaustive"))


@pytest.fixture
def report(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Report:
    """Says at the end of the session what this test did, and in how many seconds."""
    start = time.monotonic()

    def say(figures: Figures | str) -> None:
        seconds = time.monotonic() - start
        record_property(_FIGURES, f"{request.node.name}: {figures}, {seconds:.1f} s")

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of all tests that reported some."""
    ended = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    figures = [
        value
        for test in ended
        if getattr(test, "when", "") == "call"
        for name, value in test.user_properties
        if name == _FIGURES
    ]
    if figures:
        terminalreporter.section(_FIGURES)
        terminalreporter.write_line("\n".join(str(value) for value in figures))
