"""Fixtures that all tests share; what is not a fixture is in `tests.helpers`."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cartcli import Controller
from tests.helpers import Clock, register, shop_in, write_catalog
from tests.once import once
from tests.till import Till
from tests.warm.cart import end_parents

pytest_plugins = ["cartcli.testing.fixtures"]

# What a run finds depends on the code alone; look further with --hypothesis-profile=search.
settings.register_profile("repeat", derandomize=True, deadline=None, max_examples=60)
settings.register_profile(
    "search", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeat")


def pytest_configure(config: pytest.Config) -> None:
    """A shell that runs the tests in the background lets them ignore interrupts; those that are
    sent to the commands under test must arrive."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "exhaustive: run with --exhaustive only")


def pytest_unconfigure() -> None:
    end_parents()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--exhaustive", action="store_true", help="try all that is otherwise tried in samples"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--exhaustive"):
        left_out = [item for item in items if item.get_closest_marker("exhaustive")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No test sees the settings of whoever runs it, nor touches their store."""
    for name in [name for name in os.environ if name.startswith("CART_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """The file of the small catalogue that `tests.helpers` describes."""
    return write_catalog(tmp_path / "catalog.csv")


@pytest.fixture
def shop(store: Path, catalog: Path, clock: Clock) -> Controller:
    """A shop that sells the small catalogue, on a new store and by a clock that stands still."""
    return shop_in(store, clock, catalog=str(catalog))


@pytest.fixture(scope="session")
def _two_users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once and copied for every test: hashing a password takes a while."""

    def make(store: Path) -> None:
        register("bob", store)
        register("alice", store)

    return once(tmp_path_factory, "two users", make)


@pytest.fixture
def users(_two_users: Path, store: Path) -> Path:
    """The folder of a store where alice and bob are registered, and alice is logged in."""
    return Path(shutil.copytree(_two_users, store))


@pytest.fixture
def till(tmp_path: Path) -> Till:
    """A shop that has sold nothing yet, and sells anything at any time."""
    return Till(tmp_path)
