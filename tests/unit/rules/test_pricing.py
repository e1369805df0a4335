"""What a cart comes to, what its changes are about, and whether it can be paid."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cartcli import Cart, Item, Line, Money
from cartcli.errors import ReviewCart
from cartcli.model.changes import Add, Change, Remove, Replace, Set
from cartcli.model.times import utc_now
from cartcli.rules import pricing

NOW: Final = utc_now()
ITEMS: Final = {
    sku: Item(sku, name, Money(price, "USD"), "")
    for sku, name, price in (
        ("MUG", "Mug", "8.90"),
        ("TEA", "Green tea", "12.345"),
        ("BOWL", "Bowl", "0"),
    )
}


def line(sku: str, quantity: int, price: str, name: str = "old name") -> Line:
    return Line(sku, name, Money(price, "USD"), quantity)


def cart_of(*lines: Line, **changes: Any) -> Cart:
    return Cart("6f1c0d5e", "alice", "open", lines, "USD", NOW, NOW)._replace(**changes)


def payable(cart: Cart, expected: Money | None) -> None:
    """Check `cart` at today's prices."""
    pricing.check_payable(cart, pricing.quote(cart, ITEMS), expected)


MUG = line("MUG", 2, "8.90", "Mug")
OLD_MUG = line("MUG", 2, "7.50")
GONE = line("GONE", 5, "3")


def test_a_quote_is_at_todays_names_and_prices() -> None:
    cart = cart_of(OLD_MUG, GONE, line("TEA", 1, "12.345", "Green tea"))
    quote = pricing.quote(cart, ITEMS)
    assert quote.lines == (MUG, GONE, cart.lines[2])
    assert (quote.was, quote.unsold) == ((OLD_MUG,), ("GONE",))


def test_a_quote_counts_only_what_is_sold() -> None:
    quote = pricing.quote(cart_of(MUG, GONE, line("TEA", 1, "12.345")), ITEMS)
    assert [(entry.kind, entry.amount.decimal) for entry in quote.entries] == [
        ("subtotal", "30.15"),
        ("total", "30.15"),
    ]
    assert quote.total == Money("30.15", "USD")
    assert quote.adds_up()


def test_another_name_is_a_change_as_another_price_is() -> None:
    renamed = line("TEA", 1, "12.345", "Tea")
    assert pricing.quote(cart_of(renamed), ITEMS).was == (renamed,)


def test_a_cart_in_another_currency_is_as_it_was_put_in() -> None:
    cart = cart_of(OLD_MUG, GONE)
    assert pricing.todays(cart, ITEMS, "USD") == pricing.quote(cart, ITEMS)
    quote = pricing.todays(cart, ITEMS, "EUR")
    assert (quote.lines, quote.was, quote.unsold) == ((OLD_MUG, GONE), (), ())
    assert quote.total == Money("30.00", "USD")


def test_changes_get_the_items_that_they_need() -> None:
    changes: list[Change] = [Add("MUG", 2), Remove("TEA"), Replace((Set("TEA", 1), Set("GONE", 1)))]
    assert pricing.skus_of(changes) == ["MUG", "TEA", "GONE"]
    assert pricing.with_items(changes, ITEMS) == [
        Add("MUG", 2, ITEMS["MUG"]),
        Remove("TEA"),
        Replace((Set("TEA", 1, ITEMS["TEA"]), Set("GONE", 1, None))),
    ]


@pytest.mark.parametrize("expected", [None, "30.15", "30.1500"])
def test_a_total_that_is_expected(expected: str | None) -> None:
    cart = cart_of(MUG, line("TEA", 1, "12.345", "Green tea"))
    payable(cart, Money(expected, "USD") if expected else None)


@pytest.mark.parametrize("unexpected", [("30.145", "USD"), ("30.14", "USD"), ("30.15", "EUR")])
def test_another_total_than_expected_is_refused(unexpected: tuple[str, str]) -> None:
    cart = cart_of(MUG, line("TEA", 1, "12.345", "Green tea"))
    with pytest.raises(ReviewCart, match=r"comes to 30\.15 USD, not to") as refused:
        payable(cart, Money(*unexpected))
    assert refused.value.facts["amount"] == Money("30.15", "USD")


@pytest.mark.parametrize(
    ("cart", "reason"),
    [(cart_of(), "is empty"), (cart_of(MUG, GONE), "no longer sold")],
)
def test_some_carts_cannot_be_paid(cart: Cart, reason: str) -> None:
    with pytest.raises(ReviewCart, match=reason):
        payable(cart, None)


def test_a_cart_of_nothing_but_free_items_can_be_paid() -> None:
    payable(cart_of(line("BOWL", 3, "0", "Bowl")), Money(0, "USD"))


def test_a_cart_of_another_currency_is_refused() -> None:
    pricing.check_currency(cart_of(MUG), "USD")
    with pytest.raises(ReviewCart, match="is in EUR, the shop sells in USD"):
        pricing.check_currency(cart_of(currency="EUR"), "USD")
