"""Google Merchant Center's product feeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.product_files import (
    GOOGLE,
    GOOGLE_BRACKETS,
    GOOGLE_SPACED,
    delimited,
    imported,
)


def feed(header: list[str], *rows: dict[str, str]) -> str:
    return delimited(header, *rows, delimiter="\t")


def offer(**cells: str) -> dict[str, str]:
    return {"id": "007", "title": "Pan", "price": "15.00 USD", "description": "Iron"} | cells


@pytest.mark.parametrize("header", [GOOGLE, GOOGLE_SPACED, GOOGLE_BRACKETS])
def test_names_with_spaces_underscores_and_brackets(tmp_path: Path, header: list[str]) -> None:
    values = {
        "id": "007",
        "title": '12" Teflon Pan, "NA"',
        "description": "Two\nlines\tand a tab 🍳",
        "price": "15.00 USD",
        "availability": "in_stock",
    }
    row = {name: values.get(name.split(" [")[0].lower(), "") for name in header}
    result = imported(tmp_path, feed(header, row))
    assert result.format == "google"
    assert result.item == {
        "sku": "007",
        "name": '12" Teflon Pan, "NA"',
        "price": "15.00",
        "description": "Two\nlines\tand a tab 🍳",
        "availability": "in_stock",
    }


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ("15.00 EUR", "the price '15.00 EUR' is not in USD, the shop's currency"),
        ("15.00", "the price '15.00' is not an amount and a currency: 15.00 USD"),
        ("USD 15.00", "the price 'USD 15.00' is not in USD, the shop's currency"),
        ("15,550.00 USD", "price of 007: '15,550.00' is not a plain decimal"),
        ("", "the price '' is not an amount and a currency: 15.00 USD"),
    ],
)
def test_a_price_is_an_amount_in_the_shops_currency(
    tmp_path: Path, price: str, reason: str
) -> None:
    result = imported(tmp_path, feed(GOOGLE, offer(price=price)))
    (fault,) = result.faults
    assert fault.startswith(f"line 2: {reason}")
    assert not result.items


def test_the_currency_is_the_shops(tmp_path: Path) -> None:
    result = imported(tmp_path, feed(GOOGLE, offer(price="1500 JPY")), currency="JPY")
    assert result.item["price"] == "1500"


@pytest.mark.parametrize(
    ("dates", "price"),
    [
        ("", "12.00"),
        ("2026-06-01T13:00-0800/2026-06-30T15:30-0800", "12.00"),
        ("2026-06-15T05:00-0800/2026-06-30T15:30-0800", "15.00"),
        ("2026-06-01T13:00-0800/2026-06-15T03:30-0800", "15.00"),
    ],
)
def test_a_sale_price_is_charged_while_its_dates_allow(
    tmp_path: Path, dates: str, price: str
) -> None:
    row = offer(sale_price="12.00 USD", sale_price_effective_date=dates)
    assert imported(tmp_path, feed(GOOGLE, row)).item["price"] == price


@pytest.mark.parametrize("dates", ["soon", "2026-06-01/2026-07-01", "2026-06-01T00:00Z"])
def test_dates_of_a_sale_that_cannot_be_told_are_a_fault(tmp_path: Path, dates: str) -> None:
    row = offer(sale_price="12.00 USD", sale_price_effective_date=dates)
    (fault,) = imported(tmp_path, feed(GOOGLE, row)).faults
    assert fault == f"line 2: the sale's dates {dates!r} are not two times with zones"
