"""What every catalog DB promises of the catalogue before the last import."""

from __future__ import annotations

import pytest

from cartcli.catalog_db import CatalogDb
from cartcli.catalog_db.snapshot import Entry
from cartcli.errors import FixInput, VersionConflict
from cartcli.testing.fixtures import StockShop
from cartcli.testing.suites.catalog_db import entry
from cartcli.testing.values import CATALOG, at_once

OLD = [entry("OLD-1", colour="red"), entry("OLD-2")]
NEW = [entry("NEW-1", "2.75")]


@pytest.fixture
def imported(stock: StockShop) -> CatalogDb:
    """A catalogue of new entries, in place of old ones, in place of others."""
    catalog_db = stock([*CATALOG], "USD")
    catalog_db.replace(OLD, ["colour"])
    catalog_db.replace(NEW, keep=True)
    return catalog_db


def sold(catalog_db: CatalogDb) -> list[Entry]:
    return [*catalog_db.everything().entries]


def kept(catalog_db: CatalogDb) -> list[str]:
    return [one.item.sku for one in catalog_db.before().entries]


def put_back(catalog_db: CatalogDb) -> None:
    version = catalog_db.everything().version
    catalog_db.put_back(if_version=version, before=catalog_db.before().version)


def test_what_is_replaced_is_kept_when_that_is_asked_for(
    imported: CatalogDb, stock: StockShop
) -> None:
    assert kept(imported) == kept(stock(None, "USD")) == ["OLD-1", "OLD-2"]
    imported.replace([entry("NEW-1", "3")])
    assert kept(imported) == ["OLD-1", "OLD-2"]
    imported.replace([entry("NEWER")], keep=True)
    assert kept(imported) == ["NEW-1"]


def test_nothing_is_kept_to_begin_with(stock: StockShop) -> None:
    catalog_db = stock([*CATALOG], "USD")
    assert (catalog_db.before().version, kept(catalog_db)) == ("", [])
    with pytest.raises(VersionConflict):
        catalog_db.put_back(if_version=None, before="")
    catalog_db.replace(NEW)
    assert kept(catalog_db) == []


def test_it_is_put_back_whole_and_the_other_one_kept(imported: CatalogDb, stock: StockShop) -> None:
    other = stock(None, "USD")
    assert sold(other) == NEW
    for _ in range(2):
        put_back(imported)
        for one in (imported, other, stock(None, "USD")):
            assert [*map(_told, sold(one))] == [*map(_told, OLD)]
            assert list(one.get_descriptions(["OLD-1", "NEW-1"])) == ["OLD-1"]
            assert kept(one) == ["NEW-1"]
        put_back(other)
        for one in (imported, other, stock(None, "USD")):
            assert sold(one) == NEW
            assert [item.sku for item in one.search()] == ["NEW-1"]
            assert kept(one) == ["OLD-1", "OLD-2"]


def _told(one: Entry) -> tuple[str, str]:
    return one.item.sku, one.further.get("colour", "")


def test_nothing_is_put_back_in_place_of_something_else(imported: CatalogDb) -> None:
    version, before = imported.everything().version, imported.before().version
    for expected, known in ((before, before), (version, version), (None, ""), ("", before)):
        with pytest.raises(VersionConflict):
            imported.put_back(if_version=expected, before=known)
    assert sold(imported) == NEW
    assert kept(imported) == ["OLD-1", "OLD-2"]
    imported.put_back(if_version=None, before=before)
    assert kept(imported) == ["NEW-1"]


def test_a_damaged_catalogue_gives_way(stock: StockShop) -> None:
    catalog_db = stock([*CATALOG], "USD")
    catalog_db.replace(NEW, keep=True)
    stock([("MUG", "Mug", "8,90", "")], "USD")
    with pytest.raises(FixInput):
        catalog_db.search()
    catalog_db.put_back(if_version=None, before=catalog_db.before().version)
    assert len(catalog_db.search()) == len(CATALOG)


def test_those_who_put_it_back_at_once_do_so_one_after_the_other(imported: CatalogDb) -> None:
    version, before = imported.everything().version, imported.before().version
    results = at_once(8, lambda _: imported.put_back(if_version=version, before=before))
    assert sum(isinstance(result, VersionConflict) for result in results) == 7
    assert results.count(None) == 1
    assert kept(imported) == ["NEW-1"]
