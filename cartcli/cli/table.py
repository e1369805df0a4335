"""Tables for people: aligned also for wide characters, fitted to the terminal, and harmless to
it whatever the data says."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click
from tabulate import tabulate
from wcwidth import wcswidth

from cartcli.cli.words import counted, line_note
from cartcli.model import Cart, Item, Line, Receipt, short_id, utc_now

# Control characters, line and paragraph separators, surrogates, and what turns text around.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_GAP: Final = 2
_NARROWEST: Final = {"Item": 16, "SKU": 20, "Description": 16, "Note": 12}
_COLORS: Final = {"open": "cyan", "pending": "yellow", "purchased": "green"}


def carts_text(carts: Sequence[Cart]) -> str:
    """Each cart as a heading (short id, state, total, age) and its lines."""
    return "\n".join(_cart_text(cart) for cart in carts)


def receipt_text(receipt: Receipt) -> str:
    """A receipt: what was bought, and how it was paid."""
    heading = f"Cart {short_id(receipt.cart)}  {_state('purchased')}  {receipt.amount}"
    paid = (
        f"Paid {receipt.amount} with {receipt.brand} ending in {receipt.last4}"
        f" on {receipt.purchased:%Y-%m-%d %H:%M:%S} UTC.\nPayment {receipt.payment}\n"
    )
    return f"{heading}\n{_lines_text(receipt.lines)}{paid}"


def items_text(items: Sequence[Item]) -> str:
    """The items on sale; nothing when there are none."""
    rows = [(item.sku, item.name, str(item.price), item.description) for item in items]
    return _table(("SKU", "Item", "Price", "Description"), rows, right=("Price",)) if rows else ""


def records_text(records: Sequence[Mapping[str, Any]]) -> str:
    """Records of equal fields, a row each."""
    rows = [[str(value) for value in record.values()] for record in records]
    return _table([key.capitalize() for key in records[0]], rows) if rows else ""


def _cart_text(cart: Cart) -> str:
    total, age = str(cart.total), _age((utc_now() - cart.created).total_seconds())
    heading = f"Cart {cart.short_id}  {_state(cart.state)}  {total}  {age}"
    return f"{heading}\n{_lines_text(cart.lines)}"


def _lines_text(lines: Sequence[Line]) -> str:
    if not lines:
        return "(empty)\n"
    header: list[str] = ["SKU", "Item", "Price", "Qty", "Total"]
    rows = [
        [line.sku, line.name, str(line.price), str(line.quantity), str(line.total)]
        for line in lines
    ]
    notes = [line_note(line) for line in lines]
    if any(notes):
        header.append("Note")
        rows = [[*row, note] for row, note in zip(rows, notes, strict=True)]
    return _table(header, rows, right=("Price", "Qty", "Total"))


def _state(state: str) -> str:
    """`state`, coloured where colours are seen and wanted (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or sys.stdout is None or not sys.stdout.isatty():
        return state
    return click.style(state, fg=_COLORS[state])


def _age(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return f"{counted(int(seconds // size), unit)} old"
    return "just now"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> str:
    safe = [[_escaped(cell) for cell in row] for row in rows]
    text = tabulate(
        safe,
        header,
        tablefmt="simple",
        disable_numparse=True,
        colalign=["right" if name in right else "left" for name in header],
        maxcolwidths=_widths(header, safe),
    )
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _widths(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int | None]:
    """How wide each column may be, so that the table fits the terminal where it can: the widest
    of those that can be wrapped gives way first."""
    columns = zip(header, *rows, strict=True)
    widths = [max(_width(cell) for cell in column) for column in columns]
    least = [
        min(_NARROWEST.get(name, 1_000_000), width)
        for name, width in zip(header, widths, strict=True)
    ]
    terminal = shutil.get_terminal_size().columns
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
