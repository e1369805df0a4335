"""The merchant's door: what is no choice is refused, and the old names lead through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from cartcli import Controller
from cartcli.errors import AskMerchant, ChooseExisting, FixInput, LogIn
from tests.helpers import ALICE, CARD, PASSWORD, PLATES

Call = Callable[[Any], object]
WRONG: Final[dict[str, Call]] = {
    "kind": lambda merchant: merchant.report("sale"),
    "by": lambda merchant: merchant.report("sales", "year"),
    "which": lambda merchant: merchant.carts_frame("open"),
    "column": lambda merchant: merchant.carts_frame(columns=["colour"]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_choice_is_refused(shop: Controller, what: str) -> None:
    with pytest.raises(FixInput, match=what):
        WRONG[what](shop.merchant)


def test_a_customers_carts_have_no_such_state(shop: Controller) -> None:
    which: Any = "open"
    with pytest.raises(FixInput, match="which is 'open', and none of 'unpurchased'"):
        shop.get_carts(ALICE, which=which)


def test_the_old_names_lead_through_the_door(shop: Controller) -> None:
    cart = shop.update_cart(ALICE, None, {PLATES: 2})
    shop.checkout_cart(ALICE, cart.id, CARD)
    assert shop.audit() == shop.merchant.audit()
    assert shop.audit().carts == 1
    assert shop.carts_frame("purchased").equals(shop.merchant.carts_frame("purchased"))
    assert [*shop.carts_frame("purchased").index] == [cart.id]
    assert shop.catalog_frame().equals(shop.merchant.catalog_frame())
    assert PLATES in shop.catalog_frame().index


def test_reports_are_asked_for_at_the_door(shop: Controller) -> None:
    cart = shop.update_cart(ALICE, None, {PLATES: 2})
    assert [*shop.merchant.report("open")["cart"]] == [cart.id]
    shop.checkout_cart(ALICE, cart.id, CARD)
    assert len(shop.merchant.report("open")) == 0
    for kind in ("sales", "items", "customers"):
        assert len(shop.merchant.report(kind)) == 1


def test_the_merchant_knows_who_is_registered(shop: Controller, quick_passwords: None) -> None:
    shop.login("alice", PASSWORD, register=True)
    assert [shop.merchant.knows(name) for name in ("Alice", "bob")] == [True, False]
    with pytest.raises(FixInput, match="user name is empty"):
        shop.merchant.knows(" ")


def test_new_roles_hold_from_the_next_login_on(shop: Controller, quick_passwords: None) -> None:
    """And whoever is logged in with the old ones is out."""
    before = shop.login("alice", PASSWORD, register=True)
    with pytest.raises(AskMerchant, match="alice is not a merchant"):
        shop.merchant_for(before.identity)
    given = shop.merchant.give_roles("ALICE", ["customer", "merchant"])
    assert given == ALICE
    assert given.roles == {"customer", "merchant"}
    with pytest.raises(LogIn):
        shop.identify(before.token)
    after = shop.login("alice", PASSWORD)
    assert shop.identify(after.token).identity.roles == {"customer", "merchant"}
    assert shop.merchant_for(after.identity).audit().carts == 0


def test_roles_are_given_to_users_there_are(shop: Controller, quick_passwords: None) -> None:
    shop.login("alice", PASSWORD, register=True)
    with pytest.raises(ChooseExisting):
        shop.merchant.give_roles("bob", ["merchant"])
    role: Any = "owner"
    with pytest.raises(FixInput):
        shop.merchant.give_roles("alice", [role])
    with pytest.raises(FixInput, match="no user name begins with guest:"):
        shop.merchant.give_roles("guest:1", ["merchant"])
