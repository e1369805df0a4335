"""What every catalog DB promises."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import pytest

from cartcli import Item, Money
from cartcli.catalog_db import CatalogDb, Sort
from cartcli.errors import FixInput
from tests.contract.conftest import StockShop
from tests.helpers import CATALOG, DRONE, PLATES, RICE, TEA

MORE: Final = (
    ("B-STRASSE", "Stadtplan Straße", "29.38", "größer, 1:10 000"),
    ("a-mug", "a mug", "0", ""),
)


@pytest.fixture
def catalog_db(stock: StockShop) -> CatalogDb:
    return stock([*CATALOG, *MORE], "USD")


def skus(items: Sequence[Item]) -> list[str]:
    return [item.sku for item in items]


ALL: Final = [PLATES, RICE, DRONE, TEA, "B-STRASSE", "a-mug"]


def test_descriptions_of_skus(catalog_db: CatalogDb) -> None:
    rice = Item(
        RICE,
        "Gourmet House Cracked Minnesota Cultivated Wild Rice",
        Money("29.38", "USD"),
        "1 lb (Pack of 12)",
    )
    tea = Item(TEA, "玉露 green tea", Money("12.345", "USD"), 'from "Uji", 100 g')
    assert catalog_db.get_descriptions([RICE, TEA]) == {RICE: rice, TEA: tea}


def test_unknown_skus_are_left_out(catalog_db: CatalogDb) -> None:
    unknown = ["", RICE.lower()[:-1], "A-MUG", f" {TEA}", "no such"]
    assert skus([*catalog_db.get_descriptions([*unknown, TEA]).values()]) == [TEA]
    assert catalog_db.get_descriptions([]) == {}


def test_prices_are_in_the_shops_currency(stock: StockShop) -> None:
    items = stock([*CATALOG], "KWD").search()
    assert [item.price for item in items] == [Money(price, "KWD") for _, _, price, _ in CATALOG]


def test_everything_in_the_catalogues_order(catalog_db: CatalogDb) -> None:
    assert skus(catalog_db.search()) == ALL


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["rice"], [RICE]),
        (["RICE", "wILD"], [RICE]),  # every one of them, in any order and case
        (["wild", "plates"], []),
        (["pack"], [RICE]),  # of the description
        (["tea-"], [TEA]),  # of the SKU
        (["green", "uji", "tea-"], [TEA]),
        (["玉露"], [TEA]),
        (["STRASSE"], ["B-STRASSE"]),
        (["straße", "GRÖSSER"], ["B-STRASSE"]),
        (["ouse crack"], [RICE]),  # a word may be part of one, or hold a blank
        ([""], ALL),
        ([".*"], []),
        (["%"], []),
        (["no such thing"], []),
    ],
)
def test_search_by_words(catalog_db: CatalogDb, words: list[str], found: list[str]) -> None:
    assert skus(catalog_db.search(words)) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("name", ["a-mug", DRONE, PLATES, RICE, "B-STRASSE", TEA]),
        ("price", ["a-mug", TEA, RICE, "B-STRASSE", PLATES, DRONE]),
        ("-price", [DRONE, PLATES, RICE, "B-STRASSE", TEA, "a-mug"]),
    ],
)
def test_search_sorted(catalog_db: CatalogDb, sort: Sort, found: list[str]) -> None:
    assert skus(catalog_db.search(sort=sort)) == found


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({"min_price": "39.47"}, [PLATES, DRONE]),
        ({"max_price": "12.345"}, [TEA, "a-mug"]),
        ({"min_price": "12.3451", "max_price": "29.38"}, [RICE, "B-STRASSE"]),
        ({"min_price": "0", "max_price": "0"}, ["a-mug"]),
        ({"min_price": "50"}, []),
        ({"min_price": "30", "max_price": "20"}, []),
    ],
)
def test_search_by_price(catalog_db: CatalogDb, bounds: dict[str, str], found: list[str]) -> None:
    limits: dict[str, Any] = {name: Money(price, "USD") for name, price in bounds.items()}
    assert skus(catalog_db.search(**limits)) == found


@pytest.mark.parametrize("limit", [0, 1, 3, 6, 7])
def test_search_limited(catalog_db: CatalogDb, limit: int) -> None:
    assert skus(catalog_db.search(limit=limit)) == ALL[:limit]


def test_search_by_everything_at_once(catalog_db: CatalogDb) -> None:
    found = catalog_db.search(
        ["a"], sort="-price", min_price=Money(1, "USD"), max_price=Money(40, "USD"), limit=2
    )
    assert skus(found) == [PLATES, RICE]


def test_the_frame_is_the_whole_catalogue(catalog_db: CatalogDb) -> None:
    frame = catalog_db.frame()
    assert frame.index.name == "sku"
    assert [*frame.index] == ALL
    assert [*frame.columns] == ["name", "price", "currency", "description"]
    assert frame.loc[TEA].to_dict() == {
        "name": "玉露 green tea",
        "price": Decimal("12.345"),
        "currency": "USD",
        "description": 'from "Uji", 100 g',
    }
    assert all(isinstance(price, Decimal) for price in frame["price"])


def test_a_catalogue_that_breaks_a_rule_sells_nothing(stock: StockShop) -> None:
    faulty = stock([*CATALOG, ("MUG", "Mug", "8,90", "")], "USD")
    for read in (faulty.search, faulty.frame, lambda: faulty.get_descriptions([TEA])):
        with pytest.raises(FixInput, match=r"MUG.*'8,90'"):
            read()
