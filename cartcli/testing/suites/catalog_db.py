"""What every catalog DB promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

import pytest

from cartcli import Item, Money
from cartcli.catalog_db import CatalogDb, Sort
from cartcli.catalog_db.snapshot import Entry
from cartcli.errors import FixInput, VersionConflict
from cartcli.testing.fixtures import StockShop
from cartcli.testing.values import CATALOG, DRONE, PLATES, RICE, TEA, at_once

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
        ["a"],
        sort="-price",
        min_price=Money(1, "USD"),
        max_price=Money(40, "USD"),
        after=PLATES,
        limit=2,
    )
    assert skus(found) == [RICE, "B-STRASSE"]


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
    for read in (
        faulty.search,
        faulty.frame,
        lambda: faulty.get_descriptions([TEA]),
        lambda: [*faulty.everything().entries],
    ):
        with pytest.raises(FixInput, match=r"MUG.*'8,90'") as refused:
            read()
        assert {"catalog", "reason"} <= refused.value.facts.keys()


def entry(sku: str, price: str = "1.50", **further: str) -> Entry:
    return Entry(Item(sku, f"name of {sku}", Money(price, "USD"), "two\nlines"), further)


def test_everything_is_what_is_sold(catalog_db: CatalogDb) -> None:
    snapshot = catalog_db.everything()
    assert snapshot.version
    assert snapshot.at_most in (0, *range(len(ALL), 100))
    assert [(item, {**further}) for item, further in snapshot.entries] == [
        (item, {}) for item in catalog_db.search()
    ]


def test_where_there_is_no_catalogue_there_is_nothing(stock: StockShop) -> None:
    version, at_most, entries = stock(None, "USD").everything()
    assert (version, at_most, [*entries]) == ("", 0, [])


def test_what_replaces_is_what_is_sold(stock: StockShop) -> None:
    catalog_db = stock(None, "USD")
    for entries in ([entry("B"), entry("A")], [entry("A", "2"), entry("C"), entry("D")]):
        version = catalog_db.replace(entries)
        assert catalog_db.search() == [item for item, _ in entries]
        assert catalog_db.get_descriptions(["B", "A"]).keys() == {"B", "A"} & {
            item.sku for item, _ in entries
        }
        assert catalog_db.everything().version == version
        assert stock(None, "USD").everything().version == version


def test_further_columns_are_kept_in_the_order_given(stock: StockShop) -> None:
    catalog_db = stock(None, "USD")
    given = [entry("A", size="XL", colour="red, blue"), entry("B", Größe="9", left="out")]
    catalog_db.replace(given, ["size", "Größe", "colour"])
    assert [[*further.items()] for _, further in catalog_db.everything().entries] == [
        [("size", "XL"), ("Größe", ""), ("colour", "red, blue")],
        [("size", ""), ("Größe", "9"), ("colour", "")],
    ]


def test_every_difference_is_another_version(stock: StockShop) -> None:
    catalog_db = stock(None, "USD")
    given: list[tuple[list[Entry], list[str]]] = [
        ([entry("A")], []),
        ([entry("B")], []),
        ([entry("A", "1.51")], []),
        ([entry("A"), entry("B")], []),
        ([entry("B"), entry("A")], []),
        ([entry("A")], ["size"]),
        ([entry("A", size="S")], ["size"]),
    ]
    versions = [catalog_db.replace(entries, columns) for entries, columns in given]
    assert len({"", *versions}) == len(given) + 1


def test_only_the_version_that_was_seen_is_replaced(stock: StockShop) -> None:
    catalog_db, other = stock(None, "USD"), stock(None, "USD")
    first = other.replace([entry("A")], if_version="")
    with pytest.raises(VersionConflict):
        catalog_db.replace([entry("B")], if_version="")
    second = catalog_db.replace([entry("B")], if_version=first)
    with pytest.raises(VersionConflict):
        other.replace([entry("C")], if_version=first)
    assert skus(other.search()) == ["B"]
    other.replace([entry("C")], if_version=second)
    assert skus(catalog_db.search()) == ["C"]


@pytest.mark.parametrize("after", [0, 1])
def test_what_cannot_be_made_replaces_nothing(stock: StockShop, after: int) -> None:
    def entries() -> Iterator[Entry]:
        yield from [entry("A")] * after
        raise ZeroDivisionError

    catalog_db = stock([*CATALOG], "USD")
    before = catalog_db.everything().version
    with pytest.raises(ZeroDivisionError):
        catalog_db.replace(entries())
    with pytest.raises(FixInput):
        catalog_db.replace([])
    assert catalog_db.everything().version == before
    assert skus(catalog_db.search()) == ALL[:4]


def test_a_catalogue_is_replaced_while_it_is_read(stock: StockShop) -> None:
    """Whoever reads gets the one that was there, or is told; never some of each."""
    catalog_db = stock(None, "USD")
    catalog_db.replace(entry(f"OLD-{n}") for n in range(5_000))
    entries = catalog_db.everything().entries
    read = [next(entries)]
    catalog_db.replace(entry(f"NEW-{n}") for n in range(5_000))
    with suppress(VersionConflict):
        read += entries
    assert {item.sku[:3] for item, _ in read} == {"OLD"}
    late = stock(None, "USD").everything()
    catalog_db.replace([entry("A")])
    read = []
    with suppress(VersionConflict):
        read += late.entries
        assert len(read) == 5_000
        assert {item.sku[:3] for item, _ in read} == {"NEW"}


@pytest.mark.parametrize("shared", [True, False], ids=["one object", "an object each"])
def test_no_replacing_is_lost_in_a_race(stock: StockShop, shared: bool) -> None:
    """Eight threads put one entry each into the catalogue, one after the other."""
    one = stock(None, "USD")

    def put(number: int) -> None:
        catalog_db = one if shared else stock(None, "USD")
        for step in range(5):
            while True:
                try:
                    version, _, entries = catalog_db.everything()
                    both = [*entries, entry(f"S-{number}-{step}")]
                    catalog_db.replace(both, if_version=version)
                    break
                except VersionConflict:
                    pass
            assert f"S-{number}-{step}" in catalog_db.get_descriptions([f"S-{number}-{step}"])

    assert at_once(8, put) == [None] * 8
    assert sorted(skus(one.search())) == sorted(
        f"S-{n}-{step}" for n in range(8) for step in range(5)
    )
    assert len(one.search()) == 40


COMPOSED: Final = "CAF\N{LATIN CAPITAL LETTER E WITH ACUTE}"
DECOMPOSED: Final = "CAFE\N{COMBINING ACUTE ACCENT}"
ALIKE: Final = [
    (COMPOSED, DECOMPOSED),
    ("A1", "\N{FULLWIDTH LATIN CAPITAL LETTER A}1"),
    ("A1", "\N{CYRILLIC CAPITAL LETTER A}1"),
    ("A1", "\N{GREEK CAPITAL LETTER ALPHA}1"),
    ("A1", "A\N{HANGUL FILLER}1"),
    ("\N{HEAVY BLACK HEART}", "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}"),
]


@pytest.mark.parametrize("written", [COMPOSED, DECOMPOSED], ids=ascii)
def test_a_sku_is_found_however_it_is_spelt(stock: StockShop, written: str) -> None:
    catalog_db = stock([*CATALOG, (written, written, "1", written)], "USD")
    item = catalog_db.search([DECOMPOSED])[0]
    assert item.sku == COMPOSED
    assert catalog_db.search([COMPOSED]) == [item]
    for asked in (DECOMPOSED, COMPOSED):
        assert catalog_db.get_descriptions([asked]) == {asked: item}
        assert catalog_db.search(after=asked) == []
    assert catalog_db.get_descriptions(["x" * 2_000, "\u00e9" * 2_000]) == {}


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=ascii)
def test_two_skus_that_look_alike_sell_nothing(stock: StockShop, one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        rows = [*CATALOG, (first, "x", "1", ""), (second, "y", "1", "")]
        with pytest.raises(FixInput, match=r"line 7: the SKU .* in line 6"):
            stock(rows, "USD").get_descriptions([one])
