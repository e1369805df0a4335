"""No file of a supplier's fills the memory, however small it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from cartcli.merchant.importing import bounds
from cartcli.merchant.importing.source import open_source
from tests.helpers import write_long_ago
from tests.unit.merchant.importing.suppliers import refused, refused_by_itself


def table(path: Path, columns: Mapping[str, Any], **how: Any) -> Path:
    """A Parquet file with these columns."""
    import_module("pyarrow.parquet").write_table(
        import_module("pyarrow").table(columns), path, **how
    )
    return path


def once(length: int, times: int) -> Any:
    """A column that has a text of this length so many times, and stores it once."""
    arrow = import_module("pyarrow")
    places = arrow.array([0] * times, arrow.int32())
    return arrow.DictionaryArray.from_arrays(places, arrow.array(["x" * length]))


@pytest.mark.parametrize("length", [bounds.FIELD, 2 * bounds.FIELD, 10_000_000])
def test_a_text_that_is_stored_once_for_many_rows(tmp_path: Path, length: int) -> None:
    small = table(tmp_path / "small.parquet", {"name": ["x"]})
    columns = {f"name{number}": once(length, 10_000) for number in range(8)}
    path = table(tmp_path / "text.parquet", columns, compression="zstd")
    assert path.stat().st_size < 1 << 20
    told = refused_by_itself(path, small)
    assert "at most 536,870,912 are taken" in told


def test_a_text_that_is_too_long_is_a_fault_of_its_rows(tmp_path: Path) -> None:
    path = table(tmp_path / "text.parquet", {"name": once(1_000_000, 300)}, compression="zstd")
    with open_source(str(path)) as source:
        assert {*source.table().rows} == {
            (n, "it has a field of more than 131,072 characters") for n in range(1, 301)
        }


def test_a_list_of_which_a_few_bytes_stand_for_many(tmp_path: Path) -> None:
    arrow = import_module("pyarrow")
    small = table(tmp_path / "small.parquet", {"name": ["x"]})
    lists = arrow.array([[0] * 20_000_000], arrow.list_(arrow.int8()))
    for column in (
        lists,
        arrow.array([{"a": 1}]),
        arrow.array([[("a", 1)]], arrow.map_("string", "int8")),
    ):
        path = table(
            tmp_path / "lists.parquet", {"name": ["x"], "more": column}, compression="zstd"
        )
        assert "its column 'more' has lists or records: leave it out" in refused_by_itself(
            path, small
        )


def test_fields_that_are_all_too_long(tmp_path: Path) -> None:
    arrow = import_module("pyarrow")
    column = arrow.array([b"x" * 200_000] * 200, arrow.binary(200_000))
    path = table(tmp_path / "fixed.parquet", {"name": column}, compression="zstd")
    assert "its column 'name' has fields of 200,000 bytes" in refused(path)


def test_every_kind_of_column_is_read(tmp_path: Path) -> None:
    arrow = import_module("pyarrow")
    columns = {
        "text": ["a", None, "b", "a"],
        "large": arrow.array(["ä", "ä", None, "c"], arrow.large_string()),
        "once": once(3, 4),
        "number": [1, None, 3, 4],
        "price": [Decimal("1.50"), Decimal("2.00"), None, Decimal("3.25")],
        "truth": [True, False, None, True],
        "bytes": [b"a", b"b", None, b"a"],
    }
    with open_source(str(table(tmp_path / "all.parquet", columns, row_group_size=3))) as source:
        read = source.table()
        assert (read.header, [*read.rows]) == (
            [*columns],
            [
                (1, ("a", "ä", "xxx", "1", "1.50", "True", "b'a'")),
                (2, ("", "ä", "xxx", "", "2.00", "False", "b'b'")),
                (3, ("b", "", "xxx", "3", "", "", "")),
                (4, ("a", "c", "xxx", "4", "3.25", "True", "b'a'")),
            ],
        )


def test_a_field_may_be_as_long_as_in_csv(tmp_path: Path) -> None:
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    path = tmp_path / "field.parquet"
    parquet.write_table(arrow.table({"name": ["x" * bounds.FIELD]}), path)
    with open_source(str(path)) as source:
        assert [len(row[0]) for _, row in source.table().rows] == [bounds.FIELD]


def test_a_line_without_an_end(tmp_path: Path) -> None:
    line = b"sku,name,price,description\n" + b"," * (4 * bounds.LINE)
    path = write_long_ago(tmp_path / "line.csv", line)
    assert "line 2: it is longer than 1,048,576 bytes" in refused(path)
