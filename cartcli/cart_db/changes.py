"""What changes make of a cart's lines: pure, so that they can be made again after a rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartcli.cart_db.room import check_room
from cartcli.errors import ChooseExisting, FixInput, ReviewCart, not_on_sale
from cartcli.model.changes import Add, Remove, Replace, Set
from cartcli.model.lines import Line, check_quantity, same_sku

if TYPE_CHECKING:
    from cartcli.model.cart import Cart
    from cartcli.model.changes import Changes
    from cartcli.model.lines import Item

_UNCHANGED = "Nothing was changed."
_Lines = dict[str, Line]  # by SKU, in the order of the cart


def applied(cart: Cart, changes: Changes) -> tuple[Line, ...]:
    """The lines of `cart` after the `changes`, one after the other. Those that are there already
    keep their places, and new ones follow them.

    Raises what `CartDb.update` does for changes that cannot be made.
    """
    lines = _lines_of(cart)
    for change in changes:
        match change:
            case Add():
                lines[change.sku] = _more(cart, lines, change)
            case Remove():
                _put(lines, change.sku, _less(cart, lines, change))
            case Set():
                _put(lines, change.sku, _set(cart, lines, change))
            case Replace():
                lines = _replaced(cart, lines, change)
    after = tuple(lines.values())
    check_room(cart, after)
    return after


def _lines_of(cart: Cart) -> _Lines:
    """The lines of `cart` by SKU. Version 0.1.0 took two spellings of one for two: of those, each
    but one stays by its own."""
    lines = {line.sku: line for line in cart.lines}
    if all(map(str.isascii, lines)):
        return lines
    spelt, lines = lines, {}
    for sku, line in spelt.items():
        same = same_sku(sku)
        lines[sku if same in lines or (same != sku and same in spelt) else same] = line
    return lines


def _put(lines: _Lines, sku: str, line: Line | None) -> None:
    if line is None:
        lines.pop(sku, None)
    else:
        lines[sku] = line


def _more(cart: Cart, lines: _Lines, more: Add) -> Line:
    sku, quantity, item = more
    present = lines[sku].quantity if sku in lines else 0
    return _raised(cart, lines, sku, present + _checked(sku, quantity), item)


def _less(cart: Cart, lines: _Lines, remove: Remove) -> Line | None:
    """What is left, at the price at which it was put in."""
    sku, quantity = remove
    line = lines.get(sku)
    if line is None:
        raise ChooseExisting(
            f"there is no {sku!r} in cart {cart.short_id}", _UNCHANGED, cart=cart.id, sku=sku
        )
    if quantity is None or _checked(sku, quantity) == line.quantity:
        return None
    if quantity > line.quantity:
        raise ReviewCart(
            f"cart {cart.short_id} holds {line.quantity} of {sku}, not {quantity}",
            _UNCHANGED,
            cart=cart.id,
            sku=sku,
            quantity=line.quantity,
        )
    return line._replace(quantity=line.quantity - quantity)


def _set(cart: Cart, lines: _Lines, wanted: Set) -> Line | None:
    sku, quantity, item = wanted
    if quantity == 0:
        return None
    present, quantity = lines.get(sku), _checked(sku, quantity)
    if present and present.quantity >= quantity:
        return present._replace(quantity=quantity)
    return _raised(cart, lines, sku, quantity, item)


def _replaced(cart: Cart, lines: _Lines, replace: Replace) -> _Lines:
    new: _Lines = {}
    for wanted in replace.contents:
        if wanted.sku in new:
            raise FixInput(f"{wanted.sku} is there twice", _UNCHANGED, sku=wanted.sku)
        _put(new, wanted.sku, _set(cart, lines, wanted))
    return new


def _raised(cart: Cart, lines: _Lines, sku: str, quantity: int, item: Item | None) -> Line:
    """A line of so many. One that is there keeps its name and price: until it is bought, its owner
    is told that they are not those any more at which it was put in."""
    line = _priced(cart, sku, quantity, item)
    present = lines.get(sku)
    return present._replace(quantity=line.quantity) if present else line


def _priced(cart: Cart, sku: str, quantity: int, item: Item | None) -> Line:
    """A line of so many of the `item`, at its price."""
    if item is None:
        raise not_on_sale(sku)
    if item.price.currency != cart.currency:
        raise FixInput(
            f"{sku}: its price is in {item.price.currency}, the cart in {cart.currency}",
            _UNCHANGED,
            sku=sku,
        )
    return Line(sku, item.name, item.price, _checked(sku, quantity))


def _checked(sku: str, quantity: int) -> int:
    try:
        return check_quantity(quantity)
    except ValueError as error:
        raise FixInput(f"{sku}: {error}", _UNCHANGED, sku=sku) from None
