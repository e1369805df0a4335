"""A store with two users, made once and copied for every test: hashing a password takes a while."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import Ran, register, run_cart, write_catalog

Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def _registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("registered") / "store"
    register("bob", store)
    register("alice", store)
    return store


@pytest.fixture
def shared(_registered: Path, tmp_path: Path) -> Path:
    """The folder of a store of its own where alice and bob are registered, alice is logged in and
    the small catalogue of `tests.helpers` is on sale."""
    store = tmp_path / "store"
    shutil.copytree(_registered, store)
    write_catalog(store / "catalog.csv")
    return store


@pytest.fixture
def cart(shared: Path) -> Run:
    """Runs `cart` on the store `shared`, as alice."""

    def run(*args: str, **how: object) -> Ran:
        return run_cart(*args, store=shared, **how)  # type: ignore[arg-type]

    return run


@pytest.fixture
def new_cart(cart: Run) -> Callable[..., str]:
    """Starts a cart of alice's with lines of SKU and quantity, and gives its id."""

    def start(lines: dict[str, int]) -> str:
        text = "".join(f"{sku},{quantity}\n" for sku, quantity in lines.items())
        started = cart("add", "new", "-", "-o", "json", input=text)
        assert started.returncode == 0, started.stderr
        return str(started.json["id"])

    return start
