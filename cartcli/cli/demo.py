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
Tell = Callable[[str], None]

# The original demonstration ordered its three items in these quantities.
_QUANTITIES: Final = ((0, 10), (3, 7), (0, 4))


@click.command(cls=Command)
@click.option("--user", default="demo", show_default=True, metavar="NAME", help="Whose carts.")
@click.option("--purchase", is_flag=True, help="Buy the new cart in any case.")
@click.option("--seed", type=int, metavar="N", help="Choose the same again for the same N.")
@click.option("--reset", is_flag=True, help="Delete the user's open carts, and do nothing else.")
@pass_app
def demo(app: App, user: str, purchase: bool, seed: int | None, reset: bool) -> None:
    """\b
    Examples:
      cart demo
      cart demo --purchase --seed 7
      cart --store /tmp/shop demo
      cart demo --reset

    Show the good path on the current store: log in, list the items, fill a new cart with items by
    chance, buy the carts that earlier runs left, buy the new one or leave it, and list what is
    bought. The demo user is registered when it is not there yet, with the password `demo demo`, or
    CART_PASSWORD. Nobody's saved login changes, and cards are charged by the embedded processor
    only.
    """
    output = app.output
    tell: Tell = message if output != "table" else lambda text: write_text(f"{text}\n")
    shop = app.shop
    if not reset:
        tell("1. The client contacts the shop.")
        tell(f"2. The identity provider authenticates {masked(user)!r} and gives credentials.")
    session = _session(app, user)
    try:
        if reset:
            _reset(shop, session.identity)
        else:
            _good_path(shop, session.identity, Random(seed), purchase, tell)
            _print_purchased(shop, session.identity, output, tell)
    finally:
        shop.logout(session.token)


def _reset(shop: Shop, identity: Identity) -> None:
    """Delete the open carts."""
    left = [cart for cart in shop.get_carts(identity) if cart.state == "open"]
    for cart in left:
        shop.delete_cart(identity, cart.id)
    message(f"{counted(len(left), 'open cart')} of {identity.name} deleted.")


def _good_path(shop: Shop, identity: Identity, chance: Random, purchase: bool, tell: Tell) -> None:
    items = shop.get_catalog()
    tell(f"3. The catalogue has {len(items):,} items on sale.")
    left = shop.get_carts(identity)
    unpurchased = counted(len(left), "unpurchased cart")
    tell(f"4. The credentials go to the cart DB, which finds {unpurchased}.")
    chosen = chance.sample(items, min(len(items), len(_QUANTITIES)))
    tell("5. The client sees both; three of the items:")
    for item in chosen:
        tell(f"     {item.sku}  {item.name}  {item.price}")
    bought = purchase or chance.random() < 0.5
    cart = _fill(shop, identity, chosen, chance, tell)
    wanted = [each for each in left if each.lines]
    _buy(shop, identity, [*wanted, *([cart] if bought else [])], tell)
    if not bought:
        tell(f"   Cart {cart.short_id} is left for another day.")


def _fill(shop: Shop, identity: Identity, chosen: list[Item], chance: Random, tell: Tell) -> Cart:
    """A new cart, filled with one update an item."""
    cart = shop.update_cart(identity, None, {})
    tell(f"6. The client starts cart {cart.short_id} and updates it.")
    wanted = [
        (item, chance.randint(least, most))
        for item, (least, most) in zip(chosen, _QUANTITIES, strict=False)
    ]
    if not any(quantity for _, quantity in wanted):
        wanted = [(chosen[0], 1)]
    for item, quantity in wanted:
        if quantity:
            cart = shop.update_cart(identity, cart.id, {**cart.contents, item.sku: quantity})
            tell(f"     {quantity} of {item.name}: {cart.total}")
    tell("7. Every update was saved before the client was told.")
    return cart


def _buy(shop: Shop, identity: Identity, carts: list[Cart], tell: Tell) -> None:
    if not carts:
        tell("8. The client checks nothing out.")
        return
    tell(f"8. The client checks out {counted(len(carts), 'cart')} with a test card.")
    for cart in carts:
        tell(f"     {cart.short_id}: {cart.total}")
    tell("9. Each cart is marked, the card charged, and the cart purchased.")
    for cart in carts:
        receipt = shop.checkout_cart(identity, cart.id, _CARD)
        tell(f"     {cart.short_id}: {receipt.amount}, payment {receipt.payment or 'none needed'}")


def _print_purchased(shop: Shop, identity: Identity, output: str, tell: Tell) -> None:
    purchased = shop.get_carts(identity, which="purchased")
    if output == "table":
        tell(f"   Purchased so far: {counted(len(purchased), 'cart')}.")
    print_carts(output, purchased)


def _session(app: App, user: str) -> Session:
    try:
        return app.shop.login(user, app.password or _PASSWORD, register=True)
    except LogIn as error:
        if not app.password:
            with suppress(LogIn):
                return app.shop.login(user, _SHORT_PASSWORD)
        raise LogIn(error.message, "Give the user's password in CART_PASSWORD.") from None
