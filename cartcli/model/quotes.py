"""Lines and quotes as plain builtin values and back, checked: what whoever keeps them stores.

Money is a decimal string, whose currency is told beside it; a line `[sku, name, price, quantity]`,
an entry `[kind, label, amount]`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cartcli.model.lines import Line, check_quantity
from cartcli.model.money import Money

if TYPE_CHECKING:
    from cartcli.model.quote import Entry, Quote


def quote_record(quote: Quote) -> dict[str, Any]:
    """A frozen `quote`, in which nothing is unsold, as plain values."""
    return {
        "lines": lines_record(quote.lines),
        "entries": [[kind, label, amount.decimal] for kind, label, amount in quote.entries],
        "was": lines_record(quote.was),
    }


def quote_of(record: dict[str, Any], currency: str) -> Quote:
    """The quote in `record`, all of it in `currency`. ValueError, TypeError or KeyError when it
    cannot be one: it needs one subtotal and one total."""
    from cartcli.model.quote import Quote  # what is open has none

    lines, was = lines_of(record["lines"], currency), lines_of(record["was"], currency)
    entries = tuple(
        _entry(*as_list(entry), currency=currency) for entry in as_list(record["entries"])
    )
    kinds = [entry.kind for entry in entries]
    if (kinds.count("subtotal"), kinds.count("total")) != (1, 1):
        raise ValueError("a quote has one subtotal and one total")
    return Quote(lines, entries, was)


def lines_record(lines: Iterable[Line]) -> list[list[str | int]]:
    """`lines` as plain values."""
    return [[line.sku, line.name, line.price.decimal, line.quantity] for line in lines]


def lines_of(records: object, currency: str) -> tuple[Line, ...]:
    """The lines in `records`, at prices in `currency`. ValueError or TypeError when they cannot be
    some: no SKU is there twice."""
    lines = tuple(_line(*as_list(record), currency=currency) for record in as_list(records))
    if len({line.sku for line in lines}) != len(lines):
        raise ValueError("a SKU is there twice")
    return lines


def as_text(value: object) -> str:
    """`value` when it is text; TypeError otherwise."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def as_list(value: object) -> list[Any]:
    """`value` when it is a list; TypeError otherwise."""
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return value


def _line(sku: object, name: object, price: object, quantity: Any, *, currency: str) -> Line:
    # A price within the limits of a catalogue: no total of such prices is beyond `Money`.
    unit_price = Money.parse(as_text(price), currency)
    return Line(as_text(sku), as_text(name), unit_price, check_quantity(quantity))


def _entry(kind: object, label: object, amount: object, *, currency: str) -> Entry:
    from cartcli.model.quote import Entry

    return Entry(as_text(kind), as_text(label), Money(as_text(amount), currency))
