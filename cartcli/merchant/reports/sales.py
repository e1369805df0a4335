"""What was sold, day by day, week by week or month by month."""

from __future__ import annotations

from decimal import localcontext
from typing import Final

import pandas

from cartcli.merchant import By
from cartcli.merchant.reports import orders
from cartcli.merchant.reports.span import Span

COLUMNS: Final = ("purchased", "purchased_at", "amount", "currency")
_LABELS: Final = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}


def sales(carts: pandas.DataFrame, by: By = "day", span: Span | None = None) -> pandas.DataFrame:
    """A row for each `period` in which something was sold, and each currency: its `orders`, their
    `revenue`, and their `average`.

    A period is a day (2010-12-01), a week of ISO 8601 (2010-W48, from Monday to Sunday) or a month
    (2010-12), in UTC.
    """
    bought = orders.purchased(carts, span or Span())
    period = bought["purchased_at"].dt.strftime(_LABELS[by])
    return orders.summed(bought.assign(period=period), ["period"])


def total(rows: pandas.DataFrame) -> pandas.DataFrame:
    """All periods in one, called `total`: a row a currency."""
    with localcontext(orders.EXACT):
        groups = rows.groupby("currency", as_index=False)
        totals = groups.agg(orders=("orders", "sum"), revenue=("revenue", "sum"))
    totals = totals.assign(period="total", average=orders.averages(totals))
    return totals[rows.columns]
