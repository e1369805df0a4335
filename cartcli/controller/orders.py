"""What a customer has bought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cartcli.cart_db import CartDb
from cartcli.controller.carts import Carts
from cartcli.model.cart import Cart
from cartcli.rules.choices import check_limit, texts
from cartcli.rules.orders import check_days, orders_among, place_of


def orders(
    cart_db: CartDb,
    carts: Carts,
    owner: str,
    order_ids: Sequence[str],
    since: date,
    until: date,
    after: str,
    limit: int | None,
) -> list[Cart]:
    """As `Shop.orders`, of this owner, in whose `cart_db` the `carts` are."""
    check_days(since, until)
    check_limit(limit)
    if named := texts("order_ids", order_ids):
        found = [carts.find(owner, prefix, "purchased") for prefix in named]
        return [cart for cart in dict.fromkeys(found) if place_of(cart)]
    start = place_of(carts.find(owner, after, "purchased")) if after else None
    return orders_among(cart_db.find(owner, which="purchased"), since, until, start, limit)
