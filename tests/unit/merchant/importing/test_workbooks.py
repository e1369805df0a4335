"""Excel and Parquet files, and what is said when their libraries are missing."""

from __future__ import annotations

import io
import subprocess
import sys
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from cartcli.errors import FixInput
from tests.helpers import cart_env
from tests.product_files import SHOPIFY_NEW, imported

HEADER = ["sku", "name", "price", "description"]

# Runs `cart` as if the module named first were not installed.
WITHOUT = "import sys; sys.modules[sys.argv.pop(1)] = None; from cartcli.cli import main; main()"


def excel(*rows: list[Any]) -> bytes:
    book = import_module("openpyxl").Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parquet(columns: dict[str, list[Any]]) -> bytes:
    buffer = io.BytesIO()
    table = import_module("pyarrow").table(columns)
    import_module("pyarrow.parquet").write_table(table, buffer)
    return buffer.getvalue()


def test_excel_cells_become_the_text_that_people_see(tmp_path: Path) -> None:
    data = excel(
        [*HEADER, None],
        ["00123", "NA", 39.47, "two\nlines 🎁"],
        [12345, "nan", 40.0, None, None],
        [],
        ["C", True, "0.035", 7],
    )
    assert imported(tmp_path, data).facts(*HEADER) == [
        ("00123", "NA", "39.47", "two\nlines 🎁"),
        ("12345", "nan", "40.00", ""),
        ("C", "True", "0.035", "7"),
    ]


def test_faulty_rows_of_excel_have_the_number_that_excel_shows(tmp_path: Path) -> None:
    data = excel([], HEADER, ["A", "A", 1], ["A", "A", 1], [], ["B", "B", 1e-7], [1, 2, 3, 4, 5])
    assert imported(tmp_path, data).faults == [
        "row 4: the SKU 'A' is also in row 3",
        "row 6: price of B: '1e-07' is not a plain decimal"
        " (at most 12 digits before the point and 4 after it)",
        "row 7: it has more fields than the header, which has 4",
    ]


def test_a_shops_export_saved_by_excel(tmp_path: Path) -> None:
    row = dict.fromkeys(SHOPIFY_NEW) | {"Title": "Mug", "URL handle": "mug", "SKU": "M", "Price": 8}
    row |= {"Published on online store": True, "Inventory quantity": 3}
    item = imported(tmp_path, excel(SHOPIFY_NEW, [*row.values()])).item
    assert (item["sku"], item["price"], item["inventory"]) == ("M", "8.00", "3")


def test_parquet_values_become_text(tmp_path: Path) -> None:
    data = parquet(
        {
            "sku": ["00123", "B", "C"],
            "name": ["NA", "Bag", "x"],
            "price": [Decimal("1.10"), Decimal("2.25"), None],
            "description": [None, "two\nlines", ""],
            "stock": [1, None, 3],
        }
    )
    result = imported(tmp_path, data)
    assert result.facts(*HEADER, "stock") == [
        ("00123", "NA", "1.10", "", "1"),
        ("B", "Bag", "2.25", "two\nlines", ""),
    ]
    assert result.faults == ["row 3: price of C: the amount is empty"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 not a zip", "it is not a well-formed Excel file"),
        (b"PAR1 nor this PAR1", "it is not a well-formed Parquet file"),
        (excel([]), "its first sheet is empty"),
        (excel(["a", "b"]), "the header is of none of the known formats"),
        (excel(HEADER), "there are no items in it"),
        (parquet({name: [] for name in HEADER}), "there are no items in it"),
        (excel(HEADER, ["A", "A", 1])[:-40], "it is not a well-formed Excel file"),
    ],
)
def test_files_that_are_broken_or_empty(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(FixInput, match=reason):
        imported(tmp_path, data)


@pytest.mark.parametrize(
    ("module", "data", "extra"),
    [
        ("openpyxl", excel(HEADER), "excel"),
        ("pyarrow.parquet", parquet({"sku": ["A"]}), "parquet"),
    ],
)
def test_a_missing_library_is_named_with_its_extra(
    store: Path, module: str, data: bytes, extra: str
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT, module, "import", "-"],
        input=data,
        capture_output=True,
        env=cart_env({"HOME": str(store.parent)}, store),
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    message, hint, command = ran.stderr.decode().strip().rsplit("\n", 2)
    assert f"{module.partition('.')[0]}, which reads those, is not installed" in " ".join(
        message.split()
    )
    assert hint == "Nothing was written. Install it:"
    assert command == f"  pip install 'cartcli[{extra}]'"
    assert not store.exists()
