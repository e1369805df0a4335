"""The verbs of the cart DB, on an open entry that an old copy left of a purchased cart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.errors import RestoreData
from tests.helpers import ALICE, Clock, add, attempt_for, receipt_for

OWNER: Final = ALICE.owner
Verb = Callable[[CartDb, Cart], object]
VERBS: Final[dict[str, Verb]] = {
    "create": lambda carts, _: carts.create(OWNER, [add()], currency="USD", request_id="r1"),
    "update": lambda carts, cart: carts.update(OWNER, cart.id, [add()]),
    "update again": lambda carts, cart: carts.update(OWNER, cart.id, [add()], request_id="r2"),
    "mark": lambda carts, cart: carts.mark(
        OWNER, cart.id, attempt_for(cart), if_version=cart.version
    ),
    "bind": lambda carts, cart: carts.bind(OWNER, cart.id, attempt_for(cart)),
    "another receipt": lambda carts, cart: carts.purchase(
        OWNER, cart.id, receipt_for(attempt_for(cart))
    ),
    "unpurchase": lambda carts, cart: carts.unpurchase(OWNER, cart.id, attempt_for(cart)),
    "delete": lambda carts, cart: carts.delete(OWNER, cart.id),
}


@pytest.mark.parametrize("verb", VERBS)
def test_an_open_entry_of_a_purchased_cart_is_never_changed(
    store: Path, clock: Clock, verb: str
) -> None:
    carts = open_cart_db(str(store), 1, clock)
    cart = carts.create(OWNER, [add()], currency="USD", request_id="r1")
    cart = carts.update(OWNER, cart.id, [add()], request_id="r2")
    path = store / "carts" / "alice" / "open.pickle"
    old = path.read_bytes()
    attempt = attempt_for(cart)
    carts.mark(OWNER, cart.id, attempt, if_version=cart.version)
    bought = carts.purchase(OWNER, cart.id, receipt_for(attempt))
    path.write_bytes(old)
    with pytest.raises(RestoreData) as refused:
        VERBS[verb](carts, cart)
    assert refused.value.facts["cart"] == cart.id
    assert path.read_bytes() == old
    assert carts.find(OWNER) == [bought]
