"""Carts as a dataframe."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from sys import intern
from typing import Any, Final

import pandas

from cartcli.errors import FixInput
from cartcli.model.cart import Cart

_TIME: Final = "datetime64[us, UTC]"
_Line = tuple[str, str, Decimal, int]
QUOTED: Final = frozenset(("lines", "total", "unsold"))  # what needs every open cart's quote


def carts_frame(carts: Iterable[Cart], columns: Collection[str] | None = None) -> pandas.DataFrame:
    """A row a cart, as `Merchant.carts_frame` describes it; FixInput for an unknown column. For
    those that are `QUOTED`, every cart has to have its quote.

    One cart is held at a time, and what many have in common is kept once.
    """
    known = _columns()
    wanted = [*(known if columns is None else columns)]
    for name in wanted:
        if name not in known:
            raise FixInput(f"there is no column {name!r}, but {', '.join(known)}")
    chosen = {name: known[name] for name in wanted}
    cells: dict[str, list[Any]] = {name: [] for name in chosen}
    ids = []
    for cart in carts:
        ids.append(cart.id)
        for name, (_, value_of) in chosen.items():
            cells[name].append(value_of(cart))
    index = pandas.Index(ids, dtype="str", name="cart")
    series = {
        name: pandas.Series(cells[name], index, dtype=dtype) for name, (dtype, _) in chosen.items()
    }
    return pandas.DataFrame(series, index)


def _columns() -> dict[str, tuple[Any, Callable[[Cart], Any]]]:
    """Each column's dtype, and its value for a cart."""
    lines: dict[_Line, _Line] = {}
    return {
        "user": ("str", lambda cart: cart.owner),
        "contents": (object, lambda cart: {intern(sku): n for sku, n in _contents(cart)}),
        "lines": (object, lambda cart: _lines(cart, lines)),
        "purchased": (bool, lambda cart: cart.state == "purchased"),
        "state": ("str", lambda cart: cart.state),
        "total": (object, lambda cart: cart.total.amount),
        "amount": (object, lambda cart: cart.receipt and cart.receipt.amount.amount),
        "currency": ("str", lambda cart: cart.currency),
        "created": (_TIME, lambda cart: cart.created),
        "updated": (_TIME, lambda cart: cart.updated),
        "purchased_at": (_TIME, lambda cart: cart.receipt and cart.receipt.purchased),
        "unsold": (object, lambda cart: cart.quote.unsold),
    }


def _contents(cart: Cart) -> Iterable[tuple[str, int]]:
    """SKUs and quantities, as they are charged."""
    lines = cart.attempt.lines if cart.attempt else cart.lines
    return ((line.sku, line.quantity) for line in lines)


def _lines(cart: Cart, known: dict[_Line, _Line]) -> tuple[_Line, ...]:
    """The lines of the cart's quote; equal ones of many carts are one object."""
    lines = ((line.sku, line.name, line.price.amount, line.quantity) for line in cart.quote.lines)
    return tuple(known.setdefault(line, line) for line in lines)
