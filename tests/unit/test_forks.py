"""A process that forks has loaded all that its child may need: what another thread is importing at
that time stays half made in the child for ever."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cartcli
from cartcli.bootstrap.forks import LARGE
from tests.helpers import cart_env

PACKAGE: Final = Path(cartcli.__file__).parent
OPTIONAL: Final = {"pandas", "numpy", "matplotlib", "openpyxl", "pyarrow"}

# Opens a shop, and forks; the child tells what is loaded in it, and what is after it was busy.
PROGRAM: Final = """\
import os, sys
import cartcli

shop = cartcli.open_shop(store=sys.argv[1])
if not os.fork():
    before = set(sys.modules)
    print(*before, flush=True)
    from cartcli.merchant.importing.source import Source
    from cartcli.model.times import utc_now

    alice = cartcli.Identity("alice")
    login = shop.guest()
    cart = shop.change_cart(alice, None, [cartcli.Add("MUG-350-WHT", 2)])
    shop.checkout_cart(alice, cart.id, "4242 4242 4242 4242", expect_total=cart.quote.total)
    shop.get_catalog(["müg"], limit=2)
    shop.get_carts(alice)
    shop.logout(login.token)
    try:
        shop.login("alice", "a password of none")
    except cartcli.CartError as error:
        cartcli.as_dict(error)
    merchant = shop.merchant
    cartcli.as_dict(merchant.audit())
    merchant.settle()
    for text in ("utf-8", "utf-16"):
        with open(sys.argv[2], "w", encoding=text) as file:
            file.write("sku,name,price,description\\nA-1,Pen,1.00,\\nB-é,Pot,2.00,\\n")
        with open(sys.argv[2], "rb") as file, merchant.plan_import() as plan:
            plan.read(Source(file, "products.csv", 0), None, utc_now())
            plan.write()
    merchant.backup(sys.argv[3])
    merchant.prune()
    merchant.forget("alice")
    print(*(set(sys.modules) - before), flush=True)
    os._exit(0)
raise SystemExit(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def told_by_a_child(tmp_path: Path) -> tuple[set[str], set[str]]:
    """What is loaded in a child of a process that has only opened a shop, and what the child has to
    load by itself."""
    paths = [tmp_path / "store", tmp_path / "products.csv", tmp_path / "backup"]
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *paths],
        capture_output=True,
        env=cart_env({"HOME": str(tmp_path)}),
        timeout=60,
        check=False,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    loaded, later = ran.stdout.splitlines()
    return set(loaded.split()), set(later.split())


def imported_late() -> Iterator[str]:
    """The modules that are imported within functions."""
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(("cartcli", *path.relative_to(PACKAGE).with_suffix("").parts))
        if name.startswith(("cartcli.cli.", "cartcli.__main__", *LARGE)):
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from imports_of(function)


def imports_of(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_all_that_is_imported_late_is_loaded_before_a_fork(tmp_path: Path) -> None:
    loaded, later = told_by_a_child(tmp_path)
    late = {
        module
        for module in imported_late()
        if not module.startswith(LARGE) and module.split(".")[0] not in OPTIONAL
    }
    assert {"argon2", "unicodedata", "cartcli.merchant.settle"} <= late
    assert late <= loaded
    assert later == set()
    assert OPTIONAL & loaded == set()
