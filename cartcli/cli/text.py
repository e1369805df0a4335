"""One cart or receipt as plain text, for the commands that change a cart: without the weight of
tables, and harmless to the terminal whatever the data says."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TextIO, TypeVar

import click

from cartcli.cli.command import flag
from cartcli.model.cart import Cart
from cartcli.model.ids import short_id
from cartcli.model.people import GUESTS
from cartcli.model.times import utc_now

if TYPE_CHECKING:
    from cartcli.model.lines import Line
    from cartcli.model.order import Receipt
    from cartcli.model.quote import Quote

T = TypeVar("T")

# Control characters, line and paragraph separators, surrogates, and what turns text around.
_UNSAFE: Final = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
_NARROWEST: Final = 20
_NO_NOTES: Final[Mapping[str, str]] = {}
_COLORS: Final = {"open": "cyan", "pending": "yellow", "purchased": "green"}


def cart_text(cart: Cart) -> str:
    """The heading of `cart`, and its lines: quantity, price, total, SKU, name."""
    return f"{cart_heading(cart)}\n{_lines_text(cart.quote.lines, notes_of(cart.quote))}"


def receipt_text(receipt: Receipt) -> str:
    """What was bought, and how it was paid."""
    when = f"{receipt.purchased:%Y-%m-%d %H:%M:%S} UTC"
    paid = (
        f"Paid {receipt.amount} with {receipt.brand} ending in {receipt.last4} on {when}.\n"
        f"Payment {receipt.payment}\n"
        if receipt.payment
        else f"There was nothing to pay on {when}.\n"
    )
    heading = _heading(short_id(receipt.cart), "purchased", str(receipt.amount))
    return f"{heading}\n{_lines_text(receipt.lines)}{paid}"


def cart_heading(cart: Cart) -> str:
    """Short id and name, state, total, user and age of `cart`; below it, what a pending one waits
    for."""
    age = _age((utc_now() - cart.created).total_seconds())
    called = f"{cart.short_id} ({escaped(cart.name)})" if cart.name else cart.short_id
    heading = _heading(called, cart.state, str(cart.total), _user(cart.owner), age)
    waiting = cart.attempt.waiting if cart.attempt and cart.state == "pending" else None
    if waiting is None:
        return heading
    where = f": {escaped(waiting.url)}" if waiting.url else ""
    until = f" (until {waiting.until:%Y-%m-%d %H:%M} UTC)" if waiting.until else ""
    return f"{heading}\nWaiting: {escaped(waiting.why)}{until}{where}"


def notes_of(quote: Quote) -> dict[str, str]:
    """What has changed about items since they were put into a cart, by SKU."""
    notes = {}
    for sku, (name, price) in quote.changed().items():
        changed = (name and f"was {name}", price and f"changed from {price.decimal}")
        notes[sku] = ", ".join(note for note in changed if note)
    return notes | dict.fromkeys(quote.unsold, "no longer sold")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads or types at `stream`; a closed one is None."""
    return stream is not None and stream.isatty()


def may_ask() -> bool:
    """Whether somebody is there to be asked, and --no-input does not forbid it."""
    return is_terminal(sys.stdin) and not flag("no_input")


def columns_of(stream: TextIO | None) -> int | None:
    """How wide what is printed to `stream` may be: as a terminal is, or as COLUMNS has it. None
    when nothing tells: nobody wants lines in a pipe broken."""
    if not is_terminal(stream) and not os.environ.get("COLUMNS"):
        return None
    import shutil  # what is short needs no width

    return max(shutil.get_terminal_size().columns, _NARROWEST)


def escaped(text: str) -> str:
    """`text` with what could drive the terminal written out, as `\\x1b`."""
    if text.isprintable():  # as nearly all is: to compile the pattern would take longer
        return text
    return re.sub(_UNSAFE, lambda found: found[0].encode("unicode_escape").decode(), text)


def counted(count: int, noun: str) -> str:
    """`count` and `noun` in the right number: 1 cart, 2 carts."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def cut(found: list[T], limit: int | None) -> tuple[list[T], bool]:
    """The first `limit` of what was `found`, and whether there is more: one more was asked for."""
    return (found, False) if limit is None else (found[:limit], len(found) > limit)


def _lines_text(lines: Sequence[Line], notes: Mapping[str, str] = _NO_NOTES) -> str:
    """A row a line; what may hold wide characters comes last, so that all else is aligned."""
    if not lines:
        return "  (empty)\n"
    sums = [(str(line.quantity), str(line.price), str(line.total)) for line in lines]
    count, price, total = (max(map(len, column)) for column in zip(*sums, strict=True))
    text = ""
    for line, cell in zip(lines, sums, strict=True):
        note = f"  ({escaped(notes[line.sku])})" if line.sku in notes else ""
        text += f"  {cell[0]:>{count}} x {cell[1]:>{price}} = {cell[2]:>{total}}"
        text += f"  {escaped(line.sku)}  {escaped(line.name)}{note}\n"
    return text


def _user(owner: str) -> str:
    """Who that is, as people read it."""
    return "a guest" if owner.startswith(GUESTS) else escaped(owner)


def _heading(called: str, state: str, total: str, *more: str) -> str:
    return f"Cart {'  '.join((called, _coloured(state), total, *more))}"


def _coloured(state: str) -> str:
    """`state` in its colour, where colours are seen and wanted (https://no-color.org)."""
    if not is_terminal(sys.stdout) or flag("no_color"):
        return state
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return state
    return click.style(state, fg=_COLORS[state])


def _age(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return f"{counted(int(seconds // size), unit)} old"
    return "just now"
