"""What every customer has bought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cartcli.cart_db import CartReader, Watched, cart_prefix
from cartcli.errors import RestoreData
from cartcli.model.cart import Cart
from cartcli.rules.choices import check_limit, texts
from cartcli.rules.orders import check_days, order_of, orders_among, place_of


def orders(
    reader: CartReader,
    order_ids: Sequence[str],
    since: date,
    until: date,
    after: str,
    limit: int | None,
    progress: Watched,
) -> list[Cart]:
    """As `Merchant.orders`."""
    check_days(since, until)
    check_limit(limit)
    named = [cart_prefix(prefix) for prefix in texts("order_ids", order_ids)]
    if named or after:
        start = cart_prefix(after) if after else ""
        known = [
            cart
            for cart in _bought(reader, progress)
            if any(cart.id.startswith(prefix) for prefix in (*named, start) if prefix)
        ]
        if named:
            return [order_of(prefix, known) for prefix in named]
        place = place_of(order_of(start, known))
        return orders_among(_bought(reader, progress), since, until, place, limit)
    return orders_among(_bought(reader, progress), since, until, None, limit)


def _bought(reader: CartReader, progress: Watched) -> Iterator[Cart]:
    for cart in reader.everything("purchased", progress=progress):
        if isinstance(cart, RestoreData):
            raise cart
        yield cart
