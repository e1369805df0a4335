"""Purchased carts in numbers: how many, for how much, and how much each on average."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, localcontext
from typing import Any, Final

import pandas

from cartcli.merchant.reports.span import Span
from cartcli.model.money import Money

# A sum that does not fit into so many digits raises; it is never rounded.
EXACT: Final = Context(prec=60, traps=[Inexact])

# More decimals than a price has: rounding to them first never moves a half.
_PLACES: Final = Decimal(1).scaleb(-15)


def purchased(carts: pandas.DataFrame, span: Span) -> pandas.DataFrame:
    """The carts bought within `span`."""
    return span.of(carts[carts["purchased"]], "purchased_at")


def summed(bought: pandas.DataFrame, by: Sequence[str]) -> pandas.DataFrame:
    """A row for each value of the columns `by` and each currency: `orders`, `revenue`, and
    `average`, the revenue of one order, rounded half up."""
    with localcontext(EXACT):
        groups = bought.groupby([*by, "currency"], as_index=False)
        rows = groups.agg(orders=("amount", "size"), revenue=("amount", "sum"))
    rows["average"] = averages(rows)
    return rows[[*by, "orders", "revenue", "average", "currency"]]


def averages(rows: pandas.DataFrame) -> pandas.Series[Any]:
    """The `revenue` of each row, divided by its `orders`."""
    values = [
        _average(revenue, orders, currency)
        for revenue, orders, currency in zip(
            rows["revenue"], rows["orders"], rows["currency"], strict=True
        )
    ]
    return pandas.Series(values, rows.index, dtype=object)


def _average(revenue: Decimal, orders: int, currency: str) -> Decimal:
    context = Context(prec=60)
    quotient = context.divide(revenue, Decimal(int(orders)))
    return Money(quotient.quantize(_PLACES, ROUND_HALF_UP, context), currency).rounded().amount
