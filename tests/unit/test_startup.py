"""What a command may import. Time is mostly imports: what a command does not need, it leaves."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.helpers import CARD, CART, PLATES, cart_env, register, run_cart

# Beside the standard library nothing but these.
PACKAGES: Final = {"cartcli", "click"}

# Of the standard library none of these: each costs more than its use would be worth here.
HEAVY: Final = {
    *("argparse", "asyncio", "concurrent", "dataclasses", "difflib", "email", "hashlib", "hmac"),
    *(
        "http",
        "locale",
        "logging",
        "multiprocessing",
        "pydoc",
        "random",
        "secrets",
        "shutil",
        "socket",
        "sqlite3",
    ),
    *("ssl", "statistics", "subprocess", "tempfile", "tomllib", "unittest", "xml", "zoneinfo"),
}

# The arguments, and how many modules of ours they may load.
QUICK: Final = {
    "add": (["add", "new", PLATES, "-o", "json"], 63),
    "add, for people": (["add", "new", PLATES], 63),
    "remove": (["remove", "CART", PLATES, "-o", "json"], 63),
    "carts": (["carts", "-o", "json"], 63),
    "checkout": (["checkout", "CART", "--card", "-", "-o", "json"], 77),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on which alice is logged in and has carts."""
    path = tmp_path_factory.mktemp("startup") / "store"
    register("alice", path)
    return path


# Runs a script as Python itself would, and at its very end names all modules that are loaded.
RUN: Final = """\
import atexit, sys
atexit.register(lambda: print("LOADED", *sys.modules, file=sys.stderr))
del sys.argv[0]
with open(sys.argv[0]) as script:
    exec(compile(script.read(), sys.argv[0], "exec"), {"__name__": "__main__"})
"""


def loaded(script: Path, args: list[str], store: Path) -> set[str]:
    """The modules that are loaded when a script has run, which must succeed."""
    ran = subprocess.run(
        [sys.executable, "-c", RUN, script, *args],
        input=CARD.encode(),
        capture_output=True,
        env=cart_env({"HOME": str(store.parent)}, store),
        timeout=60,
        check=False,
    )
    messages, _, names = ran.stderr.decode().partition("LOADED ")
    assert ran.returncode == 0, messages
    return set(names.split())


@cache
def interpreter(folder: Path) -> set[str]:
    """What is loaded before a script has done anything."""
    script = folder / "script"
    script.touch()
    return loaded(script, [], folder)


def imported(args: list[str], store: Path) -> set[str]:
    """The modules that `cart` imports to do what these arguments say."""
    return loaded(CART, args, store) - interpreter(store.parent)


@pytest.mark.parametrize(("args", "most_of_ours"), QUICK.values(), ids=QUICK)
def test_a_quick_command_imports_little(args: list[str], most_of_ours: int, store: Path) -> None:
    made = run_cart("add", "new", PLATES, "-o", "json", store=store).json
    args = [made["id"] if arg == "CART" else arg for arg in args]
    modules = imported(args, store)
    assert "cartcli.cart_db.pickle.carts" in modules  # it has been seen at work
    tops = {module.partition(".")[0] for module in modules}
    assert tops - set(sys.stdlib_module_names) == PACKAGES
    assert tops & HEAVY == set()
    ours = sorted(module for module in modules if module.startswith("cartcli"))
    assert len(ours) <= most_of_ours, ours


def test_heavy_modules_would_be_seen(store: Path) -> None:
    """So that the test above can fail: a table needs tabulate, and that needs more."""
    modules = imported(["catalog", "-o", "table"], store)
    tops = {module.partition(".")[0] for module in modules}
    assert {"tabulate", "wcwidth"} <= tops
    assert tops & HEAVY


def test_help_opens_no_shop(tmp_path: Path) -> None:
    modules = imported(["--help"], tmp_path / "store")
    assert {module for module in modules if module.startswith("cartcli.")} <= {
        "cartcli.__main__",
        "cartcli.cli",
        "cartcli.cli.command",
        "cartcli.errors",
        "cartcli.outputs",
    }
