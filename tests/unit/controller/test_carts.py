"""How a cart is found: by the start of its id, looked up once; by its whole id without."""

from __future__ import annotations

import pytest

from cartcli import Controller
from cartcli.errors import ChooseExisting, FixInput
from tests.helpers import ALICE, BOB, CARD, PLATES

NOBODYS = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"


@pytest.mark.parametrize("length", [4, 8, 35, 36])
def test_a_cart_is_bought_by_the_start_of_its_id_or_all_of_it(
    shop: Controller, length: int
) -> None:
    cart = shop.update_cart(ALICE, None, {PLATES: 1})
    receipt = shop.checkout_cart(ALICE, f" {cart.id[:length].upper()} ", CARD)
    assert receipt.cart == cart.id
    assert shop.checkout_cart(ALICE, cart.id, None) == receipt


@pytest.mark.parametrize("length", [8, 36])
def test_nobody_buys_what_is_not_there_or_somebody_elses(shop: Controller, length: int) -> None:
    theirs = shop.update_cart(BOB, None, {PLATES: 1})
    for cart_id in (NOBODYS, theirs.id):
        with pytest.raises(ChooseExisting, match=f"there is no cart '{cart_id[:length]}'"):
            shop.checkout_cart(ALICE, cart_id[:length], CARD)
        with pytest.raises(ChooseExisting):
            shop.update_cart(ALICE, cart_id[:length], {})
    assert shop.get_carts(BOB) == [theirs]
    assert shop.audit() == (1, 0, [])


def test_a_start_must_be_long_enough_and_one_carts(shop: Controller) -> None:
    carts = [shop.update_cart(ALICE, None, {}) for _ in range(3)]
    for start in ("", "  ", carts[0].id[:3]):
        with pytest.raises(FixInput, match="is too short for a cart"):
            shop.checkout_cart(ALICE, start, CARD)
