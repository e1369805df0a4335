"""Carts and catalogue brought together."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartcli import Cart, Line, Money
from cartcli.catalog_db import open_catalog_db
from cartcli.controller.prices import Looked, Prices
from cartcli.errors import ChooseExisting, not_on_sale
from cartcli.model.changes import Add, Remove
from cartcli.model.times import utc_now
from tests.helpers import attempt_for, write_catalog

NOW = utc_now()
OLD_MUG = Line("MUG", "old name", Money("7.50", "USD"), 2)
GONE = Line("GONE", "Gone", Money(3, "USD"), 5)


@pytest.fixture
def prices(tmp_path: Path) -> Prices:
    """Of a shop that sells mugs and tea."""
    rows = [("MUG", "Mug", "8.90", ""), ("TEA", "Green tea", "12.345", "")]
    path = write_catalog(tmp_path / "catalog.csv", rows)
    return Prices(lambda: open_catalog_db(str(path), "USD"))


def cart_of(*lines: Line, state: str = "open", currency: str = "USD") -> Cart:
    cart = Cart("6f1c0d5e", "alice", "open", lines, currency, NOW, NOW)
    return cart._replace(state=state)  # type: ignore[arg-type]


def test_one_look_up_serves_the_changes_and_the_quote(prices: Prices) -> None:
    looked = prices.looked_up([Add("MUG", 2), Remove("TEA"), Add("GONE")], {"TEA": 1})
    assert looked.skus == {"MUG", "TEA", "GONE"}
    assert {sku: item.price for sku, item in looked.items.items()} == {
        "MUG": Money("8.90", "USD"),
        "TEA": Money("12.345", "USD"),
    }
    stale = Looked(looked.skus, {"MUG": looked.items["MUG"]._replace(price=Money(1, "USD"))})
    assert prices.quote(cart_of(OLD_MUG, GONE), stale).total == Money(2, "USD")


def test_what_was_not_looked_up_is_looked_up_now(prices: Prices) -> None:
    looked = prices.looked_up([Add("TEA")], {})
    assert prices.quote(cart_of(OLD_MUG), looked).total == Money("17.80", "USD")


def test_what_was_perhaps_meant_is_told(prices: Prices) -> None:
    refused = prices.with_similar(not_on_sale("MUGS"))
    assert "Did you mean MUG?" in refused.hint
    assert refused.facts == {"sku": "MUGS", "similar": ["MUG"]}


def test_of_another_error_nothing_more_is_told(prices: Prices) -> None:
    error = ChooseExisting("there is no 'MUGS' in the cart", "", sku="MUGS", cart="6f1c0d5e")
    assert prices.with_similar(error).facts == {"sku": "MUGS", "cart": "6f1c0d5e"}


def test_an_open_cart_is_shown_with_todays_quote(prices: Prices) -> None:
    shown = prices.quoted(cart_of(OLD_MUG, GONE))
    assert shown.lines == (OLD_MUG, GONE)
    assert [line.price for line in shown.quote.lines] == [Money("8.90", "USD"), Money(3, "USD")]
    assert (shown.quote.was, shown.quote.unsold) == ((OLD_MUG,), ("GONE",))
    assert shown.total == Money("17.80", "USD")


def test_a_cart_of_another_currency_is_shown_as_it_was_put_in(prices: Prices) -> None:
    lines = [line._replace(price=Money(2, "EUR")) for line in (OLD_MUG, GONE)]
    shown = prices.quoted(cart_of(*lines, currency="EUR"))
    assert (shown.quote.lines, shown.total) == (tuple(lines), Money(14, "EUR"))


def test_a_frozen_cart_is_shown_as_it_was_frozen(prices: Prices) -> None:
    attempt = attempt_for(cart_of(OLD_MUG))
    pending = cart_of(OLD_MUG, state="pending")._replace(attempt=attempt)
    assert prices.quoted(pending) == pending
    assert pending.quote == attempt.quote
