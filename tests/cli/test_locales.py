"""Whatever the locale, a user is the same one, and there is no traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from cartcli import Identity
from tests.helpers import LOST_ANSWER_CARD, PLATES, register, run_cart, shop_in, write_catalog

ZOE: Final = "zo\u00eb \u2603"
ASCII: Final = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def of_zoe(store: Path) -> Path:
    """A store in which she is logged in, and a payment of hers waits."""
    register(ZOE, store)
    write_catalog(store / "catalog.csv")
    cart = shop_in(store).update_cart(Identity(ZOE), None, {PLATES: 1}).id
    run_cart("checkout", cart, "--card", "-", store=store, input=LOST_ANSWER_CARD)
    return store


def test_every_command_finds_the_same_carts(of_zoe: Path, tmp_path: Path) -> None:
    before = {path.name for path in of_zoe.rglob("*") if path.name.startswith("zo")}
    for args in (
        ["carts"],
        ["whoami"],
        ["add", "new", PLATES],
        ["report", "open"],
        ["audit"],
        ["settle", "--all"],
        ["report", "customers"],
        ["backup", str(tmp_path / "backup")],
    ):
        ran = run_cart(*args, store=of_zoe, env=ASCII, cold=True)
        assert (args, ran.returncode, "Traceback" in ran.stderr) == (args, 0, False)
        assert args[0] == "whoami" or "No carts" not in ran.stdout
    rows = run_cart("report", "customers", "-o", "json", store=of_zoe, env=ASCII, cold=True).json
    assert [row["user"] for row in rows] == [ZOE]
    assert {path.name for path in of_zoe.rglob("*") if path.name.startswith("zo")} == before
