"""Orders: carts that were bought, in the order in which they were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from heapq import nsmallest
from typing import Final

from cartcli.errors import ChooseExisting, FixInput, ReviewCart
from cartcli.model.cart import Cart

_UNCHANGED: Final = "Nothing was changed."
Place = tuple[datetime, str]


def check_days(since: object, until: object) -> None:
    """FixInput unless both are days, without a time."""
    for name, value in (("since", since), ("until", until)):
        if not isinstance(value, date) or isinstance(value, datetime):
            kind = type(value).__name__
            raise FixInput(f"{name} is given as a date, and this is a {kind}", _UNCHANGED)


def place_of(cart: Cart) -> Place:
    """Where the order stands among others; ReviewCart when the `cart` was not bought."""
    if cart.receipt is None:
        raise ReviewCart(
            f"cart {cart.short_id} is not bought", _UNCHANGED, cart=cart.id, state=cart.state
        )
    return cart.receipt.purchased, cart.id


def orders_among(
    carts: Iterable[Cart], since: date, until: date, after: Place | None, limit: int | None
) -> list[Cart]:
    """Those of the `carts` that were bought from the day `since` to the day `until`, both in UTC
    and included, oldest first; the first `limit` of those after the order at the place `after`."""
    found = (cart for cart in carts if cart.receipt)
    wanted = (
        cart
        for cart in found
        if since <= place_of(cart)[0].date() <= until and (after is None or place_of(cart) > after)
    )
    return sorted(wanted, key=place_of) if limit is None else nsmallest(limit, wanted, place_of)


def order_of(prefix: str, carts: Iterable[Cart]) -> Cart:
    """The one of the `carts` whose id starts with `prefix`; ChooseExisting when there is none,
    FixInput when it is not clear which."""
    found = [cart for cart in carts if cart.id.startswith(prefix)]
    if not found:
        raise ChooseExisting(f"there is no order {prefix!r}", _UNCHANGED, order=prefix)
    if len(found) > 1:
        told = ", ".join(cart.id for cart in found[:5])
        raise FixInput(
            f"{len(found)} orders start with {prefix!r}",
            f"Give more of the id; among them: {told}",
        )
    return found[0]
