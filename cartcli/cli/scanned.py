"""What is to be added to a cart, from standard input: SKUs with quantities, or as a scanner types
them. Every line that is wrong is told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from cartcli import texts
from cartcli.catalog_db.csv_rows import FaultyLine, csv_rows
from cartcli.cli.app import message
from cartcli.cli.stdin import whole_text
from cartcli.cli.text import is_terminal
from cartcli.errors import ChooseExisting, FixInput
from cartcli.model.cart import Cart
from cartcli.model.changes import Add
from cartcli.model.lines import parse_quantity

_UNTOUCHED: Final = "Nothing was changed."
_MOST_TOLD: Final = 20  # faulty lines


class Scanned(NamedTuple):
    """What a `line` of standard input adds."""

    line: int
    add: Add


def add_lines(add: Callable[[list[Add]], Cart], is_sold: Callable[[str], bool]) -> Cart:
    """The cart after what standard input holds was added to it, all or nothing. FixInput names
    every line that is wrong, ChooseExisting every one whose SKU is not sold."""
    scanned = _read_lines()
    try:
        return add([one.add for one in scanned])
    except ChooseExisting as error:
        if "sku" not in error.facts:
            raise
        unsold = [one for one in scanned if not is_sold(one.add.sku)]
        if len(unsold) < 2:
            raise
        faults = [f"line {one.line}: no item has the SKU {one.add.sku!r}" for one in unsold]
        raise ChooseExisting(_listed(faults), _UNTOUCHED, sku=unsold[0].add.sku) from None


def _read_lines() -> list[Scanned]:
    if is_terminal(sys.stdin):
        message("Type lines of sku,quantity, or of a SKU alone, and Ctrl-D at the end.")
    text = whole_text(_UNTOUCHED)
    scanned, faults = list[Scanned](), list[str]()
    try:
        for line, row in _without_header(csv_rows(texts.lines(text))):
            try:
                scanned.append(Scanned(line, _parse(row)))
            except ValueError as error:
                faults.append(f"line {line}: {error}")
    except FaultyLine as fault:  # after which no line can be told from the next
        faults.append(str(fault))
    if len(faults) == 1:
        raise FixInput(f"standard input, {faults[0]}", _UNTOUCHED)
    if faults:
        raise FixInput(_listed(faults), _UNTOUCHED)
    if not scanned:
        raise FixInput("standard input holds no lines of sku,quantity", _UNTOUCHED)
    return scanned


def _without_header(
    rows: Iterator[tuple[int, list[str]]],
) -> Iterator[tuple[int, Sequence[str]]]:
    """Each row's SKU, and its quantity if there is one: from the columns that a header calls so, or
    as they stand."""
    first = next(rows, None)
    if first is None:
        return
    header = [field.strip().lower() for field in first[1]]
    if "sku" not in header:
        yield first
        yield from rows
        return
    columns = [header.index(name) for name in ("sku", "quantity") if name in header]
    for line, row in rows:
        fits = len(row) == len(header)
        yield line, [row[column] for column in columns] if fits else row


def _parse(row: Sequence[str]) -> Add:
    if not 1 <= len(row) <= 2:
        raise ValueError(f"there are {len(row)} fields where sku,quantity should be")
    sku, quantity = row[0].strip(), row[1].strip() if len(row) > 1 else "1"
    if not sku:
        raise ValueError("there is no SKU")
    return Add(sku, parse_quantity(quantity))


def _listed(faults: Sequence[str]) -> str:
    told = [f"  {fault}" for fault in faults[:_MOST_TOLD]]
    if len(faults) > _MOST_TOLD:
        told.append(f"  … and {len(faults) - _MOST_TOLD:,} more")
    return "\n".join([f"standard input has {len(faults):,} faulty lines", *told])
