"""No file of a supplier's fills the memory, however small it is."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from cartcli.errors import FixInput
from cartcli.merchant.importing import bounds
from cartcli.merchant.importing.source import open_source
from tests.helpers import write_long_ago


def refused(path: Path) -> str:
    """Why nothing of the file is imported, which takes little memory to find out."""
    tracemalloc.start()
    try:
        with open_source(str(path)) as source, pytest.raises(FixInput) as error:
            list(source.table().rows)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
    return error.value.message


def columns(path: Path) -> int:
    with open_source(str(path)) as source:
        return len(source.table().header)


def book(path: Path, sheet: bytes, others: Mapping[str, bytes] | None = None) -> Path:
    """A workbook with these rows in its only sheet, and with `others` for parts of it."""
    parts = others or {}
    plain = path.with_name("plain.xlsx")
    import_module("openpyxl").Workbook().save(plain)
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), *parts}:
            data = parts[name] if name in parts else old.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"</sheetData>", sheet + b"</sheetData>")
                assert sheet in data
            new.writestr(name, data)
    return path


def test_a_row_of_more_cells_than_there_are_columns(tmp_path: Path) -> None:
    cell = b'<c t="inlineStr"><is><t>x</t></is></c>'
    path = book(tmp_path / "wide.xlsx", b"<row>" + cell * 200_000 + b"</row>")
    assert path.stat().st_size < 1 << 20
    assert "a row of more than 16,384 cells" in refused(path)


def test_many_rows_of_few_cells_are_no_wide_row(tmp_path: Path) -> None:
    row = b'<row><c t="inlineStr"><is><t>x</t></is></c><c><v>1</v></c></row>'
    path = book(tmp_path / "long.xlsx", row * 20_000)
    with open_source(str(path)) as source:
        assert sum(1 for _ in source.table().rows) == 19_999


def test_a_cell_of_a_book_s_length(tmp_path: Path) -> None:
    cell = b'<c t="inlineStr"><is><t>' + b"x" * (3 * bounds.LINE) + b"</t></is></c>"
    path = book(tmp_path / "cell.xlsx", b"<row>" + cell + b"</row>")
    assert "a cell of more than 1,048,576 bytes" in refused(path)


@pytest.mark.parametrize("before", range(0, 60, 3))
def test_a_tag_that_is_cut_in_two_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr("cartcli.merchant.importing.spreadsheet._CHUNK", 64)
    monkeypatch.setattr("cartcli.merchant.importing.spreadsheet.COLUMNS", 9)
    row = b"<row>" + b"<c><v>1</v></c>" * 9 + b"</row>"
    assert columns(book(tmp_path / "fits.xlsx", b" " * before + row)) == 9
    path = book(tmp_path / "wide.xlsx", b" " * before + row.replace(b"</row>", b"<c/></row>"))
    assert "a row of more than 9 cells" in refused(path)


def test_more_texts_than_can_be_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartcli.merchant.importing.spreadsheet.TEXTS", 1_000)
    texts = b"<sst>" + b"<si><t/></si>" * 1_001 + b"</sst>"
    path = book(tmp_path / "texts.xlsx", b"", {"xl/sharedStrings.xml": texts})
    assert "more than 1,000 texts" in refused(path)


def test_more_rows_than_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartcli.merchant.importing.spreadsheet.ROWS", 1_000)
    assert columns(book(tmp_path / "fits.xlsx", b"<row><c><v>1</v></c></row>" * 1_000)) == 1
    path = book(tmp_path / "rows.xlsx", b"<row/>" * 1_001)
    assert "more than 1,000 rows" in refused(path)


@pytest.mark.parametrize("length", [bounds.FIELD + 1, 1_000_000])
def test_a_text_that_is_stored_once_for_many_rows(tmp_path: Path, length: int) -> None:
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    number = bounds.UNPACKED // length + 1
    text = arrow.DictionaryArray.from_arrays(
        arrow.array([0] * number, arrow.int32()), arrow.array(["x" * length])
    )
    path = tmp_path / "text.parquet"
    parquet.write_table(arrow.table({"name": text}), path, compression="zstd")
    assert path.stat().st_size < 1 << 20
    rows: list[tuple[int, object]] = []
    with open_source(str(path)) as source, pytest.raises(FixInput) as error:
        rows.extend(source.table().rows)
    assert "at most 536,870,912 are taken" in error.value.message
    assert {*rows} == {
        (n, "it has a field of more than 131,072 characters") for n in range(1, number)
    }


def test_a_field_may_be_as_long_as_in_csv(tmp_path: Path) -> None:
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    path = tmp_path / "field.parquet"
    parquet.write_table(arrow.table({"name": ["x" * bounds.FIELD]}), path)
    with open_source(str(path)) as source:
        assert [len(row[0]) for _, row in source.table().rows] == [bounds.FIELD]


def test_a_description_that_is_too_long(tmp_path: Path) -> None:
    styles = b"<styleSheet>" + b"<a/>" * (bounds.DESCRIPTION // 4) + b"</styleSheet>"
    path = book(tmp_path / "styles.xlsx", b"", {"xl/styles.xml": styles})
    assert "its part xl/styles.xml has more than 16,777,216 bytes" in refused(path)


def test_what_is_packed_too_tightly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartcli.merchant.importing.spreadsheet.UNPACKED", 10 << 20)
    path = book(tmp_path / "bomb.xlsx", b"<row><c><v>1</v></c></row>" + b" " * (11 << 20))
    assert path.stat().st_size < 1 << 20
    assert "at most 10,485,760 are taken" in refused(path)


def test_a_line_without_an_end(tmp_path: Path) -> None:
    line = b"sku,name,price,description\n" + b"," * (4 * bounds.LINE)
    path = write_long_ago(tmp_path / "line.csv", line)
    assert "line 2: it is longer than 1,048,576 bytes" in refused(path)
