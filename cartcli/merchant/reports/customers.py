"""Who bought most."""

from __future__ import annotations

from typing import Final

import pandas

from cartcli.merchant.reports import orders
from cartcli.merchant.reports.span import Span

COLUMNS: Final = ("user", "purchased", "purchased_at", "amount", "currency")


def customers(carts: pandas.DataFrame, span: Span | None = None) -> pandas.DataFrame:
    """A row for each `user` and each currency, best customers first: their `orders`, the `revenue`
    of these, its `average`, and when the `last` one was."""
    bought = orders.purchased(carts, span or Span())
    rows = orders.summed(bought, ["user"])
    keys = ["user", "currency"]
    last = bought.groupby(keys, as_index=False).agg(last=("purchased_at", "max"))
    rows = rows.merge(last, on=keys).sort_values(
        ["currency", "revenue", "user"], ascending=[True, False, True], ignore_index=True
    )
    return rows[["user", "orders", "revenue", "average", "last", "currency"]]
