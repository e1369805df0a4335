"""Cart and catalogue brought together: which lines a cart gets, and at which prices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cartcli import Cart, Line, Money
from cartcli.catalog_db import open_catalog_db
from cartcli.errors import ChooseExisting, FixInput, GiveCard, ReviewCart
from cartcli.model import utc_now
from cartcli.payment.card import Card
from cartcli.pricing import Pricing
from tests.helpers import CARD, write_catalog

NOW = utc_now()
STOCK = [
    ("MUG", "Mug", "8.90", ""),
    ("TEA", "Green tea", "12.345", ""),
    ("BOWL", "Bowl", "0", ""),
]


@pytest.fixture
def pricing(tmp_path: Path) -> Pricing:
    return pricing_of(tmp_path, *STOCK)


def pricing_of(folder: Path, *rows: tuple[str, str, str, str]) -> Pricing:
    path = write_catalog(folder / "catalog.csv", rows)
    return Pricing(open_catalog_db(str(path), "USD"), "USD")


def line(sku: str, quantity: int, price: str, name: str = "old name") -> Line:
    return Line(sku, name, Money(price, "USD"), quantity)


def cart_of(*lines: Line, **changes: Any) -> Cart:
    return Cart("6f1c0d5e", "alice", "open", lines, "USD", NOW, NOW)._replace(**changes)


MUG = line("MUG", 2, "8.90", "Mug")
OLD_MUG = line("MUG", 2, "7.50")
GONE = line("GONE", 5, "3")


@pytest.mark.parametrize(
    ("lines", "contents", "result"),
    [
        ([], {}, []),
        ([], {"MUG": 2}, [MUG]),
        ([], {"MUG": 2, "TEA": 0}, [MUG]),  # zero drops
        ([MUG], {"MUG": 0}, []),
        ([MUG], {}, []),
        ([MUG], {"TEA": 1}, [line("TEA", 1, "12.345", "Green tea")]),
        ([OLD_MUG], {"MUG": 2}, [OLD_MUG]),  # stays as it is
        ([OLD_MUG], {"MUG": 3}, [line("MUG", 3, "8.90", "Mug")]),  # changes, so at today's price
        ([OLD_MUG], {"MUG": 1}, [line("MUG", 1, "8.90", "Mug")]),
        ([GONE], {"GONE": 5}, [GONE]),
        ([GONE], {"GONE": 1}, [line("GONE", 1, "3")]),  # of what is gone there can be less
        ([GONE], {"GONE": 0, "MUG": 2}, [MUG]),
        ([], {"NO SUCH": 0}, []),
    ],
)
def test_lines_follow_the_contents(
    pricing: Pricing, lines: list[Line], contents: dict[str, int], result: list[Line]
) -> None:
    assert pricing.changed(lines, contents) == result
    assert pricing.changed(lines, lambda _: contents) == result


def test_a_function_is_given_the_present_contents(pricing: Pricing) -> None:
    def change(present: dict[str, int]) -> dict[str, int]:
        assert present == {"MUG": 2, "GONE": 5}
        return present | {"TEA": 1}

    assert [entry.sku for entry in pricing.changed([OLD_MUG, GONE], change)] == [
        "MUG",
        "GONE",
        "TEA",
    ]


@pytest.mark.parametrize("quantity", [-1, 1_000_000, 1.5, True, "1", None], ids=repr)
def test_a_bad_quantity_is_refused_with_its_sku(pricing: Pricing, quantity: Any) -> None:
    with pytest.raises(FixInput, match=r"^TEA: the quantity"):
        pricing.changed([], {"MUG": 1, "TEA": quantity})


def test_what_is_not_on_sale_is_refused(pricing: Pricing) -> None:
    with pytest.raises(ChooseExisting, match="no item has the SKU 'MUGS'") as error:
        pricing.changed([], {"MUG": 1, "MUGS": 1})
    assert "MUG" in error.value.hint
    with pytest.raises(ChooseExisting, match="'GONE'"):
        pricing.changed([GONE], {"GONE": 6})


def test_an_open_cart_is_shown_at_todays_prices(pricing: Pricing) -> None:
    shown = pricing.today(cart_of(OLD_MUG, GONE, line("TEA", 1, "12.345")))
    assert shown.lines == (
        MUG._replace(was=Money("7.50", "USD")),
        GONE._replace(sold=False),
        line("TEA", 1, "12.345", "Green tea"),
    )


@pytest.mark.parametrize(
    "changes", [{"state": "pending"}, {"state": "purchased"}, {"currency": "EUR"}]
)
def test_other_carts_are_shown_as_they_are(pricing: Pricing, changes: dict[str, str]) -> None:
    cart = cart_of(OLD_MUG, GONE, **changes)
    assert pricing.today(cart) == cart


def test_an_attempt_freezes_todays_prices(pricing: Pricing) -> None:
    cart = cart_of(OLD_MUG, line("TEA", 1, "1"))
    attempt = pricing.attempt(cart, Card(CARD), None, NOW)
    assert attempt.lines == (MUG, line("TEA", 1, "12.345", "Green tea"))
    assert (attempt.order, attempt.amount) == (cart.id, Money("30.15", "USD"))
    assert (attempt.brand, attempt.last4, attempt.created) == ("visa", "4242", NOW)
    assert len(attempt.key) == 32
    assert set(attempt.key) <= set("0123456789abcdef")
    assert pricing.attempt(cart, Card(CARD), None, NOW).key != attempt.key


def test_the_total_may_be_expected(pricing: Pricing) -> None:
    cart = cart_of(MUG, line("TEA", 1, "12.345", "Green tea"))
    for expected in ("30.15", "30.1500"):
        assert pricing.attempt(cart, Card(CARD), Money(expected, "USD"), NOW)
    for unexpected in (Money("30.145", "USD"), Money("30.14", "USD"), Money("30.15", "EUR")):
        with pytest.raises(ReviewCart, match=r"comes to 30\.15 USD, not to"):
            pricing.attempt(cart, Card(CARD), unexpected, NOW)


@pytest.mark.parametrize(
    ("cart", "reason"),
    [
        (cart_of(), "is empty"),
        (cart_of(MUG, GONE), "no longer sold"),
        (cart_of(MUG, currency="EUR"), "is in EUR, the shop sells in USD"),
    ],
)
def test_some_carts_cannot_be_paid(pricing: Pricing, cart: Cart, reason: str) -> None:
    for card in (Card(CARD), None):
        with pytest.raises(ReviewCart, match=reason):
            pricing.attempt(cart, card, None, NOW)


def test_a_card_is_needed_last(pricing: Pricing) -> None:
    """Whoever has no card yet learns first what else is wrong."""
    with pytest.raises(GiveCard, match=r"17\.80 USD"):
        pricing.attempt(cart_of(MUG), None, None, NOW)
    with pytest.raises(ReviewCart):
        pricing.attempt(cart_of(MUG), None, Money(1, "USD"), NOW)


def test_a_cart_of_nothing_but_free_items_is_paid(pricing: Pricing) -> None:
    attempt = pricing.attempt(cart_of(line("BOWL", 3, "0")), Card(CARD), None, NOW)
    assert attempt.amount == Money(0, "USD")
