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
from cartcli.model.people import Session
from cartcli.model.times import rfc3339

if TYPE_CHECKING:
    from cartcli.model.audit import Disagreement
    from cartcli.model.order import Receipt

ITEM_FIELDS: Final = ("sku", "name", "price", "currency", "description")
_LINE_FIELDS: Final = ("sku", "name", "price", "quantity", "total")
_CART_LINE_FIELDS: Final = (*_LINE_FIELDS, "changed_from", "sold")
CART_ROW_FIELDS: Final = (
    *("cart", "user", "state"),
    *_CART_LINE_FIELDS,
    *("currency", "created", "updated"),
)

Value = Cart | Item | Line | Session | CartError


def as_dict(value: Value | Receipt | Disagreement) -> dict[str, Any]:
    """`value` as plain data, ready for `json.dumps`: what `-o json` prints of it, but of an error,
    whose hint is in neutral words here. FixInput for anything but a cart, a receipt, an item, a
    line, a session, a disagreement of an audit, or an error of this package."""
    from cartcli.model.audit import Disagreement  # these are seldom met
    from cartcli.model.order import Receipt
    from cartcli.wire.errors import error_dict

    match value:
        case Cart():
            return cart_dict(value)
        case Receipt():
            return receipt_dict(value)
        case Item():
            return item_dict(value)
        case Line():
            return _cart_line_dict(value)
        case Session():
            return session_dict(value)
        case Disagreement():
            return disagreement_dict(value)
        case CartError():
            return error_dict(value.code, value.message, value.hint)
    raise FixInput(
        f"a {type(value).__name__} cannot be made plain data",
        "Give a cart, a receipt, an item, a line, a session, a disagreement or an error.",
    )


def cart_dict(cart: Cart) -> dict[str, Any]:
    """A cart with its lines."""
    return {
        "id": cart.id,
        "user": cart.user,
        "state": cart.state,
        "lines": [_cart_line_dict(line) for line in cart.lines],
        "total": cart.total.decimal,
        "currency": cart.currency,
        "created": rfc3339(cart.created),
        "updated": rfc3339(cart.updated),
    }


def cart_rows(cart: Cart) -> Iterator[dict[str, Any]]:
    """A cart as rows of a table, one a line; an empty cart is a row without a line."""
    for line in cart.lines or [None]:
        yield {
            "cart": cart.id,
            "user": cart.user,
            "state": cart.state,
            **(_cart_line_dict(line) if line else dict.fromkeys(_CART_LINE_FIELDS)),
            "currency": cart.currency,
            "created": rfc3339(cart.created),
            "updated": rfc3339(cart.updated),
        }


def receipt_dict(receipt: Receipt) -> dict[str, Any]:
    """A receipt with its lines."""
    return {
        "cart": receipt.cart,
        "payment": receipt.payment,
        "key": receipt.key,
        "amount": receipt.amount.decimal,
        "currency": receipt.amount.currency,
        "brand": receipt.brand,
        "last4": receipt.last4,
        "lines": [_line_dict(line) for line in receipt.lines],
        "purchased": rfc3339(receipt.purchased),
    }


def receipt_rows(receipt: Receipt) -> Iterator[dict[str, Any]]:
    """A receipt as rows of a table, one a line."""
    record = receipt_dict(receipt)
    lines = record.pop("lines")
    return ({**record, **line} for line in lines)


def item_dict(item: Item) -> dict[str, Any]:
    """An item on sale."""
    price = item.price
    values = (item.sku, item.name, price.decimal, price.currency, item.description)
    return dict(zip(ITEM_FIELDS, values, strict=True))


def session_dict(session: Session) -> dict[str, Any]:
    """Who is logged in, and until when; never the token."""
    return {"user": session.identity.user, "expires": rfc3339(session.expires)}


def disagreement_dict(disagreement: Disagreement) -> dict[str, Any]:
    """What an audit found wrong, and with which cart."""
    return disagreement._asdict()


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


def _line_dict(line: Line) -> dict[str, Any]:
    values = (line.sku, line.name, line.price.decimal, line.quantity, line.total.decimal)
    return dict(zip(_LINE_FIELDS, values, strict=True))


def _cart_line_dict(line: Line) -> dict[str, Any]:
    was = line.was.decimal if line.was else None
    return {**_line_dict(line), "changed_from": was, "sold": line.sold}
