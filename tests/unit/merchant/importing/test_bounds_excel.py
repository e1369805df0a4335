"""No Excel file of a supplier's fills the memory, however small it is and however it is written."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from cartcli.merchant.importing import bounds
from cartcli.merchant.importing.source import open_source
from tests.unit.merchant.importing.suppliers import refused, refused_by_itself

MAIN: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET: Final = "xl/worksheets/sheet1.xml"
TEXTS: Final = "xl/sharedStrings.xml"


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


def with_texts(tmp_path: Path, texts: bytes) -> Path:
    """A workbook whose cells share these texts; its first one is in its first cell."""
    plain = book(tmp_path / "without.xlsx", b"")
    with zipfile.ZipFile(plain) as parts:
        types = parts.read("[Content_Types].xml")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    if kind not in types:
        part = b'<Override PartName="/%b" ContentType="%b"/></Types>' % (TEXTS.encode(), kind)
        types = types.replace(b"</Types>", part)
    row = b'<row><c t="s"><v>0</v></c></row>'
    return book(tmp_path / "texts.xlsx", row, {TEXTS: texts, "[Content_Types].xml": types})


def sheet(rows: bytes, *, prefix: bytes = b"", before: bytes = b"", after: bytes = b"") -> bytes:
    """A sheet's part with these rows."""
    colon, p = (b":" if prefix else b""), prefix
    name = b"xmlns" + colon + p
    return (
        b'%b<%bworksheet %b="%b"><%bsheetData>' % (before, p + colon, name, MAIN, p + colon)
        + rows
        + b"</%bsheetData>%b</%bworksheet>" % (p + colon, after, p + colon)
    )


def prefixed(rows: bytes, prefix: bytes) -> bytes:
    """The same rows, each name with this prefix."""
    return re.sub(rb"<(/?)", rb"<\1%b:" % prefix, rows)


ROWS: Final = b'<row><c t="inlineStr"><is><t>sku</t></is></c></row><row><c><v>1</v></c></row>'
UTF16: Final = '<?xml version="1.0" encoding="UTF-16"?>'
GENUINE: Final[dict[str, bytes]] = {
    "plain": sheet(ROWS),
    "a prefix": sheet(prefixed(ROWS, b"a"), prefix=b"a"),
    "a long prefix": sheet(prefixed(ROWS, b"a" * 90), prefix=b"a" * 90),
    "UTF-16": (UTF16 + sheet(ROWS).decode()).encode("utf-16"),
    "Latin-1": b'<?xml version="1.0" encoding="ISO-8859-1"?>' + sheet(ROWS),
    "a mark": b"\xef\xbb\xbf" + sheet(ROWS),
    "formulas": sheet(ROWS.replace(b"<v>", b"<f>1+1</f><v>")),
    "blanks": sheet(ROWS.replace(b"<", b"\n  <").replace(b"\n  </t", b"</t")),
    "a comment": sheet(b"<!-- <row> -->" + ROWS),
    "data": sheet(ROWS.replace(b"<t>sku</t>", b"<t><![CDATA[sku]]></t>")),
    "runs": sheet(ROWS.replace(b"<t>sku</t>", b"<r><rPr><b/></rPr><t>s</t></r><r><t>ku</t></r>")),
}


@pytest.mark.parametrize("part", GENUINE.values(), ids=GENUINE)
def test_genuine_files_are_read_however_they_are_written(tmp_path: Path, part: bytes) -> None:
    path = book(tmp_path / "genuine.xlsx", b"", {SHEET: part})
    with open_source(str(path)) as source:
        table = source.table()
        assert (table.header, [*table.rows]) == (["sku"], [(2, ["1"])])


def test_texts_that_cells_share_are_read(tmp_path: Path) -> None:
    texts = b'<sst xmlns="%b"><si><t>sku</t></si><si><t>other</t></si></sst>' % MAIN
    with open_source(str(with_texts(tmp_path, texts))) as source:
        assert source.table().header == ["sku"]


WIDE: Final = b"<row>" + b"<c/>" * 20_000 + b"</row>"
MANY: Final = 20 << 20  # bytes of what is held, were it not refused
HOSTILE: Final[dict[str, tuple[bytes, str]]] = {
    "a wide row in UTF-16": ((UTF16 + sheet(WIDE).decode()).encode("utf-16"), "16,384 cells"),
    "a wide row with a prefix": (
        sheet(prefixed(WIDE, b"a"), prefix=b"a"),
        "16,384 cells",
    ),
    "a wide row with a long prefix": (
        sheet(prefixed(WIDE, b"a" * 90), prefix=b"a" * 90),
        "16,384 cells",
    ),
    "a wide row in Latin-1": (
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + sheet(WIDE),
        "16,384 cells",
    ),
    "another encoding": (
        '<?xml version="1.0" encoding="cp037"?>'.encode("cp037") + sheet(WIDE),
        "not well-formed",
    ),
    "another byte for each": (
        b'<?xml version="1.0" encoding="windows-1252"?>' + sheet(WIDE),
        "16,384 cells",
    ),
    "a document type": (
        sheet(ROWS, before=b"<!DOCTYPE worksheet [<!ENTITY a 'b'>]>"),
        "document type",
    ),
    "laughs": (
        sheet(
            b"<row><c><v>&i;</v></c></row>",
            before=b"<!DOCTYPE w [<!ENTITY a '1234567890'>"
            + b"".join(b"<!ENTITY %c '%b'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
            + b"]>",
        ),
        "document type",
    ),
    "an endless name": (sheet(b"<" + b"n" * MANY), "a tag or a text of more than"),
    "an endless attribute": (
        sheet(b"<row r='" + b"1" * MANY + b"'/>"),
        "a tag or a text of more than",
    ),
    "an endless text": (
        sheet(b"<row><c><v>" + b"1" * MANY + b"</v></c></row>"),
        "a tag or a text of more than",
    ),
    "a row that is not of cells": (
        sheet(b"<row><c>" + b"<x/>" * (MANY // 4) + b"</c></row>"),
        "a cell of more",
    ),
    "much that is no row": (sheet(b"<x/>" * (MANY // 4)), "elements"),
    "much after the rows": (sheet(ROWS, after=b"<x/>" * (MANY // 4)), "elements"),
    "much between rows": (sheet((b"<row/>" + b"<x/>" * 600) * (MANY // 2400)), "elements"),
    "rows of another namespace": (
        sheet(b'<s xmlns="other">' + ROWS * (MANY // len(ROWS)) + b"</s>"),
        "beside rows and texts",
    ),
    "many attributes": (sheet(b"<x a='' b='' c='' d='' e=''/>" * (MANY // 30)), "elements"),
}


@pytest.mark.parametrize(("part", "told"), HOSTILE.values(), ids=HOSTILE)
def test_a_sheet_that_would_fill_the_memory(tmp_path: Path, part: bytes, told: str) -> None:
    path = book(tmp_path / "hostile.xlsx", b"", {SHEET: part})
    assert path.stat().st_size < 1 << 20
    small = book(tmp_path / "small.xlsx", ROWS)
    assert told in refused_by_itself(path, small)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"<si><t>" + b"x" * 1_000_000 + b"</t></si>", "texts have more than 134,217,728 bytes"),
        (b"<si><t>" + b"x" * 2_000_000 + b"</t></si>", "a tag or a text of more than"),
        (b"<si>" + b"<r><t>x</t></r>" * 80_000 + b"</si>", "a cell of more than 1,048,576 bytes"),
        (b"<x/>" * 1_000_000, "elements"),
    ],
)
def test_texts_that_would_fill_the_memory(tmp_path: Path, text: bytes, told: str) -> None:
    times = 150_000_000 // len(text) if b"<t>" in text else 4
    texts = b'<sst xmlns="%b">' % MAIN + text * times + b"</sst>"
    path = with_texts(tmp_path, texts)
    assert path.stat().st_size < 1 << 20
    assert told in refused_by_itself(path, book(tmp_path / "small.xlsx", ROWS))


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"])
def test_a_part_that_is_held_whole(tmp_path: Path, name: str) -> None:
    small = book(tmp_path / "small.xlsx", ROWS)
    for part, told in (
        (b"<a>" + b"<b/>" * 5_000_000 + b"</a>", "more than 16,777,216 bytes"),
        (b"<a>" + b"<b/>" * 3_000_000 + b"</a>", "elements"),
        (b"<!DOCTYPE a><a/>", "document type"),
    ):
        path = book(tmp_path / "hostile.xlsx", ROWS, {name: part})
        assert told in refused_by_itself(path, small)


def test_a_sheet_that_is_called_a_chart_is_not_held(tmp_path: Path) -> None:
    name = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(book(tmp_path / "sheet.xlsx", b"")) as parts:
        links = parts.read(name).replace(b"relationships/worksheet", b"relationships/chartsheet")
    path = book(tmp_path / "chart.xlsx", b"", {name: links, SHEET: sheet(ROWS * 400_000)})
    assert "Excel file" in refused_by_itself(path, book(tmp_path / "small.xlsx", ROWS))


def test_a_row_far_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartcli.merchant.importing.spreadsheet.ROWS", 10_000)
    for place in (b"10001", b"99999999999999"):
        row = b'<row r="%b"><c><v>1</v></c></row>' % place
        path = book(tmp_path / "far.xlsx", ROWS + row)
        assert "more than 10,000 rows" in refused(path)


def test_more_parts_than_any_book_has(tmp_path: Path) -> None:
    others = {f"xl/media/{number}.png": b"" for number in range(bounds.PARTS)}
    path = book(tmp_path / "parts.xlsx", ROWS, others)
    assert "more than 10,000 parts" in refused(path)


@pytest.mark.parametrize("packed", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_part_that_is_packed_otherwise(tmp_path: Path, packed: int) -> None:
    path = book(tmp_path / "packed.xlsx", ROWS)
    with zipfile.ZipFile(path, "a", packed) as file:
        file.writestr("more.xml", b"<a/>")
    assert "packed as Excel packs none" in refused(path)


@pytest.mark.parametrize("size", [0, 100, 1 << 40])
def test_a_part_that_is_not_as_long_as_it_says(tmp_path: Path, size: int) -> None:
    path = book(tmp_path / "lies.xlsx", b"", {SHEET: sheet(WIDE * 1_000)})
    with zipfile.ZipFile(path) as parts:
        real = parts.getinfo(SHEET).file_size
    data, told = path.read_bytes(), min(size, 0xFFFFFFFE)
    assert data.count(real.to_bytes(4, "little")) == 2  # beside the part, and in the directory
    path.write_bytes(data.replace(real.to_bytes(4, "little"), told.to_bytes(4, "little")))
    assert "is refused" in refused(path)


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
    assert "a tag or a text of more than 1,048,576 bytes" in refused(path)


@pytest.mark.parametrize("before", range(0, 60, 3))
def test_a_tag_that_is_cut_in_two_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr("cartcli.merchant.importing.xml_parts._CHUNK", 64)
    monkeypatch.setattr("cartcli.merchant.importing.xml_parts.COLUMNS", 9)
    row = b"<row>" + b"<c><v>1</v></c>" * 9 + b"</row>"
    assert columns(book(tmp_path / "fits.xlsx", b" " * before + row)) == 9
    path = book(tmp_path / "wide.xlsx", b" " * before + row.replace(b"</row>", b"<c/></row>"))
    assert "a row of more than 9 cells" in refused(path)


def test_more_texts_than_can_be_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartcli.merchant.importing.xml_parts.TEXTS", 1_000)
    texts = b'<sst xmlns="%b">' % MAIN + b"<si><t/></si>" * 1_001 + b"</sst>"
    path = with_texts(tmp_path, texts)
    assert "more than 1,000 texts" in refused(path)


def test_more_rows_than_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartcli.merchant.importing.xml_parts.ROWS", 1_000)
    assert columns(book(tmp_path / "fits.xlsx", b"<row><c><v>1</v></c></row>" * 1_000)) == 1
    path = book(tmp_path / "rows.xlsx", b"<row/>" * 1_001)
    assert "more than 1,000 rows" in refused(path)


def test_a_description_that_is_too_long(tmp_path: Path) -> None:
    styles = b"<styleSheet>" + b"<a/>" * (bounds.DESCRIPTION // 4) + b"</styleSheet>"
    path = book(tmp_path / "styles.xlsx", b"", {"xl/styles.xml": styles})
    assert "its part xl/styles.xml has more than 16,777,216 bytes" in refused(path)


def test_what_is_packed_too_tightly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartcli.merchant.importing.xml_parts.UNPACKED", 10 << 20)
    path = book(tmp_path / "bomb.xlsx", b"<row><c><v>1</v></c></row>" + b" " * (11 << 20))
    assert path.stat().st_size < 1 << 20
    assert "at most 10,485,760 are taken" in refused(path)
