"""The CSV catalogue: what is taken, and every refusal with file, line and reason."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Item, Money
from cartcli.catalog_db import open_catalog_db
from cartcli.errors import FixInput
from tests.helpers import TEA, write_catalog, write_long_ago

HEADER = "sku,name,price,description\n"


def items(path: Path) -> list[Item]:
    return open_catalog_db(str(path), "USD").search()


def read(path: Path, content: str | bytes) -> list[Item]:
    """The items of a catalogue with this content."""
    return items(write_long_ago(path, content))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "my catalog.csv"


MUG = Item("MUG", "White mug", Money("8.90", "USD"), "350 ml, white")


@pytest.mark.parametrize(
    "content",
    [
        HEADER + 'MUG,White mug,8.90,"350 ml, white"\n',
        HEADER + 'MUG,White mug,8.90,"350 ml, white"',  # no line end
        HEADER + '\n  MUG ,\tWhite mug , 8.90 ,"  350 ml, white "\n\n',  # blanks, empty lines
        "\ufeff" + HEADER + 'MUG,White mug,8.90,"350 ml, white"\n',  # byte-order mark
        (HEADER + 'MUG,White mug,8.90,"350 ml, white"\n').replace("\n", "\r\n"),
        (HEADER + 'MUG,White mug,8.90,"350 ml, white"\n').replace("\n", "\r"),
        ',name,price,description\nMUG,White mug,8.90,"350 ml, white"\n',  # the original's header
        ' SKU ,Name,PRICE,description\nMUG,White mug,8.90,"350 ml, white"\n',
        'price,stock,description,sku,name\n8.90,12,"350 ml, white",MUG,White mug\n',
        ',sku,name,price,description\n0,MUG,White mug,8.90,"350 ml, white"\n',  # rows are numbered
        "\n\n" + HEADER + 'MUG,White mug,8.90,"350 ml, white"\n',
        'sku,name,price,description,,\nMUG,White mug,8.90,"350 ml, white",x,\n',
    ],
)
def test_a_catalogue_is_read(path: Path, content: str) -> None:
    assert read(path, content) == [MUG]


def test_a_description_may_be_empty_or_of_many_lines(path: Path) -> None:
    found = read(path, HEADER + 'A,a,1,\nB,"b ""B""",0,"one\ntwo\r\nthree"\n')
    assert [(item.name, item.description) for item in found] == [
        ("a", ""),
        ('b "B"', "one\ntwo\r\nthree"),
    ]


REFUSALS = {
    "no price column": ("sku,name,description\nA,a,x\n", 1, "the column 'price' is missing"),
    "no SKU column": ("name,price,description\na,1,x\n", 1, "the column 'sku' is missing"),
    "doubled column": (
        "sku,name,price,Name,description\nA,a,1,b,x\n",
        1,
        "the column 'name' is there 2 times",
    ),
    "doubled SKU column": (
        ",SKU,sku,name,price,description\n1,A,A,a,1,x\n",
        1,
        "the column 'sku' is there 2 times",
    ),
    "unnamed SKU at the end": (
        "name,price,description,\na,1,x,A\n",
        1,
        "the column 'sku' is missing",
    ),
    "another delimiter": ("sku;name;price;description\n", 1, "the column 'sku' is missing"),
    "doubled SKU": (
        HEADER + "A,a,1,\nB,b,1,\n A ,c,2,\n",
        4,
        "the SKU 'A' is also in line 2",
    ),
    "blanks that nobody counts": (
        HEADER + "A 1,a,1,\nB,b,1,\nA   1,c,2,\n",
        4,
        "the SKU 'A   1' looks like 'A 1' in line 2: one of them is misspelt",
    ),
    "more blanks first": (HEADER + "A  1,a,1,\nA 1,c,2,\n", 3, "'A 1' looks like 'A  1' in line 2"),
    "another dash": (HEADER + "A-1,a,1,\nA\u20101,c,2,\n", 3, "looks like 'A-1' in line 2"),
    "two other dashes": (HEADER + "A\u20131,a,1,\nA\u20141,c,2,\n", 3, "looks like 'A\u20131'"),
    "another quote": (HEADER + "A'1,a,1,\nA`1,c,2,\n", 3, 'looks like "A\'1" in line 2'),
    "another alphabet": (HEADER + "A1,a,1,\n\u04101,c,2,\n", 3, "looks like 'A1' in line 2"),
    "another alphabet with an accent": (
        HEADER + "\u00cb1,a,1,\n\u0415\u03081,c,2,\n",
        3,
        "looks like '\u00cb1' in line 2",
    ),
    "an accent that nobody sees": (
        HEADER + "i1,a,1,\ni\u03071,c,2,\n",
        3,
        "looks like 'i1' in line 2",
    ),
    "the same in two spellings": (
        HEADER + "\u00c91,a,1,\nE\u03011,c,2,\n",
        3,
        "the SKU '\u00c91' is also in line 2",
    ),
    "negative price": (HEADER + "A,a,1,\nB,b,-1.50,\n", 3, "price of B: the amount '-1.50' is neg"),
    "empty price": (HEADER + "A,a, ,\n", 2, "price of A: the amount is empty"),
    "price with a comma": (HEADER + 'A,a,"1,50",\n', 2, "price of A: '1,50' is not a plain dec"),
    "price with its currency": (HEADER + "A,a,$5,\n", 2, "price of A: '$5' is not a plain dec"),
    "price not a number": (HEADER + "A,a,nan,\n", 2, "price of A: 'nan' is not a plain decimal"),
    "price with 13 digits": (HEADER + "A,a,1234567890123,\n", 2, "at most 12 digits before"),
    "price with 5 decimals": (HEADER + "A,a,1.00001,\n", 2, "4 after it"),
    "price in other digits": (HEADER + "A,a,٣,\n", 2, "price of A: '٣' is not a plain decimal"),
    "empty SKU": (HEADER + "A,a,1,\n ,b,1,\n", 3, "the SKU is empty"),
    "empty name": (HEADER + "A,,1,\n", 2, "the name is empty"),
    "control character": (HEADER + "A\x1b[2J,a,1,\n", 2, "the SKU 'A\\x1b[2J' contains a control"),
    "row too short": (HEADER + "A,a,1,\nB,b,1\n", 3, "it has 3 fields and the header 4"),
    "row too long": (HEADER + "A,a,1,x,y\n", 2, "it has 5 fields and the header 4"),
    "row of blanks": (HEADER + "A,a,1,\n  \nB,b,1,\n", 3, "it has 1 fields and the header 4"),
    "after many lines": (HEADER + 'A,a,1,"x\ny\nz"\nB,b,?,\n', 5, "price of B: '?'"),
    "quote left open": (HEADER + 'A,a,1,x\nB,"b,1,x\nC,c,1,x\n', 3, "not well-formed CSV"),
    "quote closed early": (HEADER + 'A,"a"b,1,x\n', 2, "not well-formed CSV"),
    "header only": (HEADER, 1, "there are no items below the header"),
    "header and blank lines": (HEADER + "\n\n", 1, "there are no items below the header"),
    "nothing": ("", 1, "the file is empty"),
    "a byte-order mark only": ("\ufeff", 1, "the file is empty"),
    "Latin-1": ((HEADER + "A,a,1,\nB,Café,1,\n").encode("latin-1"), 3, "it is not UTF-8 text"),
    "UTF-16 that is none": (b"\xff\xfe\0\xd8", 1, "it is not UTF-8 text"),
    "UTF-16 without a mark": ((HEADER + "A,a,1,\n").encode("utf-16-le"), 1, ""),
    "a pickle": (b"\x80\x04\x95", 1, "it is not UTF-8 text"),
}


@pytest.mark.parametrize(("content", "line", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_a_catalogue_that_breaks_a_rule_is_refused(
    path: Path, content: str | bytes, line: int, reason: str
) -> None:
    with pytest.raises(FixInput) as error:
        read(path, content)
    assert error.value.message.startswith(f"the catalogue {path} is refused: line {line}: ")
    assert reason in error.value.message
    assert "Nothing was changed" in error.value.hint
    assert error.value.message.isprintable()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path, reason in (
        (tmp_path / "none", "No such file"),
        (tmp_path, "Is a directory"),
        (fifo, "not a regular file"),
        (Path("/dev/null"), "not a regular file"),
        (loop, "Too many levels"),
    ):
        with pytest.raises(FixInput, match=f"{path} cannot be read: .*{reason}"):
            items(path)


def test_a_changed_file_is_read_again(path: Path) -> None:
    catalog_db = open_catalog_db(str(write_catalog(path)), "USD")
    assert catalog_db.get_descriptions([TEA])[TEA].price == Money("12.345", "USD")
    other = write_catalog(path.with_suffix(".new"), [(TEA, "tea", "13", "")])
    other.rename(path)
    assert catalog_db.get_descriptions([TEA])[TEA].price == Money("13", "USD")
    path.write_text(HEADER)
    with pytest.raises(FixInput):
        catalog_db.get_descriptions([TEA])


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
names = cells.map(str.strip).filter(bool)
rows = st.tuples(
    names.filter(str.isprintable),
    names,
    st.decimals(0, 999_999_999_999, places=4).map(str),
    cells.map(str.strip),
)


@given(st.lists(rows, min_size=1, max_size=8, unique_by=lambda row: row[0]))
def test_what_was_written_is_read(rows: list[tuple[str, str, str, str]]) -> None:
    """Quotes, delimiters, line ends and every script survive."""
    with tempfile.TemporaryDirectory() as folder:
        found = items(write_catalog(Path(folder) / "catalog.csv", rows))
    assert found == [Item(sku, name, Money(price, "USD"), text) for sku, name, price, text in rows]


@given(st.binary(max_size=60), st.booleans())
def test_any_file_is_read_or_refused(content: bytes, with_header: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_long_ago(Path(folder, "catalog.csv"), HEADER.encode() * with_header + content)
        try:
            found = items(path)
        except FixInput as error:
            assert error.message.startswith(f"the catalogue {path} is refused: line ")  # noqa: PT017
        else:
            text = io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")
            assert len(found) == len([row for row in csv.reader(text) if row]) - 1
