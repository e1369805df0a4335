"""A small shop, and what its customers do while it is copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from cartcli import Cart, Controller, Identity
from cartcli.errors import CheckOutAgain, UseAnotherCard
from tests.helpers import (
    ALICE,
    BOB,
    CARD,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    PASSWORD,
    register,
    shop_in,
    write_catalog,
)

ITEM: Final = "MUG"
Act = Callable[[Controller], None]


def make(store: Path) -> None:
    """Alice has bought a cart, waits for the answer about another, and has an open one of which a
    payment was declined, and one more. Bob has an open one."""
    register("alice", store)
    write_catalog(store / "catalog.csv", [(ITEM, "Mug", "8.90", "")])
    shop = shop_in(store)
    for quantity in (1, 2, 3, 4):
        shop.update_cart(ALICE, None, {ITEM: quantity})
    shop.update_cart(BOB, None, {ITEM: 5})
    shop.update_cart(shop.guest().identity, None, {ITEM: 9})
    shop.checkout_cart(ALICE, of(shop, 1).id, CARD)
    with suppress(CheckOutAgain):
        shop.checkout_cart(ALICE, of(shop, 2).id, LOST_ANSWER_CARD)
    with suppress(UseAnotherCard):
        shop.checkout_cart(ALICE, of(shop, 3).id, DECLINED_CARD)


def of(shop: Controller, quantity: int) -> Cart:
    """Alice's cart with so many of the item."""
    carts = shop.get_carts(ALICE, which="all")
    return next(cart for cart in carts if cart.contents == {ITEM: quantity})


def _buy(shop: Controller) -> None:
    shop.checkout_cart(ALICE, of(shop, 3).id, CARD)


def _buy_and_go_on(shop: Controller) -> None:
    """The entry among the unpurchased carts is gone afterwards."""
    _buy(shop)
    shop.update_cart(ALICE, of(shop, 4).id, {ITEM: 6})


def _lose(shop: Controller) -> None:
    with suppress(CheckOutAgain):
        shop.checkout_cart(ALICE, of(shop, 3).id, LOST_ANSWER_CARD)


def _settle(shop: Controller) -> None:
    shop.checkout_cart(ALICE, of(shop, 2).id, None)


def _start_and_buy(shop: Controller) -> None:
    shop.checkout_cart(ALICE, shop.update_cart(ALICE, None, {ITEM: 7}).id, CARD)


def _somebody_new(shop: Controller) -> None:
    shop.checkout_cart(BOB, shop.get_carts(BOB)[0].id, CARD)


def _decline_and_delete(shop: Controller) -> None:
    cart = of(shop, 4)
    with suppress(UseAnotherCard):
        shop.checkout_cart(ALICE, cart.id, DECLINED_CARD)
    shop.delete_cart(ALICE, cart.id)


def _forget(shop: Controller) -> None:
    shop.merchant.forget(ALICE.name)


def _forget_and_come_again(shop: Controller) -> None:
    """Somebody new registers by the name, and buys."""
    _forget(shop)
    shop.login(ALICE.name, PASSWORD, register=True)
    _start_and_buy(shop)


def _forget_who_has_only_come(shop: Controller) -> None:
    """Whoever it is was not there when the copying began."""
    shop.login("carol", PASSWORD, register=True)
    carol = Identity("carol")
    shop.checkout_cart(carol, shop.update_cart(carol, None, {ITEM: 8}).id, CARD)
    shop.merchant.forget("carol")


def _prune(shop: Controller) -> None:
    shop.merchant.prune(older_than=timedelta())


def _look_after(shop: Controller) -> None:
    """The user's record is replaced."""
    shop.merchant.set_password(ALICE.name, "another password")
    shop.merchant.give_roles(ALICE.name, ["customer", "merchant"])


ACTS: Final[dict[str, Act]] = {
    "buy": _buy,
    "buy and go on": _buy_and_go_on,
    "lose the answer": _lose,
    "settle": _settle,
    "start and buy": _start_and_buy,
    "another customer buys": _somebody_new,
    "decline and delete": _decline_and_delete,
}
OFFICE: Final[dict[str, Act]] = {
    "forget": _forget,
    "forget and come again": _forget_and_come_again,
    "come and be forgotten": _forget_who_has_only_come,
    "prune": _prune,
    "look after": _look_after,
}


def again(shop: Controller, people: Sequence[Identity] = (ALICE, BOB)) -> None:
    """Every command with which they bought a cart, once more, and for every cart that is open."""
    for who in people:
        for cart in shop.get_carts(who, which="all"):
            shop.checkout_cart(who, cart.id, CARD)
