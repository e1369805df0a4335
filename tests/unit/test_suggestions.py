"""Which SKU was perhaps meant."""

from __future__ import annotations

import pytest

from cartcli import Item, Money
from cartcli.suggestions import suggest


def item(sku: str, name: str = "") -> Item:
    return Item(sku, name, Money(1, "USD"), "")


ITEMS = [
    item("MUG-350-WHT", "Stoneware mug, white"),
    item("MUG-350-BLU", "Stoneware mug, blue"),
    item("MUG-500-WHT", "Large mug, white"),
    item("TEA-SEN-100", "Green tea, Sencha"),
    item("CARAFE", "Carafe, glass"),
]


@pytest.mark.parametrize(
    ("sku", "first"),
    [
        ("MUG-350-WTH", "MUG-350-WHT"),
        ("mug-350-wht", "MUG-350-WHT"),
        ("TEA-SEN-10", "TEA-SEN-100"),
        ("KARAFE", "CARAFE"),
        ("glass", "CARAFE"),  # by its name
        ("SENCHA", "TEA-SEN-100"),
    ],
)
def test_the_nearest_comes_first(sku: str, first: str) -> None:
    assert suggest(sku, ITEMS)[0] == first


@pytest.mark.parametrize("sku", ["", "zzzzzz", "0" * 1_000])
def test_nothing_is_meant_by_noise(sku: str) -> None:
    assert suggest(sku, ITEMS) == []
    assert suggest("MUG-350-WHT", []) == []


def test_there_are_three_at_most() -> None:
    many = [item(f"MUG-{number:03}", "mug") for number in range(50)]
    assert len(suggest("MUG-0", many)) == 3
    assert len(suggest("mug", many)) == 3


def test_a_large_catalogue_is_compared_by_how_skus_start() -> None:
    many = [item(f"{number:06}") for number in range(6_000)]
    assert suggest("ab-1x3", [*many, item("AB-123")]) == ["AB-123"]
