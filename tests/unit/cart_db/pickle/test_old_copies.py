"""The verbs of the cart DB, on an open entry that an old copy left of a purchased cart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.errors import CartError
from tests.helpers import ALICE, Clock, add, attempt_for, receipt_for

OWNER: Final = ALICE.owner
KEY: Final = "a" * 32  # of another attempt
Verb = Callable[[CartDb, Cart], object]
VERBS: Final[dict[str, Verb]] = {
    "create": lambda carts, _: carts.create(OWNER, [add()], currency="USD", request_id="r1"),
    "update": lambda carts, cart: carts.update(OWNER, cart.id, [add()]),
    "update again": lambda carts, cart: carts.update(OWNER, cart.id, [add()], request_id="r2"),
    "mark": lambda carts, cart: carts.mark(
        OWNER, cart.id, attempt_for(cart, key=KEY), if_version=cart.version
    ),
    "bind": lambda carts, cart: carts.bind(OWNER, cart.id, attempt_for(cart, key=KEY)),
    "another receipt": lambda carts, cart: carts.purchase(
        OWNER, cart.id, receipt_for(attempt_for(cart, key=KEY))
    ),
    "unpurchase": lambda carts, cart: carts.unpurchase(OWNER, cart.id, attempt_for(cart, key=KEY)),
    "delete": lambda carts, cart: carts.delete(OWNER, cart.id),
}


def _outcome(verb: str, carts: CartDb, cart: Cart) -> object:
    """What the verb returns, or with which error it ends."""
    try:
        return VERBS[verb](carts, cart)
    except CartError as error:
        return type(error), error.message


@pytest.mark.parametrize("verb", VERBS)
def test_an_open_entry_of_a_purchased_cart_counts_for_nothing(
    store: Path, clock: Clock, verb: str
) -> None:
    """Every verb does what it does without the entry, which goes with the next change."""
    carts = open_cart_db(str(store), 1, clock)
    cart = carts.create(OWNER, [add()], currency="USD", request_id="r1")
    cart = carts.update(OWNER, cart.id, [add()], request_id="r2")
    path = store / "carts" / "alice" / "open.pickle"
    old = path.read_bytes()
    attempt = attempt_for(cart)
    carts.mark(OWNER, cart.id, attempt, if_version=cart.version)
    bought = carts.purchase(OWNER, cart.id, receipt_for(attempt))
    expected = _outcome(verb, carts, bought)
    path.write_bytes(old)
    assert _outcome(verb, carts, bought) == expected
    assert carts.find(OWNER) == [bought]
    assert carts.find(OWNER, which="unpurchased") == []
    clock.move(seconds=1)
    new = carts.create(OWNER, [add()], currency="USD")
    assert cart.id.encode() not in path.read_bytes()
    assert carts.find(OWNER) == [bought, new]
