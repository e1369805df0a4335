"""What each verb makes of a cart, or why it makes nothing: pure. A cart DB brings the cart as it is
now, and keeps what comes back; the same cart back means that there is nothing to keep."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from cartcli.errors import CheckOutAgain, FixInput, RestoreData, ReviewCart, VersionConflict
from cartcli.model.cart import Cart
from cartcli.model.currencies import currency_code
from cartcli.model.ids import is_key

if TYPE_CHECKING:
    from cartcli.model.changes import Changes
    from cartcli.model.lines import Line
    from cartcli.model.order import Attempt, Receipt

_UNCHANGED = "Nothing was changed."


def new(
    cart_id: str, owner: str, currency: str, changes: Changes, now: datetime, request_id: str = ""
) -> Cart:
    """A new open cart, which the `changes` fill."""
    cart = Cart(cart_id, owner, "open", (), currency_code(currency), now, now)
    return _noted(cart._replace(lines=_filled(cart, changes)), changes, request_id)


def changed(
    cart: Cart,
    changes: Changes,
    now: datetime,
    *,
    if_version: int | None = None,
    request_id: str = "",
) -> Cart:
    """The open `cart` after the `changes`; as it is when the request was made before."""
    if request_id:
        from cartcli.cart_db.requests import was_made  # few have an id

        if was_made(cart, request_id, changes):
            return cart
    check_open(cart)
    if if_version is not None:
        _check_version(cart, if_version)
    return _noted(_next(cart, now, lines=_filled(cart, changes)), changes, request_id)


def marked(cart: Cart, attempt: Attempt, now: datetime, *, if_version: int) -> Cart:
    """The open `cart`, pending with the `attempt`. What is charged is what is in it, as it was put
    in: an earlier capture, of which an old copy does not know, brings its own lines."""
    check_open(cart)
    _check_version(cart, if_version)
    _check_attempt(cart, attempt)
    return _next(cart, now, state="pending", lines=attempt.quote.put_in, attempt=attempt)


def bound(cart: Cart, attempt: Attempt, now: datetime) -> Cart:
    """The pending `cart` with the reference of its `attempt`, and what that waits for."""
    present = cart.attempt
    if present is None or cart.state != "pending":
        raise _not_pending(cart)
    same = attempt == present._replace(reference=attempt.reference, waiting=attempt.waiting)
    if not same or present.reference not in ("", attempt.reference):
        raise _not_pending(cart)
    return cart if attempt == present else _next(cart, now, attempt=attempt)


def purchased(cart: Cart, receipt: Receipt) -> Cart:
    """The pending `cart`, purchased with the `receipt` of its attempt."""
    if cart.receipt == receipt:
        return cart
    attempt = cart.attempt
    if attempt is None or cart.state != "pending" or not _is_for(receipt, attempt):
        raise RestoreData(
            f"cart {cart.short_id} was charged {receipt.amount} under the key {receipt.key}, but"
            f" is {cart.state} and does not wait for this payment",
            "The cart was left as it is. Compare the two records before anything else is done.",
            cart=cart.id,
        )
    return _next(cart, receipt.purchased, state="purchased", receipt=receipt)


def opened(cart: Cart, attempt: Attempt, now: datetime) -> Cart:
    """The `cart` that was pending with the `attempt`, open again."""
    if cart.state == "purchased":
        raise _is_purchased(cart)
    if cart.state == "open":
        return cart
    if cart.attempt != attempt:
        raise _not_pending(cart)
    return _next(cart, now, state="open", attempt=None)


def check_open(cart: Cart) -> None:
    """ReviewCart when `cart` is purchased, CheckOutAgain when it is pending."""
    if cart.state == "purchased":
        raise _is_purchased(cart)
    if cart.state == "pending":
        raise CheckOutAgain(
            f"cart {cart.short_id} waits for the outcome of a payment", _UNCHANGED, cart=cart.id
        )


def _filled(cart: Cart, changes: Changes) -> tuple[Line, ...]:
    from cartcli.cart_db.changes import applied  # a checkout needs none of it

    return applied(cart, changes)


def _noted(cart: Cart, changes: Changes, request_id: str) -> Cart:
    """The `cart`, with a note of the request by which these `changes` were made."""
    if not request_id:
        return cart
    from cartcli.cart_db.requests import noted

    return cart._replace(requests=noted(cart, request_id, changes))


def _next(cart: Cart, now: datetime, **new: Any) -> Cart:
    """The `cart` at its next version, with these fields."""
    return cart._replace(version=cart.version + 1, updated=now, **new)


def _check_version(cart: Cart, version: int) -> None:
    if cart.version != version:
        raise VersionConflict(
            f"cart {cart.short_id} is at version {cart.version}, not at {version}",
            f"{_UNCHANGED} Look at the cart again.",
            cart=cart.id,
            version=cart.version,
        )


def _check_attempt(cart: Cart, attempt: Attempt) -> None:
    """FixInput for an attempt that is not of this cart, or would not be charged what it says."""
    quote, amount = attempt.quote, attempt.amount
    whole = attempt.cart == cart.id and amount.currency == cart.currency and is_key(attempt.key)
    if not whole or quote.unsold or not quote.comes_to(amount):
        raise FixInput(
            f"the attempt to pay {amount} does not fit cart {cart.short_id}",
            _UNCHANGED,
            cart=cart.id,
            amount=amount,
        )


def _is_for(receipt: Receipt, attempt: Attempt) -> bool:
    """Whether the attempt is the one that was paid. Without a reference, none can have been."""
    return attempt.reference != "" and (
        (receipt.cart, receipt.key, receipt.reference, receipt.amount, receipt.quote)
        == (attempt.cart, attempt.key, attempt.reference, attempt.amount, attempt.quote)
    )


def _is_purchased(cart: Cart) -> ReviewCart:
    return ReviewCart(
        f"cart {cart.short_id} is purchased and can no longer be changed",
        f"{_UNCHANGED} Put further items into a new cart.",
        cart=cart.id,
    )


def _not_pending(cart: Cart) -> VersionConflict:
    return VersionConflict(
        f"cart {cart.short_id} does not wait for this attempt to pay it",
        f"{_UNCHANGED} Look at the cart again.",
        cart=cart.id,
        version=cart.version,
    )
