"""What a cart comes to, which items its changes are about, and whether it can be paid.

`items` are always those of the catalogue that the cart or its changes name, by SKU: what is not
among them is not on sale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from cartcli.errors import FixInput, ReviewCart
from cartcli.model.cart import Cart
from cartcli.model.changes import Add, Change, Changes, Replace, Set
from cartcli.model.lines import Item, Line
from cartcli.model.money import Money, most_in
from cartcli.model.quote import Quote

Items = Mapping[str, Item]
_CHARGED_NOTHING = "This call charged nothing."
_Priced = TypeVar("_Priced", Add, Set)


def quote(cart: Cart, items: Items) -> Quote:
    """What `cart` comes to at today's names and prices, with what has changed since its lines were
    put in, and what is no longer sold."""
    lines = [_todays(line, items.get(line.sku)) for line in cart.lines]
    was = [old for old, new in zip(cart.lines, lines, strict=True) if not _same(old, new)]
    unsold = [line.sku for line in lines if line.sku not in items]
    return Quote.of(lines, cart.currency, was=was, unsold=unsold)


def todays(cart: Cart, items: Items, currency: str) -> Quote:
    """As `quote`, in a shop that sells in `currency`; what `cart` comes to at the prices at which
    its lines were put in when it is in another one."""
    if cart.currency != currency:
        return Quote.of(cart.lines, cart.currency)
    return quote(cart, items)


def skus_of(changes: Changes) -> list[str]:
    """The SKUs whose items the `changes` need."""
    return [change.sku for change in _flat(changes) if isinstance(change, Add | Set)]


def with_items(changes: Changes, items: Items) -> list[Change]:
    """The `changes` with the items they need, as far as they are on sale."""
    return [_with_item(change, items) for change in changes]


def check_currency(cart: Cart, currency: str) -> None:
    """ReviewCart when `cart` is in another currency than the shop's."""
    if cart.currency != currency:
        raise ReviewCart(
            f"cart {cart.short_id} is in {cart.currency}, the shop sells in {currency}",
            "Nothing was changed.",
            cart=cart.id,
            currency=cart.currency,
        )


def has_new_prices(cart: Cart, items: Items) -> bool:
    """Whether any line of `cart` has another price today than when it was put in."""
    return any(line.sku in items and items[line.sku].price != line.price for line in cart.lines)


def check_total(quote: Quote, before: Quote) -> None:
    """FixInput when the `quote` is more than can be charged, unless that was so `before` and it is
    no more than then."""
    if (most := most_in(quote.total.currency)) < quote.total and before.total < quote.total:
        raise FixInput(
            f"the cart would come to {quote.total}, and at most {most} can be charged at once",
            "Nothing was changed.",
        )


def check_payable(cart: Cart, quote: Quote, expected: Money | None) -> None:
    """ReviewCart when `cart`, at the prices of the `quote`, is empty, holds something no longer
    sold, comes to more than can be charged, or to another amount than was `expected`."""
    if not quote.lines:
        raise ReviewCart(f"cart {cart.short_id} is empty", _CHARGED_NOTHING, cart=cart.id)
    for line in quote.lines:
        if line.sku in quote.unsold:
            raise ReviewCart(
                f"{line.name} ({line.sku}) is no longer sold",
                _CHARGED_NOTHING,
                cart=cart.id,
                sku=line.sku,
            )
    if (most := most_in(cart.currency)) < quote.total:
        raise ReviewCart(
            f"cart {cart.short_id} comes to {quote.total}, and at most {most} can be charged",
            f"{_CHARGED_NOTHING} Take something out.",
            cart=cart.id,
            amount=quote.total,
        )
    if expected is not None and expected != quote.total:
        raise ReviewCart(
            f"cart {cart.short_id} comes to {quote.total}, not to {expected}",
            _CHARGED_NOTHING,
            cart=cart.id,
            amount=quote.total,
            expected=expected,
        )


def _flat(changes: Changes) -> Iterable[Change]:
    for change in changes:
        if isinstance(change, Replace):
            yield from change.contents
        else:
            yield change


def _with_item(change: Change, items: Items) -> Change:
    if isinstance(change, Replace):
        return Replace(tuple(_priced(one, items) for one in change.contents))
    if isinstance(change, Add):
        return _priced(change, items)
    return _priced(change, items) if isinstance(change, Set) else change


def _priced(change: _Priced, items: Items) -> _Priced:
    return type(change)(change.sku, change.quantity, items.get(change.sku))


def _todays(line: Line, item: Item | None) -> Line:
    """The line at today's name and price; its SKU stays spelt as it is."""
    if item is None or (item.name == line.name and item.price == line.price):
        return line
    return Line.of(item, line.quantity)._replace(sku=line.sku)


def _same(old: Line, new: Line) -> bool:
    """Whether nobody can tell the lines apart: a name may be spelt in two ways that look alike."""
    if old is new:
        return True
    if old._replace(name=new.name) != new:
        return False
    return _composed(old) == _composed(new)


def _composed(line: Line) -> str:
    from unicodedata import normalize  # most names have not changed

    return normalize("NFC", line.name)
