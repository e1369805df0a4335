"""Finding out how the payments have ended that nobody has asked about since: the merchant's, for
every customer, without a card.

A cart that waits is settled; and one that is open though it was charged, an old copy, is made
purchased. What customers may still finish is left to them, until the time for it is over. One cart
that cannot be settled keeps no other from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from cartcli.cart_db import CartReader, cart_prefix
from cartcli.errors import (
    CartError,
    ChooseExisting,
    FinishPayment,
    FixInput,
    RestoreData,
    RetryLater,
)
from cartcli.model.audit import Settled
from cartcli.model.cart import Cart
from cartcli.model.money import Money
from cartcli.model.times import ago
from cartcli.payment import Processors

# Settles the cart of this owner and id, and gives it as it is then. With True customers who may
# still act are let.
Settle = Callable[[str, str, bool], Cart]


def settle(
    reader: CartReader,
    processors: Processors,
    settle_one: Settle | None,
    now: datetime,
    cart_ids: Sequence[str] | None,
    older_than: timedelta,
) -> Iterator[Settled]:
    """How the carts stand that start with these `cart_ids`, or with None all that wait, after each
    was settled; but for those that wait for less than `older_than`. Without `settle_one`, which
    they are."""
    found = [*reader.everything("unpurchased" if cart_ids is None else "all")]
    named = None if cart_ids is None else [_named(found, one) for one in dict.fromkeys(cart_ids)]
    before = ago(now, older_than)
    for cart in found if named is None else dict.fromkeys(named):
        if isinstance(cart, RestoreData):
            yield Settled("", "", "unknown", None, cart.message)
        elif waits := _waits(cart, processors, before):
            yield waits if isinstance(waits, Settled) else settled(cart, settle_one, now)
        elif waits is None and named is not None:
            yield _as_it_is(cart, None)


def _named(found: list[Cart | RestoreData], prefix: str) -> Cart:
    """The one cart whose id starts with `prefix`."""
    start = cart_prefix(prefix)
    carts = [cart for cart in found if isinstance(cart, Cart) and cart.id.startswith(start)]
    unread = next((one for one in found if isinstance(one, RestoreData)), None)
    if not carts and unread:
        raise RestoreData(
            f"no cart that can be read is {prefix!r}, and {unread.message}",
            "Nothing was changed.",
            cart=prefix,
        )
    if not carts:
        raise ChooseExisting(f"there is no cart {prefix!r}", "Nothing was changed.", cart=prefix)
    if len(carts) > 1:
        raise FixInput(
            f"{len(carts)} carts start with {prefix!r}", "Nothing was changed. Give more of the id."
        )
    return carts[0]


def _waits(cart: Cart, processors: Processors, before: datetime) -> Settled | bool | None:
    """Whether the `cart`, which waits to be settled, does so since `before` some time; None when it
    does not wait, or why nobody can tell."""
    if cart.attempt and cart.state == "pending":
        return cart.attempt.created <= before
    if cart.state == "purchased":
        return None
    try:
        capture = processors.captured(cart.id)
    except (CartError, OSError) as error:
        return Settled(cart.id, cart.owner, "unknown", None, str(error))
    return capture.payment.created <= before if capture else None


def settled(cart: Cart, settle_one: Settle | None, now: datetime) -> Settled:
    """How the `cart` stands after it was settled; as it waits, without `settle_one`."""
    attempt = cart.attempt
    waiting = attempt.waiting if attempt else None
    over = waiting is not None and waiting.until is not None and waiting.until <= now
    amount = attempt.amount if attempt else None
    if settle_one is None:
        return Settled(cart.id, cart.owner, "pending", amount)
    try:
        after = settle_one(cart.owner, cart.id, not over)
    except FinishPayment as error:
        return Settled(cart.id, cart.owner, "waiting", amount, str(error.facts["waiting_for"]))
    except RetryLater as error:
        return Settled(cart.id, cart.owner, "busy", amount, error.message)
    except (CartError, OSError) as error:
        return Settled(cart.id, cart.owner, "unknown", amount, str(error))
    return _as_it_is(after, amount)


def _as_it_is(cart: Cart, amount: Money | None) -> Settled:
    if cart.receipt:
        return Settled(cart.id, cart.owner, "purchased", cart.receipt.amount)
    return Settled(cart.id, cart.owner, "open", amount)
