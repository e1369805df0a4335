"""Which lines a cart gets, at which prices, and whether it can be paid."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cartcli import Cart, Item, Line, Money
from cartcli.errors import ChooseExisting, FixInput, ReviewCart
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
    lines: list[Line], contents: dict[str, int], result: list[Line]
) -> None:
    wanted = pricing.wanted(contents)
    assert [*pricing.changed_lines(lines, wanted, ITEMS)] == result


@pytest.mark.parametrize("quantity", [-1, 1_000_000, 1.5, True, "1", None], ids=repr)
def test_a_bad_quantity_is_refused_with_its_sku(quantity: Any) -> None:
    with pytest.raises(FixInput, match=r"^TEA: the quantity") as refused:
        pricing.wanted({"MUG": 1, "TEA": quantity})
    assert refused.value.facts == {"sku": "TEA"}


@pytest.mark.parametrize(("lines", "more"), [([], 1), ([GONE], 6)])
def test_what_is_not_on_sale_is_refused(lines: list[Line], more: int) -> None:
    with pytest.raises(ChooseExisting, match="no item has the SKU 'GONE'") as refused:
        pricing.changed_lines(lines, {"MUG": 1, "GONE": more}, ITEMS)
    assert refused.value.facts == {"sku": "GONE"}


def test_an_open_cart_is_shown_at_todays_prices() -> None:
    shown = pricing.todays(cart_of(OLD_MUG, GONE, line("TEA", 1, "12.345")), ITEMS)
    assert shown.lines == (
        MUG._replace(was=Money("7.50", "USD")),
        GONE._replace(sold=False),
        line("TEA", 1, "12.345", "Green tea"),
    )
    assert shown._replace(lines=()) == cart_of()


def test_what_is_frozen_has_no_notes() -> None:
    shown = pricing.todays(cart_of(OLD_MUG, line("TEA", 1, "1")), ITEMS)
    assert pricing.frozen_lines(shown) == (MUG, line("TEA", 1, "12.345", "Green tea"))


@pytest.mark.parametrize("expected", [None, "30.15", "30.1500"])
def test_a_total_that_is_expected(expected: str | None) -> None:
    cart = cart_of(MUG, line("TEA", 1, "12.345", "Green tea"))
    pricing.check_payable(cart, Money(expected, "USD") if expected else None)


@pytest.mark.parametrize("unexpected", [("30.145", "USD"), ("30.14", "USD"), ("30.15", "EUR")])
def test_another_total_than_expected_is_refused(unexpected: tuple[str, str]) -> None:
    cart = cart_of(MUG, line("TEA", 1, "12.345", "Green tea"))
    with pytest.raises(ReviewCart, match=r"comes to 30\.15 USD, not to") as refused:
        pricing.check_payable(cart, Money(*unexpected))
    assert refused.value.facts["amount"] == cart.total


@pytest.mark.parametrize(
    ("cart", "reason"),
    [(cart_of(), "is empty"), (cart_of(MUG, GONE._replace(sold=False)), "no longer sold")],
)
def test_some_carts_cannot_be_paid(cart: Cart, reason: str) -> None:
    with pytest.raises(ReviewCart, match=reason):
        pricing.check_payable(cart, None)


def test_a_cart_of_nothing_but_free_items_can_be_paid() -> None:
    pricing.check_payable(cart_of(line("BOWL", 3, "0", "Bowl")), Money(0, "USD"))


def test_a_cart_of_another_currency_is_refused() -> None:
    pricing.check_currency(cart_of(MUG), "USD")
    with pytest.raises(ReviewCart, match="is in EUR, the shop sells in USD"):
        pricing.check_currency(cart_of(currency="EUR"), "USD")
