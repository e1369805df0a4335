"""The verbs of the cart DB, on an open entry that an old copy left of a purchased cart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.errors import RestoreData
from tests.helpers import ALICE, Clock, attempt_for, line, receipt_for

Verb = Callable[[CartDb, Cart], object]
CHANGES: Final[dict[str, Verb]] = {
    "update": lambda carts, cart: carts.update(ALICE, cart.id, lambda _: []),
    "mark": lambda carts, cart: carts.purchase(ALICE, cart.id, attempt_for),
    "another receipt": lambda carts, cart: carts.purchase(
        ALICE, cart.id, lambda found: receipt_for(attempt_for(found))
    ),
}


@pytest.mark.parametrize("verb", CHANGES)
def test_an_open_entry_of_a_purchased_cart_is_never_changed(
    store: Path, clock: Clock, verb: str
) -> None:
    carts = open_cart_db(str(store), 1, clock)
    cart = carts.create(ALICE, [line()], "USD")
    path = store / "carts" / "alice" / "open.pickle"
    old = path.read_bytes()
    attempt = attempt_for(cart)
    carts.purchase(ALICE, cart.id, lambda _: attempt)
    bought = carts.purchase(ALICE, cart.id, lambda _: receipt_for(attempt))
    path.write_bytes(old)
    with pytest.raises(RestoreData) as refused:
        CHANGES[verb](carts, cart)
    assert refused.value.facts["cart"] == cart.id
    assert path.read_bytes() == old
    assert carts.find(ALICE) == [bought]
