"""What waits in carts that nobody has bought."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pandas

from cartcli.merchant.reports.span import Span

COLUMNS: Final = ("user", "contents", "state", "total", "currency", "created", "updated", "unsold")
_FIELDS: Final = (
    *("cart", "user", "state", "quantity", "total", "currency", "updated", "days"),
    "unsold",
)

# The first day of each band of age, and what the band is called.
_BANDS: Final = {0: "today", 1: "1 to 6 days", 7: "1 to 4 weeks", 29: "older"}


def open_carts(
    carts: pandas.DataFrame, now: datetime, span: Span | None = None
) -> pandas.DataFrame:
    """A row for each open or pending `cart`, the oldest first: its `user`, `state`, the `quantity`
    of all that is sold, the `total` that is or would be charged for that, when the cart was last
    `updated`, how many whole `days` ago, and the quantity of what is no longer sold, `unsold`.

    `span` is that of the last updates.
    """
    waiting = (span or Span()).of(carts[carts["state"] != "purchased"], "updated")
    rows = waiting.reset_index().sort_values(["updated", "cart"], ignore_index=True)
    contents = [*zip(rows["contents"], rows["unsold"], strict=True)]
    unsold = [sum(each[sku] for sku in gone) for each, gone in contents]
    quantity = [sum(each.values()) - n for (each, _), n in zip(contents, unsold, strict=True)]
    days = ((now - rows["updated"]).dt.days).clip(lower=0)
    return rows.assign(quantity=quantity, days=days, unsold=unsold)[list(_FIELDS)]


def bands(rows: pandas.DataFrame) -> pandas.DataFrame:
    """How many of the carts in `rows` are in each `state` (the columns) and band of age (the
    index)."""
    edges = [*_BANDS, float("inf")]
    age = pandas.cut(rows["days"], edges, right=False, labels=list(_BANDS.values()))
    counts = pandas.crosstab(age, rows["state"], dropna=False)
    return counts.reindex(index=list(_BANDS.values()), columns=["open", "pending"], fill_value=0)
