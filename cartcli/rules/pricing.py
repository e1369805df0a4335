"""Which lines a cart gets, at which prices, and whether it can be paid.

`items` are always those of the catalogue that the cart or its new contents name, by SKU: what is
not among them is not on sale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cartcli.errors import ChooseExisting, FixInput, ReviewCart
from cartcli.model.cart import Cart
from cartcli.model.lines import Item, Line, check_quantity
from cartcli.model.money import Money

Items = Mapping[str, Item]
Contents = Mapping[str, int]  # quantity by SKU
_CHARGED_NOTHING = "This call charged nothing."


def wanted(contents: Contents) -> Contents:
    """`contents` without zero quantities; FixInput for one that is no quantity."""
    return {sku: _checked(sku, quantity) for sku, quantity in contents.items() if quantity != 0}


def changed_lines(lines: Sequence[Line], contents: Contents, items: Items) -> tuple[Line, ...]:
    """The lines that the `wanted` contents make of `lines`. A line whose quantity stays is kept
    as it is; of something no longer sold there can only be less. ChooseExisting for a SKU that is
    not on sale."""
    present = {line.sku: line for line in lines}
    return tuple(
        _line(sku, quantity, present.get(sku), items.get(sku)) for sku, quantity in contents.items()
    )


def todays(cart: Cart, items: Items) -> Cart:
    """An open `cart` at today's names and prices, with what has changed noted in its lines."""
    return cart._replace(lines=tuple(_todays(line, items.get(line.sku)) for line in cart.lines))


def check_currency(cart: Cart, currency: str) -> None:
    """ReviewCart when `cart` is in another currency than the shop's."""
    if cart.currency != currency:
        raise ReviewCart(
            f"cart {cart.short_id} is in {cart.currency}, the shop sells in {currency}",
            "Nothing was changed.",
            cart=cart.id,
            currency=cart.currency,
        )


def check_payable(cart: Cart, expected: Money | None) -> None:
    """ReviewCart when `cart`, at today's prices, is empty, holds something no longer sold, or
    comes to another amount than was `expected`."""
    if not cart.lines:
        raise ReviewCart(f"cart {cart.short_id} is empty", _CHARGED_NOTHING, cart=cart.id)
    for line in cart.lines:
        if not line.sold:
            raise ReviewCart(
                f"{line.name} ({line.sku}) is no longer sold",
                _CHARGED_NOTHING,
                cart=cart.id,
                sku=line.sku,
            )
    if expected is not None and expected != cart.total:
        raise ReviewCart(
            f"cart {cart.short_id} comes to {cart.total}, not to {expected}",
            _CHARGED_NOTHING,
            cart=cart.id,
            amount=cart.total,
            expected=expected,
        )


def frozen_lines(cart: Cart) -> tuple[Line, ...]:
    """The lines of `cart`, at today's prices, as an attempt keeps them."""
    return tuple(line._replace(was=None) if line.was else line for line in cart.lines)


def not_on_sale(sku: str) -> ChooseExisting:
    """The error for a SKU that the catalogue has not."""
    return ChooseExisting(f"no item has the SKU {sku!r}", "Nothing was changed.", sku=sku)


def _line(sku: str, quantity: int, present: Line | None, item: Item | None) -> Line:
    if present and (present.quantity == quantity or (not item and present.quantity > quantity)):
        return present._replace(quantity=quantity)
    if item is None:
        raise not_on_sale(sku)
    return Line.of(item, quantity)


def _todays(line: Line, item: Item | None) -> Line:
    if item is None:
        return line._replace(sold=False)
    if (line.name, line.price) == (item.name, item.price):
        return line
    was = line.price if line.price != item.price else None
    return Line.of(item, line.quantity)._replace(was=was)


def _checked(sku: str, quantity: int) -> int:
    try:
        return check_quantity(quantity)
    except ValueError as error:
        raise FixInput(f"{sku}: {error}", "Nothing was changed.", sku=sku) from None
