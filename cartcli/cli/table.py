"""Tables for people: aligned also for wide characters, fitted to the terminal, and harmless to
it whatever the data says."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import tabulate
from wcwidth import wcswidth

from cartcli.cli.text import cart_heading, columns_of, escaped, notes_of
from cartcli.model.cart import Cart
from cartcli.model.lines import Item
from cartcli.model.money import Money
from cartcli.model.quote import Quote

tabulate.MIN_PADDING = 0  # a narrow column is as wide as its header, not wider
_GAP: Final = 2
_NARROWEST: Final = {"Item": 10, "Description": 14, "Note": 12, "Customer": 12}


def carts_text(carts: Sequence[Cart]) -> str:
    """Each cart as a heading (short id, state, total, age) and its lines."""
    return "\n".join(_cart_text(cart) for cart in carts)


def items_text(items: Sequence[Item]) -> str:
    """The items on sale; nothing when there are none."""
    rows = [(item.sku, item.name, str(item.price), item.description) for item in items]
    return _table(("SKU", "Item", "Price", "Description"), rows, right=("Price",)) if rows else ""


def records_text(records: Sequence[Mapping[str, Any]]) -> str:
    """Records of equal fields, a row each; numbers and money stand to the right."""
    if not records:
        return ""
    header = {key[:1].upper() + key[1:]: value for key, value in records[0].items()}
    right = [name for name, value in header.items() if isinstance(value, int | Money)]
    rows = [[_shown(value) for value in record.values()] for record in records]
    return _table([*header], rows, right)


def _shown(value: object) -> str:
    """A field for people: numbers with thousands apart."""
    match value:
        case None:
            return ""
        case Money():
            return f"{value:,} {value.currency}"
        case int() if not isinstance(value, bool):
            return f"{value:,}"
    return str(value)


def _cart_text(cart: Cart) -> str:
    return f"{cart_heading(cart)}\n{_lines_text(cart.quote)}"


def _lines_text(quote: Quote) -> str:
    if not quote.lines:
        return "(empty)\n"
    header: list[str] = ["SKU", "Item", "Price", "Qty", "Total"]
    rows = [
        [line.sku, line.name, str(line.price), str(line.quantity), str(line.total)]
        for line in quote.lines
    ]
    if notes := notes_of(quote):
        header.append("Note")
        rows = [[*row, notes.get(row[0], "")] for row in rows]
    return _table(header, rows, right=("Price", "Qty", "Total"))


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> str:
    safe = [[escaped(cell) for cell in row] for row in rows]
    text = tabulate.tabulate(
        safe,
        header,
        tablefmt="simple",
        disable_numparse=True,
        colalign=["right" if name in right else "left" for name in header],
        maxcolwidths=_widths(header, safe),
    )
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _widths(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int | None]:
    """How wide each column may be, so that the table fits the terminal where it can: the widest
    of those that can be wrapped gives way first."""
    terminal = columns_of(sys.stdout)
    if terminal is None:
        return [None] * len(header)
    columns = zip(header, *rows, strict=True)
    widths = [max(_width(cell) for cell in column) for column in columns]
    least = [
        min(_NARROWEST.get(name, 1_000_000), width)
        for name, width in zip(header, widths, strict=True)
    ]
    excess = sum(widths) + _GAP * (len(widths) - 1) - terminal
    while excess > 0:
        slack, place = max(
            (width - narrow, at)
            for at, (width, narrow) in enumerate(zip(widths, least, strict=True))
        )
        if slack <= 0:
            break
        widths[place] -= 1
        excess -= 1
    return [
        width if name in _NARROWEST else None for name, width in zip(header, widths, strict=True)
    ]


def _width(text: str) -> int:
    return max(wcswidth(text), 0)
