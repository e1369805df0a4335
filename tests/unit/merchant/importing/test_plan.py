"""What an import adds, changes and removes, and the catalogue that it writes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cartcli import Item, Money
from cartcli.catalog_db import catalog_of, open_catalog_db
from cartcli.catalog_db.csv_file import CsvCatalogDb
from cartcli.catalog_db.rules import look_of_sku
from cartcli.catalog_db.snapshot import Entry
from cartcli.errors import CartError, FixInput, RetryLater, VersionConflict
from cartcli.merchant.importing.plan import Plan
from cartcli.merchant.importing.source import open_source
from cartcli.merchant.importing.staging import Staging
from cartcli.model.lines import same_sku
from tests.helpers import held, shop_in
from tests.product_files import NOW, catalog_rows, delimited, imported, planned, stock_of

HEADER = "sku,name,price,description\n"
OLD = HEADER + "A,Apron,34,denim\nB,Bag,3.5,\nC,Candle,9.90,\nD,Decaf,10.60,ground\n"
NEW = HEADER + "E,Espresso,24,\nC,Candle,9.9,\nB,Bag,4,\nA,Apron,34,cotton\n"


def test_differences_are_counted_and_listed(tmp_path: Path) -> None:
    imported(tmp_path, OLD)
    with planned(tmp_path, NEW) as plan:
        counts = plan.compare()
        assert counts == (1, 2, 1, 1)  # added, changed, of those in price, removed
        assert [tuple(difference) for difference in plan.differences()] == [
            ("changed", "A", "Apron", "34.00", "34.00"),
            ("changed", "B", "Bag", "3.50", "4.00"),
            ("added", "E", "Espresso", None, "24.00"),
            ("removed", "D", "Decaf", "10.60", None),
        ]


def test_merging_keeps_what_the_file_lacks_where_it_was(tmp_path: Path) -> None:
    imported(tmp_path, OLD)
    with planned(tmp_path, NEW, merge=True) as plan:
        assert plan.write() == (1, 2, 1, 0)
        assert {difference.kind for difference in plan.differences()} == {"changed", "added"}
    assert [tuple(row.values()) for row in catalog_rows(tmp_path)] == [
        ("A", "Apron", "34.00", "cotton"),
        ("B", "Bag", "4.00", ""),
        ("C", "Candle", "9.90", ""),
        ("D", "Decaf", "10.60", "ground"),
        ("E", "Espresso", "24.00", ""),
    ]


def test_merging_keeps_further_columns_of_both(tmp_path: Path) -> None:
    imported(tmp_path, "sku,size,name,price,description\nA,XL,A,1,\nB,S,B,1,\n")
    imported(tmp_path, "sku,name,price,description,colour\nA,A,2,,red\nC,C,1,,blue\n", merge=True)
    assert [tuple(row.values()) for row in catalog_rows(tmp_path)] == [
        ("A", "A", "2.00", "", "XL", "red"),
        ("B", "B", "1.00", "", "S", ""),
        ("C", "C", "1.00", "", "", "blue"),
    ]


COMPOSED: Final = "\N{LATIN CAPITAL LETTER E WITH ACUTE}"
ALIKE: Final = "\N{CYRILLIC CAPITAL LETTER VE}1"


def test_a_sku_is_the_same_however_its_accents_are_written(tmp_path: Path) -> None:
    imported(tmp_path, HEADER + "B1,Bag,3.5,\nE\N{COMBINING ACUTE ACCENT},Cup,2,\n")
    with planned(tmp_path, HEADER + f"{COMPOSED},Cup,3,\n", merge=True) as plan:
        assert plan.write() == (0, 1, 1, 0)
        assert [one.sku for one in plan.differences()] == [COMPOSED]
    assert [row["sku"] for row in catalog_rows(tmp_path)] == ["B1", COMPOSED]


def test_nothing_is_merged_whose_sku_looks_like_another_one(tmp_path: Path) -> None:
    imported(tmp_path, HEADER + "A,Apron,34,\nB1,Bag,3.5,\n")
    before = Path(catalog_of(str(tmp_path))).read_bytes()
    with (
        planned(tmp_path, HEADER + f"A,Apron,35,\n{ALIKE},Bag,3.5,\n", merge=True) as plan,
        pytest.raises(FixInput, match=r"line 3: the SKU '.1' looks like 'B1' in the present cat"),
    ):
        plan.write()
    assert Path(catalog_of(str(tmp_path))).read_bytes() == before


def test_what_looks_like_an_item_of_before_is_another_one(tmp_path: Path) -> None:
    imported(tmp_path, HEADER + "B1,Bag,3.5,\n")
    with planned(tmp_path, HEADER + f"{ALIKE},Bag,3.5,\n") as plan:
        assert plan.write() == (1, 0, 0, 1)
        assert [(one.kind, one.sku) for one in plan.differences()] == [
            ("added", ALIKE),
            ("removed", "B1"),
        ]
    assert [row["sku"] for row in catalog_rows(tmp_path)] == [ALIKE]


def test_skus_of_a_file_that_look_alike_are_faults(tmp_path: Path) -> None:
    text = HEADER + "B1,Bag,1,\n\N{CYRILLIC CAPITAL LETTER VE}1,Bag,1,\nB1,Bag,1,\n"
    with planned(tmp_path, text) as plan:
        alike, same = plan.faults()
    assert alike.endswith("looks like 'B1' in line 2: one of them is misspelt")
    assert same == "line 4: the SKU 'B1' is also in line 2"


def test_a_damaged_catalogue_is_replaced_but_never_merged(tmp_path: Path) -> None:
    catalog = Path(catalog_of(str(tmp_path)))
    catalog.write_text(HEADER + "A,Apron,34,\nB,Bag,x,\n")
    with (
        planned(tmp_path, NEW, merge=True) as plan,
        pytest.raises(FixInput, match="cannot be merged: line 3: price of B"),
    ):
        plan.write()
    assert catalog.read_text().endswith("x,\n")
    with planned(tmp_path, NEW) as plan:
        assert plan.write() == (4, 0, 0, 0)
        assert plan.old_unreadable.startswith("line 3: price of B")
        assert {difference.kind for difference in plan.differences()} == {"added"}


def test_the_shop_sells_what_was_imported(tmp_path: Path) -> None:
    imported(tmp_path, NEW, currency="EUR")
    items = shop_in(tmp_path, currency="EUR").get_catalog()
    assert [(item.sku, str(item.price)) for item in items] == [
        ("E", "24.00 EUR"),
        ("C", "9.90 EUR"),
        ("B", "4.00 EUR"),
        ("A", "34.00 EUR"),
    ]


def test_one_import_at_a_time(tmp_path: Path) -> None:
    with (
        held(tmp_path / "catalog.lock"),
        planned(tmp_path, NEW) as plan,
        pytest.raises(RetryLater, match="another import is writing the catalogue"),
    ):
        plan.write()
    assert not (tmp_path / "catalog.csv").exists()


def test_another_import_in_between_is_compared_with_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the differences are told from is what was replaced, and nobody's import is lost."""
    imported(tmp_path, OLD)
    late = [HEADER + f"A,Apron,34,\nNEW-{n},New,1,\n" for n in range(2)]
    replace = CsvCatalogDb.replace

    def later(stock: CsvCatalogDb, *args: Any, **more: Any) -> str:
        if late:
            (tmp_path / "catalog.csv").write_text(late.pop())
        return replace(stock, *args, **more)

    monkeypatch.setattr(CsvCatalogDb, "replace", later)
    with planned(tmp_path, NEW, merge=True) as plan:
        assert plan.write() == (3, 1, 0, 0)
        assert [difference.sku for difference in plan.differences()] == ["A", "E", "C", "B"]
    assert [row["sku"] for row in catalog_rows(tmp_path)] == ["A", "NEW-0", "E", "C", "B"]


def test_imports_without_end_are_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(stock: CsvCatalogDb, *args: Any, **more: Any) -> str:
        raise VersionConflict("somebody else was first")

    monkeypatch.setattr(CsvCatalogDb, "replace", never)
    with planned(tmp_path, NEW) as plan, pytest.raises(VersionConflict):
        plan.write()


def test_what_cannot_be_read_is_replaced_all_the_same(tmp_path: Path) -> None:
    imported(tmp_path, OLD)
    catalog = tmp_path / "catalog.csv"
    catalog.unlink()
    os.mkfifo(catalog)
    with planned(tmp_path, NEW) as plan:
        assert plan.write() == (4, 0, 0, 0)
        assert plan.old_unreadable == f"{catalog} cannot be read: not a regular file"
    assert len(catalog_rows(tmp_path)) == 4


def test_comparing_again_counts_nothing_twice(tmp_path: Path) -> None:
    imported(tmp_path, OLD)
    with planned(tmp_path, NEW) as plan:
        assert [plan.compare(), plan.compare(), plan.write()] == [(1, 2, 1, 1)] * 3
        assert len([*plan.differences()]) == 4


def test_a_full_disk_is_told_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(tmp_path, OLD)

    def entries(staging: Staging, currency: str, *, merge: bool) -> Iterator[Entry]:
        yield Entry(Item("A", "Apron", Money("1.00", currency), ""), {})
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Staging, "entries", entries)
    with (
        planned(tmp_path, NEW) as plan,
        pytest.raises(CartError, match="temporary files of the import failed: database or disk"),
    ):
        plan.write()
    assert len(catalog_rows(tmp_path)) == 4
    assert not [*tmp_path.glob("*.tmp")]


def test_progress_is_told_step_by_step(tmp_path: Path) -> None:
    imported(tmp_path, HEADER + "".join(f"S{i},S,1,\n" for i in range(2_500)))
    told: list[tuple[str, int, int]] = []
    path = tmp_path / "file"
    path.write_text(HEADER + "".join(f"S{i},S,1,\n" for i in range(1_000, 4_000)))
    with (
        open_source(str(path)) as source,
        Plan(stock_of(tmp_path), "USD", merge=True, told=lambda *step: told.append(step)) as plan,
    ):
        plan.read(source, None, NOW)
        plan.write()
    reading = [step for step in told if step[0] == "Reading file"]
    assert reading[-1][1:] == (path.stat().st_size, path.stat().st_size)
    assert [step[0] for step in told].count("Comparing with the present catalogue") == 3
    assert [step[1:] for step in told if step[0] == "Writing the catalogue"] == [
        *((1_000, 4_000), (2_000, 4_000), (3_000, 4_000), (4_000, 4_000), (4_000, 4_000))
    ]


def test_equal_prices_are_no_change(tmp_path: Path) -> None:
    imported(tmp_path, HEADER + "A,A,0.0350,\nB,B,8.9,\nC,C,0.00,\nD,D,100,\n")
    with planned(tmp_path, HEADER + "A,A,0.035,\nB,B,8.900,\nC,C,0,\nD,D,100.0,\n") as plan:
        assert plan.compare() == (0, 0, 0, 0)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20)
SKUS = TEXTS.map(str.strip).filter(str.isprintable).filter(bool)
NAMES = TEXTS.map(str.strip).filter(bool)
PRICES = st.decimals(0, 10**6, places=3)


@given(st.dictionaries(SKUS, st.tuples(NAMES, PRICES, TEXTS), min_size=1, max_size=8))
def test_whatever_is_imported_is_what_the_shop_sells(
    tmp_path_factory: pytest.TempPathFactory, items: dict[str, tuple[str, Decimal, str]]
) -> None:
    assume(len({look_of_sku(same_sku(sku)) for sku in items}) == len(items))
    store = tmp_path_factory.mktemp("store")
    rows = [
        {"sku": sku, "name": name, "price": str(price), "description": text}
        for sku, (name, price, text) in items.items()
    ]
    result = imported(store, delimited(["sku", "name", "price", "description"], *rows), "own")
    assert not result.faults
    sold = open_catalog_db(catalog_of(str(store)), "USD").search()
    assert {item.sku: (item.name, item.price.amount, item.description) for item in sold} == {
        same_sku(sku): (name, price, text.strip()) for sku, (name, price, text) in items.items()
    }
    assert [item.sku for item in sold] == [*map(same_sku, items)]
