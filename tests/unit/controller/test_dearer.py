"""Names and prices that change while items lie in a cart, and what a cart may come to then."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from cartcli import Controller, Money
from cartcli.errors import FixInput
from cartcli.model.changes import Add, Remove, Set
from tests.helpers import ALICE, shop_in, write_catalog

PEN: Final = ("PEN", "Pen", "1.50", "")
INK: Final = ("INK", "Ink", "2.00", "")


@pytest.fixture
def shop(store: Path) -> Controller:
    """Pens and ink are on sale."""
    store.mkdir(0o700)
    write_catalog(store / "catalog.csv", [PEN, INK])
    return shop_in(store)


def test_more_of_a_line_tells_what_has_changed_all_the_same(shop: Controller, store: Path) -> None:
    cart = shop.change_cart(ALICE, None, [Add("PEN", 2)])
    write_catalog(store / "catalog.csv", [("PEN", "Fountain pen", "90.00", ""), INK])
    for change, quantity in ((Add("PEN", 1), 3), (Set("PEN", 7), 7), (Set("PEN", 1), 1)):
        shown = shop.change_cart(ALICE, cart.id, [change])
        assert shown.total == Money(90 * quantity, "USD")
        assert shown.quote.changed() == {"PEN": ("Pen", Money("1.50", "USD"))}
    anew = shop.change_cart(ALICE, cart.id, [Remove("PEN"), Add("PEN")])
    assert (anew.quote.changed(), anew.total) == ({}, Money(90, "USD"))


def test_a_name_in_another_spelling_that_looks_alike_is_no_other(
    shop: Controller, store: Path
) -> None:
    write_catalog(store / "catalog.csv", [("CUP", "Caf\u00e9", "3.00", "")])
    cart = shop.change_cart(ALICE, None, [Add("CUP")])
    write_catalog(store / "catalog.csv", [("CUP", "Cafe\u0301", "3.00", "")])
    assert shop.get_carts(ALICE, [cart.id])[0].quote.changed() == {}
    write_catalog(store / "catalog.csv", [("CUP", "Cafe", "3.00", "")])
    assert shop.get_carts(ALICE, [cart.id])[0].quote.changed()["CUP"] == ("Caf\u00e9", None)


def test_a_cart_that_is_too_dear_by_now_is_not_filled_further(
    shop: Controller, store: Path
) -> None:
    cart = shop.change_cart(ALICE, None, [Add("PEN", 900_000), Add("INK", 2)])
    write_catalog(store / "catalog.csv", [("PEN", "Pen", "101000000", ""), INK])
    assert shop.get_carts(ALICE, [cart.id])[0].total > Money(2**53 // 100, "USD")
    for change in (Add("INK"), Set("INK", 3), Add("PEN"), Set("PEN", 900_001)):
        with pytest.raises(FixInput, match=r"at most 90071992547409\.91 USD can be charged"):
            shop.change_cart(ALICE, cart.id, [change])
    assert shop.change_cart(ALICE, cart.id, [Remove("INK", 1)]).contents["INK"] == 1
    assert shop.change_cart(ALICE, cart.id, [Set("PEN", 1), Add("INK", 4)]).contents == {
        "PEN": 1,
        "INK": 5,
    }
