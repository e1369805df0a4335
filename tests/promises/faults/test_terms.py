"""Whatever is killed with the first item, or the first import, the store is new, or knows what its
prices mean."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from tests.promises.faults.injector import Fault
from tests.promises.faults.pictures import Picture
from tests.promises.faults.scene import DRONE, NOTHING, Bench


def test_the_first_item(bench: Bench) -> None:
    with bench.trial(NOTHING) as trial:
        assert trial.run("login", "carol", "--register").status == 0
        logged_in = trial.picture()
    kills = _killed(bench, logged_in, "--currency", "EUR", "add", "new", DRONE)
    assert kills >= 15


def test_the_first_import(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "lamps.csv"
    file.write_text("sku,name,price,description\nLAMP,Lamp,5.00,\n")
    assert _killed(bench, NOTHING, "--currency", "EUR", "import", str(file)) >= 15


def _killed(bench: Bench, picture: Picture, *args: str) -> int:
    """How many calls the command makes, before each of which it is killed once. Whatever it leaves,
    another currency means no other price, and the same command goes on."""
    for at in itertools.count(1):
        with bench.trial(picture) as trial:
            run = trial.run(*args, fault=Fault("kill", at))
            store = Path(trial.store)
            known = _known(store)
            assert known in (None, "EUR")
            assert known or not (store / "catalog.csv").exists()
            assert known or not (store / "carts").exists()
            if known:
                assert trial.run("--currency", "JPY", *args[2:]).status == 2
            assert trial.run(*args).status == 0
            assert _known(store) == "EUR"
            if not run.killed:
                return at - 1
    raise AssertionError


def _known(store: Path) -> str | None:
    """The currency that the shop knows."""
    try:
        return str(json.loads((store / "shop.json").read_bytes())["currency"])
    except FileNotFoundError:
        return None
