"""What was sold, day by day, week by week or month by month."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import localcontext
from typing import Any, Final

import pandas

from cartcli.merchant import By
from cartcli.merchant.reports import orders
from cartcli.merchant.reports.span import Span
from cartcli.model.money import Money

COLUMNS: Final = ("purchased", "purchased_at", "amount", "currency")
_LABELS: Final = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}


_STEPS: Final = {"day": "D", "week": "W-MON", "month": "MS"}


def sales(
    carts: pandas.DataFrame, by: By = "day", span: Span | None = None, *, fill: bool = False
) -> pandas.DataFrame:
    """A row for each `period` in which something was sold, and each currency: its `orders`, their
    `revenue`, and their `average`. With `fill` also for each period between without a sale.

    A period is a day (2010-12-01), a week of ISO 8601 (2010-W48, from Monday to Sunday) or a month
    (2010-12), in the time zone of the `span`.
    """
    span = span or Span()
    bought = orders.purchased(carts, span)
    days = span.local(bought["purchased_at"])
    rows = orders.summed(bought.assign(period=days.dt.strftime(_LABELS[by])), ["period"])
    return _filled(rows, days, by, span) if fill and len(rows) else rows


def _filled(
    rows: pandas.DataFrame, days: pandas.Series[Any], by: By, span: Span
) -> pandas.DataFrame:
    """The `rows` with those of periods in which nothing was sold: from the day the span begins, or
    that of the first sale, to the day it ends, or that of the last one."""
    first = days.min().date() if span.since == date.min else span.since
    last = days.max().date() if span.until == date.max else span.until
    monday, month = first - timedelta(first.weekday()), first.replace(day=1)
    begins = {"day": first, "week": monday, "month": month}
    periods = pandas.date_range(begins[by], last, freq=_STEPS[by]).strftime(_LABELS[by])
    currencies = sorted(set(rows["currency"]))
    every = pandas.MultiIndex.from_product([periods, currencies], names=["period", "currency"])
    filled = rows.set_index(["period", "currency"]).reindex(every)
    nothing = [Money(0, currency).amount for _, currency in every]
    for name in ("revenue", "average"):
        filled[name] = filled[name].where(filled["orders"].notna(), pandas.Series(nothing, every))
    filled["orders"] = filled["orders"].fillna(0).astype(int)
    return filled.reset_index()[rows.columns]


def total(rows: pandas.DataFrame) -> pandas.DataFrame:
    """All periods in one, called `total`: a row a currency."""
    with localcontext(orders.EXACT):
        groups = rows.groupby("currency", as_index=False)
        totals = groups.agg(orders=("orders", "sum"), revenue=("revenue", "sum"))
    totals = totals.assign(period="total", average=orders.averages(totals))
    return totals[rows.columns]
