"""What comes from outside as text is read alike by every command."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import NewCart, Run, contents_in, pay, states_in
from tests.helpers import CARD, PASSWORD, PLATES, TEA, run_cart, shop_in

Written = Callable[[str], bytes]

WAYS: Final[dict[str, Written]] = {
    "with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "by PowerShell": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "in the other order": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "with old ends": lambda text: text.replace("\r\n", "\r").encode(),
}
pytestmark = pytest.mark.parametrize("written", WAYS.values(), ids=WAYS.keys())


def test_a_password(users: Path, written: Written) -> None:
    password = written(f"{PASSWORD}\r\n")
    ran = run_cart("login", "bob", "--password-stdin", store=users, input=password)
    assert ran.returncode == 0, ran.stderr


def test_a_card(cart: Run, full: str, shared: Path, written: Written) -> None:
    ran = cart("checkout", full, "--card", "-", input=written(f"{CARD}\r\n"))
    assert ran.returncode == 0, ran.stderr
    assert states_in(shared) == ["purchased"]


def test_lines_of_items(cart: Run, shared: Path, written: Written) -> None:
    ran = cart("add", "new", "-", input=written(f"{PLATES},2\r\n{TEA},1\r\n"))
    assert ran.returncode == 0, ran.stderr
    assert contents_in(shared) == {PLATES: 2, TEA: 1}


def test_settings(shared: Path, written: Written) -> None:
    folder = shared.parent / "config" / "cart"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_bytes(written('output = "json"\r\n# ende\r\n'))
    env = {"XDG_CONFIG_HOME": str(folder.parent), "HOME": str(folder.parent)}
    assert run_cart("carts", store=shared, env=env).json == []


@pytest.mark.parametrize("piped", [True, False])
def test_a_product_file(
    cart: Run, new_cart: NewCart, tmp_path: Path, written: Written, piped: bool
) -> None:
    data = written("sku,name,price,description\r\nÉ-1,Café cup,9.50,\r\nB,Bag,1.00,\r\n")
    path = tmp_path / "items.csv"
    path.write_bytes(data)
    ran = cart("import", "-" if piped else str(path), input=data)
    assert ran.returncode == 0, ran.stderr
    assert [one["name"] for one in cart("catalog", "-o", "json").json] == ["Café cup", "Bag"]
    assert pay(cart, new_cart({"B": 1}), CARD).returncode == 0


@pytest.mark.parametrize("more", [0, 3_000], ids=["small", "large"])
def test_a_catalogue(store: Path, tmp_path: Path, written: Written, more: int) -> None:
    rows = [f"X{n},Thing,2.00," for n in range(more)]
    table = "\r\n".join(["sku,name,price,description", "É-1,Café cup,9.50,", *rows, "B,Bag,1.00,"])
    path = tmp_path / "items.csv"
    path.write_bytes(written(f"{table}\r\n"))
    for _ in range(2):  # a large one is found by an index from the second time on
        ran = run_cart("--catalog", str(path), "catalog", "--sku", "B", "-o", "json", store=store)
        assert [one["name"] for one in ran.json] == ["Bag"]
    assert len(shop_in(store, catalog=str(path)).get_catalog()) == 2 + more
