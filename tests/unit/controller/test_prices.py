"""Carts and catalogue brought together."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartcli import Cart, Line, Money
from cartcli.catalog_db import open_catalog_db
from cartcli.controller.prices import Prices
from cartcli.errors import ChooseExisting
from cartcli.model.times import utc_now
from tests.helpers import write_catalog

NOW = utc_now()
OLD_MUG = Line("MUG", "old name", Money("7.50", "USD"), 2)
GONE = Line("GONE", "Gone", Money(3, "USD"), 5)


@pytest.fixture
def prices(tmp_path: Path) -> Prices:
    """Of a shop that sells mugs and tea."""
    rows = [("MUG", "Mug", "8.90", ""), ("TEA", "Green tea", "12.345", "")]
    return Prices(open_catalog_db(str(write_catalog(tmp_path / "catalog.csv", rows)), "USD"), "USD")


def cart_of(*lines: Line, state: str = "open", currency: str = "USD") -> Cart:
    cart = Cart("6f1c0d5e", "alice", "open", lines, currency, NOW, NOW)
    return cart._replace(state=state)  # type: ignore[arg-type]


def test_a_function_is_given_the_present_contents(prices: Prices) -> None:
    def change(present: dict[str, int]) -> dict[str, int]:
        assert present == {"MUG": 2, "GONE": 5}
        return present | {"TEA": 1}

    changed = prices.changed_lines([OLD_MUG, GONE], change)
    assert [line.sku for line in changed] == ["MUG", "GONE", "TEA"]


def test_what_was_perhaps_meant_is_told(prices: Prices) -> None:
    with pytest.raises(ChooseExisting, match="no item has the SKU 'MUGS'") as refused:
        prices.changed_lines([], {"MUG": 1, "MUGS": 1})
    assert "Did you mean MUG?" in refused.value.hint
    assert refused.value.facts == {"sku": "MUGS", "similar": ["MUG"]}


def test_an_open_cart_is_at_todays_prices(prices: Prices) -> None:
    today = prices.today(cart_of(OLD_MUG, GONE))
    assert [line.price for line in today.lines] == [Money("8.90", "USD"), Money(3, "USD")]
    assert [line.sold for line in today.lines] == [True, False]


@pytest.mark.parametrize(
    ("state", "currency"), [("pending", "USD"), ("purchased", "USD"), ("open", "EUR")]
)
def test_other_carts_are_as_they_were(prices: Prices, state: str, currency: str) -> None:
    cart = cart_of(OLD_MUG, GONE, state=state, currency=currency)
    assert prices.today(cart) == cart
