"""WooCommerce's product files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.product_files import WOOCOMMERCE, delimited, imported


def simple(**cells: str) -> dict[str, str]:
    row = {"ID": "48", "Type": "simple", "SKU": "beanie", "Name": "Beanie", "Published": "1"}
    return row | {"Regular price": "20"} | cells


def test_variations_are_sold_and_their_product_is_not(tmp_path: Path) -> None:
    rows = [
        {"ID": "45", "Type": "variable", "SKU": "hoodie", "Name": "Hoodie", "Published": "1"},
        {"ID": "46", "Type": "variable", "Name": "Tee", "Published": "1"},
        simple(Type="simple, downloadable, virtual", Description=r"<p>One\nTwo</p>Three"),
        simple(
            Type="variation", SKU="hoodie-red", Name="Hoodie - Red, No", Parent="hoodie", Stock="7"
        ),
        simple(
            **{
                "Type": "variation",
                "SKU": "0046",
                "Name": "",
                "Parent": "id:46",
                "Short description": "soft",
                "Attribute 1 value(s)": "Blue",
                "Attribute 2 value(s)": "S",
            }
        ),
        {"ID": "87", "Type": "grouped", "SKU": "set", "Name": "Set", "Published": "1"},
        {"ID": "88", "Type": "external", "SKU": "wp", "Name": "Pennant", "Published": "1"},
    ]
    result = imported(tmp_path, delimited(WOOCOMMERCE, *rows))
    assert result.format == "woocommerce"
    assert result.facts("sku", "name", "price", "description", "inventory") == [
        ("beanie", "Beanie", "20.00", "One Two; Three", ""),
        ("hoodie-red", "Hoodie - Red, No", "20.00", "", "7"),
        ("0046", "Tee - Blue, S", "20.00", "soft", ""),
    ]
    assert result.left_out == {"variable product": 2, "grouped product": 1, "external product": 1}
    assert not result.faults


@pytest.mark.parametrize(
    ("cells", "price"),
    [
        ({"Sale price": "18"}, "18.00"),
        ({"Sale price": "0"}, "0.00"),
        ({"Sale price": "18,5", "Regular price": "20,00"}, "18.50"),
        ({"Sale price": "18", "Date sale price starts": "2026-06-15"}, "18.00"),
        ({"Sale price": "18", "Date sale price ends": "2026-06-15 23:59:59"}, "18.00"),
        ({"Sale price": "18", "Date sale price starts": "2026-06-16"}, "20.00"),
        ({"Sale price": "18", "Date sale price ends": "2026-06-14"}, "20.00"),
    ],
)
def test_a_sale_price_is_charged_while_its_dates_allow(
    tmp_path: Path, cells: dict[str, str], price: str
) -> None:
    assert imported(tmp_path, delimited(WOOCOMMERCE, simple(**cells))).item["price"] == price


@pytest.mark.parametrize(
    ("published", "why"), [("-1", "draft"), ("0", "private"), ("2", "pending")]
)
def test_what_is_not_published_is_left_out_with_its_variations(
    tmp_path: Path, published: str, why: str
) -> None:
    rows = [
        simple(Published=published, Type="variable", SKU="tee"),
        simple(Type="variation", SKU="tee-red", Parent="tee"),
        simple(Published=published, SKU="cap"),
        simple(),
    ]
    result = imported(tmp_path, delimited(WOOCOMMERCE, *rows))
    assert result.left_out == {why: 3}
    assert result.item["sku"] == "beanie"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"SKU": ""}, "the SKU is empty"),
        ({"Name": "", "Type": "variation", "Parent": "gone"}, "the name is empty"),
        ({"Regular price": ""}, "price of beanie: the amount is empty"),
        ({"Regular price": "1.234,50"}, "price of beanie: '1.234,50' is not a plain decimal"),
        ({"Published": "yes"}, "published is 'yes', not one of 1, 0, -1 and 2"),
        ({"Date sale price ends": "soon"}, "date sale price ends is 'soon', not a date"),
    ],
)
def test_faulty_rows_tell_why(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    (fault,) = imported(tmp_path, delimited(WOOCOMMERCE, simple(**cells))).faults
    assert fault.startswith(f"line 2: {reason}")


def test_what_the_exporter_escapes_is_as_it_was(tmp_path: Path) -> None:
    row = simple(SKU="'-40", Name="'=1+1", Description=r"C:\\new and \nnext")
    item = imported(tmp_path, delimited(WOOCOMMERCE, row)).item
    assert (item["sku"], item["name"], item["description"]) == ("-40", "=1+1", r"C:\new and next")
