"""cart demo: the good path, step by step, on the current store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Final

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_carts, write_text
from cartcli.cli.text import counted
from cartcli.controller import Shop
from cartcli.errors import LogIn
from cartcli.model.cart import Cart
from cartcli.model.lines import Item
from cartcli.model.people import Identity, Session
from cartcli.payment.masked import masked

_CARD: Final = "4242424242424242"
_PASSWORD: Final = "demo demo"
_SHORT_PASSWORD: Final = "demo"  # of the demo users whom version 0.1.0 registered
# The original demonstration ordered its three items in these quantities.
_QUANTITIES: Final = ((0, 10), (3, 7), (0, 4))


@click.command(cls=Command)
@click.option("--user", default="demo", show_default=True, metavar="NAME", help="Whose carts.")
@click.option("--purchase", is_flag=True, help="Buy the new cart in any case.")
@click.option("--seed", type=int, metavar="N", help="Choose the same again for the same N.")
@pass_app
def demo(app: App, user: str, purchase: bool, seed: int | None) -> None:
    """\b
    Examples:
      cart demo
      cart demo --purchase --seed 7
      cart --store /tmp/shop demo

    Show the good path on the current store: log in, list the items, buy the carts that earlier
    runs left, fill a new one with items by chance, buy it or leave it, and list what is bought.
    The demo user is registered when it is not there yet, with the password `demo demo`, or
    CART_PASSWORD. Nobody's saved login changes, and cards are charged by the embedded processor
    only.
    """
    output = app.output
    tell: Callable[[str], None] = (
        message if output != "table" else lambda text: write_text(f"{text}\n")
    )
    chance = Random(seed)

    shop = app.shop
    tell("1. The client contacts the shop.")
    tell(f"2. The identity provider authenticates {masked(user)!r} and gives credentials.")
    session = _session(app, user)
    try:
        _good_path(shop, session.identity, chance, purchase, output, tell)
    finally:
        shop.logout(session.token)


def _good_path(
    shop: Shop,
    identity: Identity,
    chance: Random,
    purchase: bool,
    output: str,
    tell: Callable[[str], None],
) -> None:
    items = shop.get_catalog()
    tell(f"3. The catalogue has {len(items)} items on sale.")
    left = shop.get_carts(identity)
    unpurchased = counted(len(left), "unpurchased cart")
    tell(f"4. The credentials go to the cart DB, which finds {unpurchased}.")
    chosen = chance.sample(items, min(len(items), len(_QUANTITIES)))
    tell("5. The client sees both; three of the items:")
    for item in chosen:
        tell(f"     {item.sku}  {item.name}  {item.price}")
    for cart in left:
        _buy(shop, identity, cart, tell)
    bought = purchase or chance.random() < 0.5
    cart = _fill(shop, identity, chosen, chance, tell)
    if bought:
        _buy(shop, identity, cart, tell)
    else:
        tell(f"8. The client leaves cart {cart.short_id} for another day.")
    purchased = shop.get_carts(identity, which="purchased")
    if output == "table":
        tell(f"   Purchased so far: {counted(len(purchased), 'cart')}.")
    print_carts(output, purchased)


def _fill(
    shop: Shop,
    identity: Identity,
    chosen: list[Item],
    chance: Random,
    tell: Callable[[str], None],
) -> Cart:
    """A new cart, filled with one update an item."""
    cart = shop.update_cart(identity, None, {})
    tell(f"6. The client starts cart {cart.short_id} and updates it.")
    for item, (least, most) in zip(chosen, _QUANTITIES, strict=False):
        quantity = chance.randint(least, most)
        cart = shop.update_cart(identity, cart.id, {**cart.contents, item.sku: quantity})
        tell(f"     {quantity} of {item.name}: {cart.total}")
    if not cart.lines:
        cart = shop.update_cart(identity, cart.id, {chosen[0].sku: 1})
        tell(f"     1 of {chosen[0].name}: {cart.total}")
    tell("7. Every update was saved before the client was told.")
    return cart


def _buy(shop: Shop, identity: Identity, cart: Cart, tell: Callable[[str], None]) -> None:
    if not cart.lines:
        tell(f"   Cart {cart.short_id} is empty; it stays open.")
        return
    tell(f"8. The client checks cart {cart.short_id} out with a test card: {cart.total}.")
    receipt = shop.checkout_cart(identity, cart.id, _CARD)
    tell(
        f"9. The cart is marked, the card charged, and the cart purchased:"
        f" {receipt.amount}, payment {receipt.payment or 'none needed'}."
    )


def _session(app: App, user: str) -> Session:
    try:
        return app.shop.login(user, app.password or _PASSWORD, register=True)
    except LogIn as error:
        if not app.password:
            with suppress(LogIn):
                return app.shop.login(user, _SHORT_PASSWORD)
        raise LogIn(error.message, "Give the user's password in CART_PASSWORD.") from None
