"""Single items of the shop's own catalogue."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cartcli.errors import FixInput
from tests.cli.conftest import NewCart, Run
from tests.helpers import PLATES, TEA, at_once, run_cart, shop_in, write_catalog


def rows(store: Path) -> dict[str, dict[str, str]]:
    with (store / "catalog.csv").open(encoding="utf-8", newline="") as file:
        return {row["sku"]: row for row in csv.DictReader(file)}


def test_an_item_has_another_price(cart: Run, new_cart: NewCart, shared: Path) -> None:
    new_cart({PLATES: 1})
    before = rows(shared)
    ran = cart("item", "set", PLATES, "--price", "40.5", "-o", "json")
    assert (ran.returncode, ran.json["sku"], ran.json["price"]) == (0, PLATES, "40.50")
    assert ran.notes == f"{PLATES} is changed.\n"
    after = rows(shared)
    assert after.pop(PLATES) == before.pop(PLATES) | {"price": "40.50"}
    assert after == before
    (line,) = cart("carts", "-o", "json").json[0]["lines"]
    assert (line["price"], line["changed_from"]) == ("40.50", "39.47")


def test_further_columns_and_the_order_stay(cart: Run, shared: Path) -> None:
    text = f"sku,name,price,description,brand\nA,Pot,1,,Acme\n{TEA},Tea,2,green,Uji\nB,Pan,3,,\n"
    (shared / "catalog.csv").write_text(text)
    assert cart("item", "set", TEA, "--name", "Tea, green", "--description", "").returncode == 0
    assert [*rows(shared)] == ["A", TEA, "B"]
    assert rows(shared)[TEA] == {
        "sku": TEA,
        "name": "Tea, green",
        "price": "2.00",
        "description": "",
        "brand": "Uji",
    }
    assert cart("item", "remove", "A").returncode == 0
    assert [*rows(shared)] == [TEA, "B"]
    assert rows(shared)[TEA]["brand"] == "Uji"


def test_what_is_removed_is_no_longer_sold(cart: Run, new_cart: NewCart) -> None:
    full = new_cart({PLATES: 1, TEA: 1})
    gone = cart("item", "remove", TEA)
    assert gone.returncode == 0
    assert f"{TEA} is no longer sold." in gone.stderr
    assert [item["sku"] for item in cart("catalog", "-o", "json").json if item["sku"] == TEA] == []
    assert cart("checkout", full, "--dry-run").returncode == 6


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("set", PLATES), 2),
        (("set", PLATES, "--price", "-1"), 2),
        (("set", PLATES, "--price", "1,5"), 2),
        (("set", PLATES, "--name", ""), 2),
        (("set", PLATES, "--name", "x" * 501), 2),
        (("set", "NOTHING", "--price", "1"), 3),
        (("remove", "NOTHING"), 3),
        (("remove",), 2),
    ],
)
def test_what_cannot_be_changed(
    cart: Run, shared: Path, args: tuple[str, ...], status: int
) -> None:
    before = (shared / "catalog.csv").read_bytes()
    ran = cart("item", *args)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert (shared / "catalog.csv").read_bytes() == before


def test_a_shop_without_a_catalogue_of_its_own(store: Path, tmp_path: Path) -> None:
    ran = run_cart("item", "set", "MUG-350-WHT", "--price", "1", store=store)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no catalogue of its own" in ran.stderr
    assert not store.exists()


def test_the_last_item_stays(cart: Run, shared: Path) -> None:
    write_catalog(shared / "catalog.csv", [(TEA, "Tea", "2", "")])
    assert cart("item", "remove", TEA).returncode == 2
    assert [*rows(shared)] == [TEA]


def test_changes_at_once_are_all_made(shared: Path) -> None:
    skus = [f"S-{number}" for number in range(4)]
    write_catalog(shared / "catalog.csv", [(sku, "Thing", "1", "") for sku in skus])
    merchant = shop_in(shared, lock_wait=30).merchant
    results = at_once(4, lambda number: merchant.set_item(skus[number], name=f"Name {number}"))
    assert [one for one in results if isinstance(one, Exception)] == []
    assert [row["name"] for row in rows(shared).values()] == [f"Name {n}" for n in range(4)]


def test_a_price_in_another_currency(shared: Path) -> None:
    from cartcli import Money

    with pytest.raises(FixInput, match="the shop sells in USD"):
        shop_in(shared).merchant.set_item(PLATES, price=Money(1, "EUR"))
