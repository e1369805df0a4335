"""December 2010 of a real shop (UCI Online Retail, see tests/data/README.md), as invoices.

A line of a cart is one SKU at one price. In the real shop a SKU's price changed within the month
and, on twelve invoices, from line to line. So each pair of SKU and price is an item of its own
here, with a SKU such as `85123A@2.55`, and equal pairs on one invoice are one line with the sum of
their quantities. Amounts stay exact: 26,157 lines become 25,318 with the same total.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

DATA: Final = Path(__file__).parents[1] / "data" / "online-retail-sales-2010-12.csv.gz"


class Invoice(NamedTuple):
    """What one customer bought at once. `rows` is how many lines it has in the data."""

    number: str
    customer: str
    when: datetime
    contents: dict[str, int]
    rows: int


def invoices() -> list[Invoice]:
    """All invoices, in the order of their times."""
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    return [_invoice([*lines]) for _, lines in groupby(rows, key=lambda row: row["invoice"])]


def write_catalog(path: Path) -> None:
    """Write the catalogue that has every SKU at each of its prices."""
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        items = {_sku(row): (row["name"], row["price"]) for row in csv.DictReader(file)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("sku", "name", "price", "description"))
        writer.writerows((sku, *item, "") for sku, item in items.items())


def _invoice(rows: list[dict[str, str]]) -> Invoice:
    last = rows[-1]  # lines of one invoice may be a minute apart
    when = datetime.fromisoformat(last["when"]).replace(tzinfo=UTC)
    return Invoice(last["invoice"], last["customer"], when, _contents(rows), len(rows))


def _contents(rows: Iterable[dict[str, str]]) -> dict[str, int]:
    contents: dict[str, int] = {}
    for row in rows:
        contents[_sku(row)] = contents.get(_sku(row), 0) + int(row["quantity"])
    return contents


def _sku(row: dict[str, str]) -> str:
    return f"{row['sku']}@{row['price']}"
