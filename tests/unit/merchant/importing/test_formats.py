"""Which format a file is in, and our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartcli.errors import FixInput
from cartcli.merchant.importing.formats import choose
from tests import product_files as files
from tests.product_files import NOW, imported

OWN = ["sku", "name", "price", "description"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (OWN, "own"),
        (["", "name", "price", "description"], "own"),
        (["", *OWN], "own"),
        (["Description", "PRICE", " Name ", "SKU", "colour"], "own"),
        (files.SHOPIFY_OLD, "shopify"),
        (files.SHOPIFY_NEW, "shopify"),
        (files.GOOGLE, "google"),
        (files.GOOGLE_SPACED, "google"),
        (files.GOOGLE_BRACKETS, "google"),
        (["g:id", "g:title", "g:description", "g:price"], "google"),
        (files.WOOCOMMERCE, "woocommerce"),
    ],
)
def test_the_header_tells_the_format(header: list[str], name: str) -> None:
    form, columns = choose(header, None, "USD", NOW)
    assert form.name == name
    assert len(columns) == len(header)


@pytest.mark.parametrize(
    ("header", "forced", "reason"),
    [
        (["id", "title", "price"], None, "the header is of none of the known formats: it has the"),
        (["id", "title", "price"], "google", "the column 'description' is missing"),
        (OWN, "shopify", "the column 'title' is missing"),
        (["title", "handle", "price"], "shopify", "the column 'variant sku' or 'sku' is missing"),
        (OWN, "woocommerce", "the column 'regular price' is missing"),
        ([*OWN, "price"], None, "the column 'price' is there 2 times"),
        ([*OWN, "size", "size"], None, "the column 'size' is there 2 times"),
        ([*OWN[1:], "", ""], None, "the header is of none of the known formats: it has the"),
        ([*OWN[1:], "", ""], "own", "the column 'sku' is missing"),
        (["", *OWN[1:], "name"], None, "the column 'name' is there 2 times"),
    ],
)
def test_a_header_that_does_not_do(header: list[str], forced: str | None, reason: str) -> None:
    with pytest.raises(ValueError, match="^" + reason):
        choose(header, forced, "USD", NOW)


def test_a_forced_format_wins_over_the_header(tmp_path: Path) -> None:
    header = [*files.GOOGLE, "sku", "name"]
    row = dict.fromkeys(header, "x") | {"price": "1.00", "sku": "S", "id": "I"}
    data = files.delimited(header, row)
    assert imported(tmp_path, data, "own").item["sku"] == "S"
    assert imported(tmp_path, data, "google").faults


def test_further_columns_are_kept_and_unnamed_ones_are_not(tmp_path: Path) -> None:
    data = "sku,size,name,,price,description,Größe 🎁\nA,XL,Apron,x,1,,9\n"
    assert imported(tmp_path, data).item == {
        "sku": "A",
        "name": "Apron",
        "price": "1.00",
        "description": "",
        "size": "XL",
        "Größe 🎁": "9",
    }


def test_the_original_catalogue_has_no_name_for_its_skus(tmp_path: Path) -> None:
    sku = "205591201309003190_7662246479379859829"
    data = f',name,price,description\n{sku},Genpak Plates,39.47,"6 inches, White"\n'
    assert imported(tmp_path, data).item["sku"] == sku


def test_two_items_of_one_sku_are_a_fault(tmp_path: Path) -> None:
    data = "sku,name,price,description\nA,A,1,\nB,B,1,\nA,C,2,\n A ,D,3,\n"
    result = imported(tmp_path, data)
    assert result.faults == [
        "line 4: the SKU 'A' is also in line 2",
        "line 5: the SKU 'A' is also in line 2",
    ]
    assert result.facts("sku", "name") == [("A", "A"), ("B", "B")]


def test_a_reason_is_never_longer_than_people_read(tmp_path: Path) -> None:
    (fault,) = imported(tmp_path, f"sku,name,price,description\nA,A,{'9' * 5_000},\n").faults
    assert len(fault) < 350


def test_no_item_left_writes_nothing(tmp_path: Path) -> None:
    with (
        files.planned(tmp_path, "sku,name,price,description\nA,A,x,\n") as plan,
        pytest.raises(FixInput, match="no item is left to import"),
    ):
        plan.write()
    assert not (tmp_path / "catalog.csv").exists()
