"""Carts as a dataframe."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from sys import intern
from typing import Any, Final

import pandas

from cartcli.errors import FixInput
from cartcli.model.cart import Cart
from cartcli.model.lines import Line, charged_total
from cartcli.model.money import Money

_TIME: Final = "datetime64[us, UTC]"
_Line = tuple[str, str, Decimal, int]


def carts_frame(carts: Iterable[Cart], columns: Collection[str] | None = None) -> pandas.DataFrame:
    """A row a cart, as `CartReader.frame` describes it; FixInput for an unknown column.

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
        "contents": (object, lambda cart: {intern(li.sku): li.quantity for li in _sold(cart)}),
        "lines": (object, lambda cart: _lines(cart, lines)),
        "purchased": (bool, lambda cart: cart.state == "purchased"),
        "state": ("str", lambda cart: cart.state),
        "total": (object, lambda cart: _total(cart).amount),
        "amount": (object, lambda cart: cart.receipt and cart.receipt.amount.amount),
        "currency": ("str", lambda cart: cart.currency),
        "created": (_TIME, lambda cart: cart.created),
        "updated": (_TIME, lambda cart: cart.updated),
        "purchased_at": (_TIME, lambda cart: cart.receipt and cart.receipt.purchased),
    }


def _sold(cart: Cart) -> tuple[Line, ...]:
    """The lines as they are charged; of an open cart, as they were put in."""
    return cart.attempt.lines if cart.attempt else cart.lines


def _total(cart: Cart) -> Money:
    """What they come to."""
    return cart.attempt.quote.total if cart.attempt else charged_total(cart.lines, cart.currency)


def _lines(cart: Cart, known: dict[_Line, _Line]) -> tuple[_Line, ...]:
    """The cart's lines; equal ones of many carts are one object."""
    lines = ((line.sku, line.name, line.price.amount, line.quantity) for line in _sold(cart))
    return tuple(known.setdefault(line, line) for line in lines)
