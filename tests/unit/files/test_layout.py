"""Which version a store is of, and how a new one is claimed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli.errors import RepairStore, RestoreData
from cartcli.files import durable, layout, sealed
from tests.helpers import at_once

Make = Callable[[Path], object]


def tree(store: Path) -> set[tuple[str, bool]]:
    """What is in the store, and whether it is a folder."""
    return {(str(path.relative_to(store)), path.is_dir()) for path in store.rglob("*")}


def folders(*names: str) -> Make:
    def make(store: Path) -> None:
        for name in names:
            (store / name).mkdir(parents=True)

    return make


def claimed(*names: str) -> Make:
    def make(store: Path) -> None:
        layout.claim(str(store))
        folders(*names)(store)

    return make


STORES: Final[dict[str, tuple[Make, layout.Age]]] = {
    "not there": (lambda _: None, "new"),
    "empty": (folders(""), "new"),
    "of users alone": (folders("users", "sessions", "guesses"), "new"),
    "claimed": (claimed(), "current"),
    "with carts": (claimed("carts"), "current"),
    "with payments": (claimed("carts", "payments"), "current"),
    "carts of 0.1.0": (folders("carts"), "outdated"),
    "payments of 0.1.0": (folders("payments"), "outdated"),
    "orders of 0.1.0": (folders("orders"), "outdated"),
    "all of 0.1.0": (folders("carts", "payments", "orders", "users"), "outdated"),
}


@pytest.mark.parametrize(("make", "age"), STORES.values(), ids=STORES)
def test_a_store_tells_of_which_version_it_is(store: Path, make: Make, age: layout.Age) -> None:
    make(store)
    before = tree(store)
    assert layout.age(str(store)) == age
    if age == "outdated":
        for use in (layout.check, layout.claim):
            with pytest.raises(RepairStore, match="older version") as refused:
                use(str(store))
            assert refused.value.facts == {"store": str(store), "outdated": True}
        assert tree(store) == before
    else:
        layout.check(str(store))
        assert tree(store) == before
        layout.claim(str(store))
        assert layout.age(str(store)) == "current"
        assert tree(store) == before | {("orders", False)}


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: os.symlink("/dev/null", path)])
def test_what_is_neither_a_file_nor_a_folder_tells_nothing(
    store: Path, make: Callable[[str], None]
) -> None:
    store.mkdir()
    make(str(store / "orders"))
    for use in (layout.age, layout.check, layout.claim):
        with pytest.raises(RepairStore, match="orders is not a regular file"):
            use(str(store))


def test_a_store_that_is_filled_between_two_looks_is_current(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process claims it after this one has found it new, and puts a cart into it."""
    holds = layout.holds

    def filled_meanwhile(folder: str) -> bool:
        folders("carts")(store)
        (store / "orders").touch()
        return holds(folder)

    monkeypatch.setattr(layout, "holds", filled_meanwhile)
    layout.check(str(store))


def test_racing_claims_are_one(store: Path) -> None:
    assert at_once(8, lambda _: layout.claim(str(store))) == [None] * 8
    assert tree(store) == {("orders", False)}


def test_a_claim_is_durable_before_it_is_relied_on(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if whoever made it was killed before it was."""
    store.mkdir()
    (store / "orders").touch()
    synced: list[str] = []
    monkeypatch.setattr(durable, "sync_folder", synced.append)
    layout.claim(str(store))
    assert synced[-1:] == [str(store)]


def test_a_record_may_be_of_a_format_of_its_own() -> None:
    data = sealed.seal({"cart": "6f1c"}, version=2)
    assert sealed.unseal("a path", data, known=2) == {"cart": "6f1c"}
    with pytest.raises(RestoreData, match=r"newer version of cartcli \(format 2\)"):
        sealed.unseal("a path", data)
    with pytest.raises(RepairStore, match=r"older version of cartcli \(format 2\)") as refused:
        sealed.unseal("a path", data, known=3)
    assert refused.value.facts == {"path": "a path", "outdated": True}


@pytest.mark.parametrize("version", [0, -1, None, "2", True, 1.0])
def test_a_format_that_never_was_is_damage(version: object) -> None:
    with pytest.raises(RestoreData, match="no format number"):
        sealed.check_format("a path", version, 2)
