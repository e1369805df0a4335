"""One cart or receipt as plain text, for the commands that change a cart: without the weight of
tables, and harmless to the terminal whatever the data says."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TextIO

import click

from cartcli.model.cart import Cart
from cartcli.model.ids import short_id
from cartcli.model.lines import Line
from cartcli.model.times import utc_now

if TYPE_CHECKING:
    from cartcli.model.order import Receipt

# Control characters, line and paragraph separators, surrogates, and what turns text around.
_UNSAFE: Final = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
_COLORS: Final = {"open": "cyan", "pending": "yellow", "purchased": "green"}


def cart_text(cart: Cart) -> str:
    """The heading of `cart`, and its lines: quantity, price, total, SKU, name."""
    return f"{cart_heading(cart)}\n{_lines_text(cart.lines)}"


def receipt_text(receipt: Receipt) -> str:
    """What was bought, and how it was paid."""
    return (
        f"{_heading(short_id(receipt.cart), 'purchased', str(receipt.amount))}\n"
        f"{_lines_text(receipt.lines)}"
        f"Paid {receipt.amount} with {receipt.brand} ending in {receipt.last4}"
        f" on {receipt.purchased:%Y-%m-%d %H:%M:%S} UTC.\n"
        f"Payment {receipt.payment}\n"
    )


def cart_heading(cart: Cart) -> str:
    """Short id, state, total and age of `cart`."""
    age = _age((utc_now() - cart.created).total_seconds())
    return _heading(cart.short_id, cart.state, str(cart.total), age)


def line_note(line: Line) -> str:
    """What has changed about the item since the line was put into its cart; else nothing."""
    if not line.sold:
        return "no longer sold"
    return f"changed from {line.was.decimal}" if line.was else ""


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads or types at `stream`; a closed one is None."""
    return stream is not None and stream.isatty()


def escaped(text: str) -> str:
    """`text` with what could drive the terminal written out, as `\\x1b`."""
    return re.sub(_UNSAFE, lambda found: found[0].encode("unicode_escape").decode(), text)


def counted(count: int, noun: str) -> str:
    """`count` and `noun` in the right number: 1 cart, 2 carts."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _lines_text(lines: Sequence[Line]) -> str:
    """A row a line; what may hold wide characters comes last, so that all else is aligned."""
    if not lines:
        return "  (empty)\n"
    sums = [(str(line.quantity), str(line.price), str(line.total)) for line in lines]
    count, price, total = (max(map(len, column)) for column in zip(*sums, strict=True))
    text = ""
    for line, cell in zip(lines, sums, strict=True):
        note = f"  ({line_note(line)})" if line_note(line) else ""
        text += f"  {cell[0]:>{count}} x {cell[1]:>{price}} = {cell[2]:>{total}}"
        text += f"  {escaped(line.sku)}  {escaped(line.name)}{note}\n"
    return text


def _heading(cart_id: str, state: str, total: str, *more: str) -> str:
    return f"Cart {'  '.join((cart_id, _coloured(state), total, *more))}"


def _coloured(state: str) -> str:
    """`state` in its colour, where colours are seen and wanted (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or not is_terminal(sys.stdout):
        return state
    return click.style(state, fg=_COLORS[state])


def _age(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return f"{counted(int(seconds // size), unit)} old"
    return "just now"
