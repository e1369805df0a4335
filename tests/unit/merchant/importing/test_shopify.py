"""Shopify's product files, of both generations of headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.product_files import SHOPIFY_NEW, SHOPIFY_OLD, delimited, imported

HTML = """<p>Black cord choker, <b>"wow"</b> &amp; more.</p>
<ul>
<li>14k yellow gold</li>
<li>Length, 12"</li>
</ul><style>p { color: red }</style>"""

OLD = delimited(
    SHOPIFY_OLD,
    {
        "Handle": "bracelet",
        "Title": "7 Chakra Bracelet",
        "Body (HTML)": HTML,
        "Published": "true",
        "Option1 Name": "Color",
        "Option1 Value": "Blue",
        "Option2 Name": "Size",
        "Option2 Value": "S/M",
        "Variant SKU": "00123",
        "Variant Inventory Qty": "4",
        "Variant Price": "42.99",
        "Image Src": "https://shop.example/a.jpg",
        "Status": "active",
    },
    {
        "Handle": "bracelet",
        "Option1 Value": "Black 🖤",
        "Option2 Value": "L",
        "Variant SKU": "NA",
        "Variant Inventory Qty": "-1",
        "Variant Price": "43",
    },
    {"Handle": "bracelet", "Image Src": "https://shop.example/b.jpg", "Image Position": "2"},
    {
        "Handle": "card",
        "Title": "NA",
        "Option1 Name": "Title",
        "Option1 Value": "Default Title",
        "Variant SKU": "CARD",
        "Variant Price": "25.00",
    },
)

NEW = delimited(
    SHOPIFY_NEW,
    {
        "Title": "7 Chakra Bracelet",
        "URL handle": "bracelet",
        "Description": HTML,
        "Published on online store": "TRUE",
        "Status": "Active",
        "SKU": "00123",
        "Option1 name": "Color",
        "Option1 value": "Blue",
        "Option2 name": "Size",
        "Option2 value": "S/M",
        "Price": "42.99",
        "Inventory quantity": "4",
    },
    {
        "URL handle": "bracelet",
        "SKU": "NA",
        "Option1 value": "Black 🖤",
        "Option2 value": "L",
        "Price": "43",
        "Inventory quantity": "-1",
    },
    {"URL handle": "bracelet", "Product image URL": "https://shop.example/b.jpg"},
    {
        "Title": "NA",
        "URL handle": "card",
        "SKU": "CARD",
        "Option1 name": "Title",
        "Option1 value": "Default Title",
        "Price": "25.00",
    },
)


@pytest.mark.parametrize("data", [OLD, NEW], ids=["old headers", "new headers"])
def test_variants_are_items_named_by_their_product(tmp_path: Path, data: str) -> None:
    result = imported(tmp_path, data)
    assert result.format == "shopify"
    assert result.facts("sku", "name", "price", "inventory") == [
        ("00123", "7 Chakra Bracelet - Blue / S/M", "42.99", "4"),
        ("NA", "7 Chakra Bracelet - Black 🖤 / L", "43.00", "-1"),
        ("CARD", "NA", "25.00", ""),
    ]
    text = """Black cord choker, "wow" & more. 14k yellow gold; Length, 12\""""
    assert [item["description"] for item in result.items] == [text, text, ""]
    assert result.left_out == {"image only": 1}
    assert not result.faults
    assert not result.warnings


def product(**cells: str) -> dict[str, str]:
    return {"Handle": "mug", "Title": "Mug", "Variant SKU": "M", "Variant Price": "8"} | cells


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"Status": "draft"}, "draft"),
        ({"Status": "Archived"}, "archived"),
        ({"Status": "unlisted"}, "unlisted"),
        ({"Published": "FALSE"}, "unpublished"),
        ({"Status": "draft", "Published": "false"}, "draft"),
    ],
)
def test_what_is_not_on_sale_is_left_out_with_its_variants(
    tmp_path: Path, cells: dict[str, str], why: str
) -> None:
    variant = {"Handle": "mug", "Option1 Value": "Red", "Variant SKU": "R", "Variant Price": "9"}
    other = product(**{"Handle": "cup", "Variant SKU": "C"})
    result = imported(tmp_path, delimited(SHOPIFY_OLD, product(**cells), variant, other))
    assert result.left_out == {why: 2}
    assert result.item["sku"] == "C"


@pytest.mark.parametrize("cells", [{}, {"Status": "ACTIVE"}, {"Published": "TRUE"}])
def test_what_does_not_say_otherwise_is_on_sale(tmp_path: Path, cells: dict[str, str]) -> None:
    assert imported(tmp_path, delimited(SHOPIFY_OLD, product(**cells))).item["sku"] == "M"


def test_a_missing_sku_is_made_of_handle_and_options(tmp_path: Path) -> None:
    rows = [
        product(**{"Variant SKU": "", "Option1 Value": "Navy Blue", "Option2 Value": "½ L"}),
        {"Handle": "mug", "Option1 Value": "Red", "Variant Price": "9"},
        {"Handle": "card", "Title": "Card", "Option1 Value": "Default Title", "Variant Price": "1"},
    ]
    result = imported(tmp_path, delimited(SHOPIFY_OLD, *rows))
    assert [item["sku"] for item in result.items] == ["mug-navy-blue-½-l", "mug-red", "card"]
    assert result.warnings == [
        "line 2: no SKU, sold as mug-navy-blue-½-l",
        "line 3: no SKU, sold as mug-red",
        "line 4: no SKU, sold as card",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (product(**{"Variant Price": ""}), "price of M: the amount is empty"),
        (product(**{"Variant Price": "1,50"}), "price of M: '1,50' is not a plain decimal"),
        (product(Status="gone"), "the status 'gone' is not one of Shopify's"),
        (product(Published="maybe"), "published is 'maybe', neither TRUE nor FALSE"),
        (product(Title=""), "the title is empty, and no row above has one for 'mug'"),
        (product(**{"Handle": "", "Variant SKU": ""}), "the SKU and the handle are empty"),
        ({"Handle": "mug"}, "the title is empty, and no row above has one for 'mug'"),
    ],
)
def test_faulty_rows_tell_why(tmp_path: Path, row: dict[str, str], reason: str) -> None:
    good = product(**{"Handle": "cup", "Variant SKU": "C"})
    result = imported(tmp_path, delimited(SHOPIFY_OLD, good, row))
    (fault,) = result.faults
    assert fault.startswith(f"line 3: {reason}")
    assert result.item["sku"] == "C"


def test_a_title_is_not_carried_to_another_product(tmp_path: Path) -> None:
    rows = [product(), {"Handle": "cup", "Variant SKU": "C", "Variant Price": "1"}]
    result = imported(tmp_path, delimited(SHOPIFY_OLD, *rows))
    assert result.faults == ["line 3: the title is empty, and no row above has one for 'cup'"]


def test_two_variants_of_one_sku_are_a_fault(tmp_path: Path) -> None:
    rows = [product(), {"Handle": "mug", "Variant SKU": "M", "Variant Price": "1"}]
    result = imported(tmp_path, delimited(SHOPIFY_OLD, *rows))
    assert result.faults == ["line 3: the SKU 'M' is also in line 2"]
    assert result.item["price"] == "8.00"
