"""The shop's values as plain data. Fields are added, never renamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cartcli.errors import CartError, FixInput
from cartcli.model.cart import Cart
from cartcli.model.lines import Item, Line
from cartcli.model.money import Money
from cartcli.model.quote import Quote
from cartcli.model.times import rfc3339

if TYPE_CHECKING:
    from cartcli.model.audit import Audit, Disagreement, Pending, Settled
    from cartcli.model.order import Purchase, Receipt
    from cartcli.model.people import Session
    from cartcli.model.removed import Forgotten, Pruned
    from cartcli.model.sessions import SessionInfo

ITEM_FIELDS: Final = ("sku", "name", "price", "currency", "description")
_LINE_FIELDS: Final = ("sku", "name", "price", "quantity", "total")
CART_ROW_FIELDS: Final = (
    *("cart", "user", "state"),
    *(*_LINE_FIELDS, "changed_from", "sold"),
    *("currency", "created", "updated", "version", "waiting_for", "url", "name_changed_from"),
    *("payment", "amount", "purchased", "cart_name"),
)
ORDER_FIELDS: Final = (
    *("order", "user", "purchased", "quantity", "amount", "currency"),
    *("payment", "key", "brand", "last4", "reference"),
)

if TYPE_CHECKING:
    Value = Cart | Quote | Item | Line | Session | CartError
    Found = Audit | Disagreement | Pending | Settled | Forgotten | Pruned


def as_dict(value: Value | Receipt | Purchase | Found) -> dict[str, Any]:
    """`value` as plain data, ready for `json.dumps`: what `-o json` prints of it, but of an error,
    whose hint is in neutral words here. FixInput for anything but a cart, a quote, a purchase, a
    receipt, an item, a line, a session, what an audit or settling has found, what was forgotten
    or pruned, or an error of this package; nor for an open cart that no shop has priced.

    >>> as_dict(cart)["total"]
    '17.80'
    """
    from cartcli.model.audit import Audit, Disagreement, Pending, Settled  # seldom met
    from cartcli.model.order import Purchase, Receipt
    from cartcli.model.people import Session
    from cartcli.model.removed import Forgotten, Pruned
    from cartcli.wire.audits import found_dict
    from cartcli.wire.errors import error_dict, status_of

    match value:
        case Cart():
            return cart_dict(value)
        case Quote():
            return _quote_dict(value)
        case Purchase():
            return {**receipt_dict(value.receipt), "how": value.how}
        case Receipt():
            return receipt_dict(value)
        case Item():
            return item_dict(value)
        case Line():
            return _line_dict(value)
        case Session():
            return session_dict(value)
        case Audit() | Disagreement() | Pending() | Settled() | Forgotten() | Pruned():
            return found_dict(value)
        case CartError():
            return error_dict(status_of(value), value.code, value.message, value.hint, value)
    raise _unfit(value)


def cart_dict(cart: Cart) -> dict[str, Any]:
    """A cart at the prices of its quote, and what it waits for."""
    return {
        "id": cart.id,
        "user": cart.owner,
        "state": cart.state,
        **_quote_dict(cart.quote),
        "created": rfc3339(cart.created),
        "updated": rfc3339(cart.updated),
        "version": cart.version,
        **_waiting_dict(cart),
        "receipt": {**_payment_dict(cart.receipt), **_when(cart.receipt)} if cart.receipt else None,
        "name": cart.name or None,
    }


def order_dict(cart: Cart) -> dict[str, Any]:
    """A purchased cart as an order, with its lines as they were charged."""
    row = order_row(cart)
    if cart.receipt:
        row |= {"lines": _quoted_lines(cart.receipt.quote), "entries": _entries(cart.receipt.quote)}
    return row


def order_row(cart: Cart) -> dict[str, Any]:
    """A purchased cart as a row of a table of orders. FixInput for one that is not purchased."""
    receipt = cart.receipt
    if receipt is None:
        raise FixInput(f"cart {cart.short_id} is not bought")
    paid = _payment_dict(receipt)
    row = {
        "order": paid.pop("cart"),
        "user": cart.owner,
        **_when(receipt),
        "quantity": sum(line.quantity for line in receipt.lines),
        "amount": paid.pop("amount"),
        "currency": paid.pop("currency"),
    }
    return {**row, **paid, "reference": receipt.reference}


def cart_rows(cart: Cart) -> Iterator[dict[str, Any]]:
    """A cart as rows of a table, one a line; an empty cart is a row without a line."""
    common = {
        "cart": cart.id,
        "user": cart.owner,
        "state": cart.state,
        "currency": cart.currency,
        "created": rfc3339(cart.created),
        "updated": rfc3339(cart.updated),
        "version": cart.version,
        **_waiting_dict(cart),
        **(_charged_dict(cart.receipt) if cart.receipt else {}),
        "cart_name": cart.name or None,
    }
    for line in _offered_lines(cart.quote) or [{}]:
        row = common | line
        yield {name: row.get(name) for name in CART_ROW_FIELDS}


def receipt_dict(receipt: Receipt) -> dict[str, Any]:
    """A receipt with its lines, and how they add up."""
    return {
        **_payment_dict(receipt),
        "lines": _quoted_lines(receipt.quote),
        "purchased": rfc3339(receipt.purchased),
        "entries": _entries(receipt.quote),
        "reference": receipt.reference,
    }


def receipt_rows(receipt: Receipt) -> Iterator[dict[str, Any]]:
    """A receipt as rows of a table, one a line."""
    for line in _quoted_lines(receipt.quote):
        was = {name: line.pop(name) for name in ("changed_from", "name_changed_from")}
        yield {
            **_payment_dict(receipt),
            "purchased": rfc3339(receipt.purchased),
            **line,
            "reference": receipt.reference,
            **was,
        }


def item_dict(item: Item) -> dict[str, Any]:
    """An item on sale."""
    price = item.price
    values = (item.sku, item.name, price.decimal, price.currency, item.description)
    return dict(zip(ITEM_FIELDS, values, strict=True))


def session_dict(session: Session) -> dict[str, Any]:
    """Who is logged in, and until when; never the token."""
    identity = session.identity
    return {
        "user": identity.owner,
        "expires": rfc3339(session.expires),
        "name": identity.name,
        "roles": sorted(identity.roles),
    }


def session_info_dict(session: SessionInfo, token: str) -> dict[str, Any]:
    """A session of the list of them; `current` tells whether it is the one of the `token`."""
    return {
        "id": session.id,
        "created": rfc3339(session.created),
        "expires": rfc3339(session.expires),
        "current": token.startswith(session.id),
    }


def report_dict(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of a report: amounts in the currency that stands in the row, and times."""
    return {
        name: Money(value, row["currency"]).decimal
        if isinstance(value, Decimal)
        else rfc3339(value)
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
    }


def _unfit(value: object) -> FixInput:
    return FixInput(
        f"a {type(value).__name__} cannot be made plain data",
        "Give a cart, a quote, a purchase, a receipt, an item, a line, a session, what an audit has"
        " found, or an error.",
    )


def _quote_dict(quote: Quote) -> dict[str, Any]:
    return {
        "lines": _offered_lines(quote),
        "total": quote.total.decimal,
        "currency": quote.total.currency,
        "entries": _entries(quote),
    }


def _quoted_lines(quote: Quote) -> list[dict[str, Any]]:
    """The lines of a quote, each with the price and the name at which it was put in if they have
    changed."""
    changed = quote.changed()
    lines = []
    for line in quote.lines:
        name, price = changed.get(line.sku) or (None, None)
        was = {"changed_from": price.decimal if price else None, "name_changed_from": name}
        lines.append({**_line_dict(line), **was})
    return lines


def _offered_lines(quote: Quote) -> list[dict[str, Any]]:
    """The same of a cart, where lines may be no longer sold."""
    unsold = frozenset(quote.unsold)
    return [{**line, "sold": line["sku"] not in unsold} for line in _quoted_lines(quote)]


def _entries(quote: Quote) -> list[dict[str, Any]]:
    return [
        {"kind": entry.kind, "label": entry.label, "amount": entry.amount.decimal}
        for entry in quote.entries
    ]


def _waiting_dict(cart: Cart) -> dict[str, Any]:
    """Whose turn it is before a pending cart is paid, and where they act."""
    waiting = cart.attempt.waiting if cart.attempt and cart.state == "pending" else None
    return {
        "waiting_for": waiting.why if waiting else None,
        "url": (waiting.url or None) if waiting else None,
    }


def _when(receipt: Receipt) -> dict[str, Any]:
    return {"purchased": rfc3339(receipt.purchased)}


def _charged_dict(receipt: Receipt) -> dict[str, Any]:
    """What a row of a purchased cart tells of its payment."""
    return {
        "payment": receipt.payment,
        "amount": receipt.amount.decimal,
        **_when(receipt),
    }


def _payment_dict(receipt: Receipt) -> dict[str, Any]:
    return {
        "cart": receipt.cart,
        "payment": receipt.payment,
        "key": receipt.key,
        "amount": receipt.amount.decimal,
        "currency": receipt.amount.currency,
        "brand": receipt.brand,
        "last4": receipt.last4,
    }


def _line_dict(line: Line) -> dict[str, Any]:
    values = (line.sku, line.name, line.price.decimal, line.quantity, line.total.decimal)
    return dict(zip(_LINE_FIELDS, values, strict=True))
