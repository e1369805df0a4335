"""An import that is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import ALICE, run_cart, shop_in
from tests.product_files import catalog_rows

HEADER = "sku,name,price,description"
OLD = f"{HEADER},colour\nPOT,Pot,1.5,,red\nCUP,Cup,2,,\n"
NEW = f"{HEADER}\nPOT,Pot,1.7,\nCAN,Can,3,\n"
MANY = f"{HEADER}\n" + "".join(f"S-{number},Thing,1,\n" for number in range(30))
PUT_BACK = "What was on sale before is kept; put it back with: cart import --undo\n"


@pytest.fixture
def twice(store: Path) -> Path:
    """A store with an import after another one."""
    assert run_cart("import", "-", store=store, input=OLD).stderr == ""
    assert run_cart("import", "-", store=store, input=NEW).stderr == PUT_BACK
    return store


def test_the_catalogue_from_before_is_put_back_and_that_taken_back(twice: Path) -> None:
    rows = catalog_rows(twice)
    ran = run_cart("import", "--undo", store=twice)
    assert (ran.returncode, ran.stderr) == (0, PUT_BACK)
    assert ran.stdout == "Put back 2 items.\n1 added, 1 changed (1 in price), 1 removed.\n"
    back = catalog_rows(twice)
    assert [(row["sku"], row["colour"]) for row in back] == [("POT", "red"), ("CUP", "")]
    assert run_cart("import", "--undo", store=twice).returncode == 0
    assert catalog_rows(twice) == rows


def test_what_it_would_do(twice: Path) -> None:
    ran = run_cart("import", "--undo", "-n", "-o", "json", store=twice)
    kinds = [(change["change"], change["sku"]) for change in ran.json["changes"]]
    assert kinds == [("changed", "POT"), ("added", "CUP"), ("removed", "CAN")]
    shown = run_cart("import", "--undo", "--dry-run", store=twice).stdout
    assert "Would put back 2 items; nothing was written.\n" in shown
    assert [row["sku"] for row in catalog_rows(twice)] == ["POT", "CAN"]


def test_nothing_to_put_back(store: Path) -> None:
    for _ in range(2):
        ran = run_cart("import", "--undo", store=store)
        assert (ran.returncode, ran.stdout) == (3, "")
        assert ran.stderr.startswith("Error: no catalogue is kept from before an import\n")
        assert run_cart("import", "-", store=store, input=OLD).returncode == 0
        store.joinpath("catalog-before.csv").unlink(missing_ok=True)


def test_single_items_are_no_import(twice: Path) -> None:
    assert run_cart("item", "set", "POT", "--price", "9", store=twice).returncode == 0
    assert run_cart("item", "remove", "CAN", store=twice).returncode == 0
    assert run_cart("import", "--undo", store=twice).returncode == 0
    assert [row["price"] for row in catalog_rows(twice)] == ["1.50", "2.00"]
    assert run_cart("import", "--undo", store=twice).returncode == 0
    assert [(row["sku"], row["price"]) for row in catalog_rows(twice)] == [("POT", "9.00")]


def test_what_takes_most_off_sale_is_asked_about_here_too(store: Path) -> None:
    assert run_cart("import", "-", store=store, input=OLD).returncode == 0
    assert run_cart("import", "-", store=store, input=MANY).returncode == 0
    refused = run_cart("import", "--undo", store=store)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Take 30 of 30 items off sale?" in refused.stderr
    assert len(catalog_rows(store)) == 30
    assert run_cart("import", "--undo", "--yes", store=store).returncode == 0
    assert len(catalog_rows(store)) == 2


def test_carts_are_not_altered(twice: Path) -> None:
    shop = shop_in(twice)
    cart = shop.update_cart(ALICE, None, {"CAN": 2})
    assert run_cart("import", "--undo", store=twice).returncode == 0
    (now,) = shop_in(twice).get_carts(ALICE)
    assert (now.lines, now.version) == (cart.lines, cart.version)
    assert now.quote.unsold == ("CAN",)


@pytest.mark.parametrize(
    "args",
    [
        ["--undo", "file.csv"],
        ["--undo", "-"],
        ["--undo", "--merge"],
        ["--undo", "--format", "own"],
        ["--undo", "--skip-bad"],
        [],
    ],
)
def test_undo_and_a_file_are_two_things(twice: Path, args: list[str]) -> None:
    ran = run_cart("import", *args, store=twice, input=OLD)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert [row["sku"] for row in catalog_rows(twice)] == ["POT", "CAN"]


def test_a_program_puts_it_back(twice: Path) -> None:
    with shop_in(twice).merchant.plan_import() as plan:
        plan.read_before()
        assert (plan.items, plan.compare()) == (2, (1, 1, 1, 1))
        plan.write()
    assert [item.sku for item in shop_in(twice).get_catalog()] == ["POT", "CUP"]
