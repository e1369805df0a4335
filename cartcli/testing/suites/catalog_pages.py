"""A catalogue page by page, in every catalog DB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

from cartcli import Item, Money
from cartcli.catalog_db import CatalogDb, Sort
from cartcli.errors import ChooseExisting
from cartcli.testing.fixtures import StockShop

# Three of them are alike in all that is sorted by.
ROWS: Final = [
    ("kettle", "Kettle", "19.99", "with a lid"),
    ("C", "Mug", "2", "red"),
    ("a", "mug", "2.0", ""),
    ("plate", "a plate", "0", ""),
    ("B", "MUG", "2.00", "blue"),
    ("lid", "Lid", "1.50", "for a mug"),
    ("tv", "Television", "1499", ""),
]
ORDERS: Final[list[Sort | None]] = [None, "name", "price", "-price"]


@pytest.fixture
def catalog_db(stock: StockShop) -> CatalogDb:
    return stock(ROWS, "USD")


def skus(items: Sequence[Item]) -> list[str]:
    return [item.sku for item in items]


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize(("words", "number"), [([], 7), (["mug"], 4)])
def test_page_after_page_gives_everything_once(
    catalog_db: CatalogDb, sort: Sort | None, words: list[str], number: int
) -> None:
    whole = catalog_db.search(words, sort=sort)
    assert len(whole) == len({*skus(whole)}) == number
    for limit in range(1, number + 2):
        walked: list[Item] = []
        while page := catalog_db.search(
            words, sort=sort, after=walked[-1].sku if walked else "", limit=limit
        ):
            assert len(page) == min(limit, number - len(walked))
            walked += page
        assert walked == whole


@pytest.mark.parametrize("sort", ORDERS)
def test_what_is_alike_stands_in_the_catalogues_order(
    catalog_db: CatalogDb, sort: Sort | None
) -> None:
    found = catalog_db.search(sort=sort, min_price=Money(2, "USD"), max_price=Money(2, "USD"))
    assert skus(found) == ["C", "a", "B"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [(None, ["a", "B", "lid"]), ("name", ["a", "B"]), ("price", []), ("-price", ["a", "B", "lid"])],
)
def test_a_page_goes_on_after_what_is_not_found_itself(
    stock: StockShop, catalog_db: CatalogDb, sort: Sort | None, found: list[str]
) -> None:
    """It was on the page before, and has been renamed and has become dearer since."""
    limit = Money(5, "USD")
    assert skus(catalog_db.search(["mug"], max_price=limit, limit=1)) == ["C"]
    stock([("C", "Lidded cup", "8", "") if row[0] == "C" else row for row in ROWS], "USD")
    assert skus(catalog_db.search(["mug"], sort=sort, max_price=limit, after="C")) == found


def test_nothing_comes_after_what_is_not_on_sale(catalog_db: CatalogDb) -> None:
    for after in ("gone", "KETTLE"):
        with pytest.raises(ChooseExisting) as refused:
            catalog_db.search(after=after, limit=1)
        assert refused.value.facts["sku"] == after
    assert catalog_db.search(after="tv") == []


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("CAFE", ["1", "2", "3"]),
        ("café", ["1", "2", "3"]),
        ("Cafe\u0301", ["1", "2", "3"]),
        ("\uff23\uff21\uff26\uff25", ["1", "2", "3"]),
        ("creme brulee", ["4"]),
        ("STRASSE", ["5"]),
        ("straße", ["5"]),
        ("ガラス", ["6"]),
        ("ｶﾞﾗｽ", ["6"]),
        ("カラス", []),  # another word: those marks are no accents
        ("ελλαδα", ["7"]),
        ("½", ["8"]),
    ],
)
def test_search_folds_case_accents_and_width(stock: StockShop, word: str, found: list[str]) -> None:
    wide = "\uff23\uff21\uff26\uff25 filter"
    names = ["Café", wide, "cafe", "Crème brûlée", "Straße", "ガラス", "Ελλάδα", "½ l"]
    shop = stock([(str(n), name, "1", "") for n, name in enumerate(names, 1)], "USD")
    assert skus(shop.search([word])) == found
