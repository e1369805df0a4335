"""Carts in the order in which they are listed, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cartcli.errors import FixInput
from cartcli.model.cart import Cart, parse_cursor, place_of


def page(carts: Iterable[Cart], after: str, limit: int | None) -> list[Cart]:
    """The first `limit` of those `carts`, oldest first, that come after the cart with the cursor
    `after`. FixInput for a cursor that is none."""
    if after:
        start = _place(after)
        carts = (cart for cart in carts if place_of(cart) > start)
    if limit is None:
        return sorted(carts, key=place_of)
    from heapq import nsmallest  # holds no more than are asked for

    return nsmallest(limit, carts, place_of)


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        return parse_cursor(cursor)
    except ValueError as error:
        raise FixInput(str(error), "Nothing was changed.") from None
