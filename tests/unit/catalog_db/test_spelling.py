"""A SKU that the catalogue spells in another way than who asks for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from cartcli.catalog_db.csv_file import CsvCatalogDb
from tests.helpers import CATALOG, write_catalog


def test_it_is_found_though_the_index_lacks_it(tmp_path: Path) -> None:
    composed, decomposed = "\N{LATIN CAPITAL LETTER E WITH ACUTE}", "E\N{COMBINING ACUTE ACCENT}"
    path = write_catalog(tmp_path / "catalog.csv", [*CATALOG, (decomposed, "x", "1", "")])
    asked = [
        CsvCatalogDb(str(path), "USD", str(tmp_path), large=1).get_descriptions for _ in range(2)
    ]
    assert asked[0]([composed, decomposed])[composed].sku == composed
    (index,) = tmp_path.glob("catalog-*.db")
    with closing(sqlite3.connect(index)) as db:
        assert db.execute("DELETE FROM ranges WHERE sku = ?", (composed.encode(),)).rowcount == 1
        db.commit()
    assert asked[1]([composed])[composed].sku == composed
