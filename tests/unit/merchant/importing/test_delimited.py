"""CSV and TSV as text: nothing interpreted, every fault with its line, nothing lost."""

from __future__ import annotations

import csv
import io
import string
import tracemalloc
from collections import deque
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli.catalog_db.csv_file import CsvCatalogDb
from cartcli.errors import FixInput
from cartcli.merchant.importing import delimited
from cartcli.merchant.importing.source import open_source
from tests.product_files import GOOGLE, SHOPIFY_NEW, SHOPIFY_OLD, WOOCOMMERCE, imported
from tests.product_files import delimited as written

HEADER = "sku,name,price,description\n"


def rows_of(folder: Path, data: str | bytes) -> list[Any]:
    """What the reader gives for the rows of a file with this content."""
    path = folder / "rows"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with open_source(str(path)) as source:
        return [
            (line, row if isinstance(row, str) else list(row)) for line, row in source.table().rows
        ]


def test_text_stays_text(tmp_path: Path) -> None:
    data = HEADER + "00123,NA,1.10,nan\n1e5,null,0.3,TRUE\n 7 , None , 2 , -0 \n"
    result = imported(tmp_path, data)
    assert result.facts("sku", "name", "price", "description") == [
        ("00123", "NA", "1.10", "nan"),
        ("1e5", "null", "0.30", "TRUE"),
        ("7", "None", "2.00", "-0"),
    ]


def test_a_price_keeps_decimals_that_a_float_would_lose(tmp_path: Path) -> None:
    result = imported(tmp_path, HEADER + "A,A,123456789012.3456,\nB,B,0.035,\n")
    assert [item["price"] for item in result.items] == ["123456789012.3456", "0.035"]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["", "byte-order mark"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["", "no newline at the end"])
def test_marks_and_newlines(tmp_path: Path, bom: bytes, newline: str, last: bool) -> None:
    text = HEADER + 'A,A,1,"two\nlines"\n\nB,"say ""hi"" 🎁",2,\nC,C,x,'
    text = (text + "\n" * last).replace("\n", newline)
    result = imported(tmp_path, bom + text.encode())
    assert [*result.items[0]] == ["sku", "name", "price", "description"]
    assert result.facts("sku", "name") == [("A", "A"), ("B", 'say "hi" 🎁')]
    assert result.faults[0].startswith("line 6: price of C: 'x'")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("ends", ["\r", "\r\n", "\n"])
@pytest.mark.parametrize("late", [0, 3_000])
def test_a_lone_carriage_return_ends_a_line_as_in_a_catalogue(
    tmp_path: Path, encoding: str, ends: str, late: int
) -> None:
    """Also if most lines end with something else."""
    rows = "".join(f"S{n},Sofa,1,{ends}" for n in range(late))
    text = f'A,Apron,1,"two{ends}lines"\rB,Bag,2,\rC,Cup,3{ends}D,Dish,4,\r'
    text = f"{HEADER.strip()}{ends}{rows}{text}"
    result = imported(tmp_path, text.encode(encoding))
    assert result.facts("sku")[late:] == [("A",), ("B",), ("D",)]
    line = late + 5
    assert result.faults == [f"line {line}: it has 3 fields and the header 4"]
    catalog = tmp_path / "own.csv"
    catalog.write_bytes(text.replace(f"C,Cup,3{ends}", "").encode(encoding))
    items = CsvCatalogDb(str(catalog), "USD").search()
    assert [item.sku for item in items][late:] == ["A", "B", "D"]
    assert items[late].description == result.items[late]["description"] == f"two{ends}lines"


@pytest.mark.parametrize("before", [0, 1, 2, 3, 4, 4_998, 4_999, 5_000, 5_001, 12_000])
def test_every_faulty_row_is_told_with_its_line(tmp_path: Path, before: int) -> None:
    """Also beside the edges of the blocks in which rows are read."""
    good = "".join(f'S{i},"a\nb",1,\n' for i in range(before))
    bad = 'A,A,1\nB,B,1,,\nC,C,1,,more\nD,D,1,,"with\na line",more\n\nE,,1,\nF,F,-1,\n,F,1,\n'
    first = 2 + 2 * before
    assert imported(tmp_path, HEADER + good + bad).faults == [
        f"line {first}: it has 3 fields and the header 4",
        f"line {first + 1}: it has more fields than the header, which has 4",
        f"line {first + 2}: it has more fields than the header, which has 4",
        f"line {first + 3}: it has more fields than the header, which has 4",
        f"line {first + 6}: the name is empty",
        f"line {first + 7}: price of F: the amount '-1' is negative",
        f"line {first + 8}: the SKU is empty",
    ]


@pytest.mark.parametrize("before", [0, 1, 2, 3, 4_999, 5_000, 5_001])
@pytest.mark.parametrize("bad", ['A,"B"x,1,\n', 'A,"B,1,\nC,C,1,\n'])
def test_what_is_not_well_formed_is_refused_with_its_line(
    tmp_path: Path, before: int, bad: str
) -> None:
    good = "".join(f"S{i},S,1,\n" for i in range(before))
    with pytest.raises(FixInput, match=rf"line {before + 2}: it is not well-formed CSV"):
        imported(tmp_path, f"{HEADER}{good}{bad}")


@pytest.mark.parametrize(
    "header", [SHOPIFY_OLD, SHOPIFY_NEW, WOOCOMMERCE, GOOGLE, HEADER.strip().split(",")]
)
@pytest.mark.parametrize("before", [0, 6_000])
def test_latin_1_is_refused_with_its_line(tmp_path: Path, header: list[str], before: int) -> None:
    rows = [{header[0]: f"{i}"} for i in range(before)]
    data = written(header, *rows, {header[0]: "Café"}).encode("latin-1")
    with pytest.raises(FixInput) as refused:
        imported(tmp_path, data)
    message = f"{tmp_path / 'file'} is refused: line {before + 2}: it is not UTF-8 text;"
    assert refused.value.message.startswith(message)
    assert refused.value.hint == "Nothing was written. Correct the file."
    assert not (tmp_path / "catalog.csv").exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"\n\n\r\n", "it is empty"),
        (HEADER.encode(), "there are no items in it"),
        (HEADER.encode() + b"\n\n", "there are no items in it"),
        (HEADER.encode() + b"A,\0,1,\n", "line 2: it contains a NUL character"),
        (b'"a\nb', "line 1: it is not well-formed CSV: unexpected end of data"),
        (
            HEADER.encode("utf-16"),
            "there are no items in it",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "it is in the old Excel format; save it as .xlsx or as CSV"),
        (b"a,b\n1,2\n", "the header is of none of the known formats: it has the columns 'a', 'b'"),
    ],
)
def test_files_of_which_nothing_can_be_imported(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(FixInput) as refused:
        imported(tmp_path, data)
    assert refused.value.message == f"{tmp_path / 'file'} is refused: {reason}"


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LINE", 1_000)
    with pytest.raises(FixInput, match="line 2: it is longer than 1,000 bytes"):
        imported(tmp_path, HEADER + "x" * 2_000)


def test_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    """One at a time, so that memory does not grow with the file."""
    path = tmp_path / "rows"
    path.write_text(HEADER + "".join(f"{i:05},1,2,3\n" for i in range(100_000)))
    with open_source(str(path)) as source:
        rows = source.table().rows
        assert next(rows) == (2, ["00000", "1", "2", "3"])
        assert source.position() < 1_000
        tracemalloc.start()
        (last,) = deque(rows, 1)
        assert tracemalloc.get_traced_memory()[1] < 500_000
        tracemalloc.stop()
        assert last == (100_001, ["99999", "1", "2", "3"])


CELLS = st.text(
    st.sampled_from(string.ascii_letters + string.digits + " \",;\t\n'€🎁.-"), max_size=12
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=7), max_size=12))
def test_any_rows_come_out_as_the_csv_module_reads_them(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([["a", "b", "c", "d"], *rows])
    expected: list[Any] = []
    reader = csv.reader(io.StringIO(buffer.getvalue(), newline=""), strict=True)
    next(reader)
    start = reader.line_num + 1
    for row in reader:
        if len(row) == 4:
            expected.append((start, row))
        elif row:
            too_many = "it has more fields than the header, which has 4"
            expected.append((start, too_many if len(row) > 4 else f"it has {len(row)} fields"))
        start = reader.line_num + 1
    given_rows = rows_of(tmp_path_factory.mktemp("rows"), buffer.getvalue())
    assert [
        (line, row.removesuffix(" and the header 4") if isinstance(row, str) else row)
        for line, row in given_rows
    ] == expected


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_header_tells_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    row = {"sku": "A", "name": "x;y,z\t", "price": "1", "description": ";;,,"}
    item = imported(tmp_path, written([*row], row, delimiter=delimiter)).item
    assert (item["name"], item["description"]) == ("x;y,z", ";;,,")
