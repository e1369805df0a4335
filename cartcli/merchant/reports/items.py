"""What sells best."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, localcontext
from typing import Final

import pandas

from cartcli.merchant.reports import orders
from cartcli.merchant.reports.span import Span
from cartcli.model.money import Money

COLUMNS: Final = ("lines", "purchased", "purchased_at", "currency")
_FIELDS: Final = ("sku", "name", "quantity", "orders", "revenue", "currency")


class _Sold:
    """How much of one SKU was sold."""

    def __init__(self) -> None:
        self.name = ""
        self.named: datetime | None = None
        self.quantity = 0
        self.orders = 0
        self.revenue = Decimal(0)

    def add(self, name: str, price: Decimal, quantity: int, when: datetime) -> None:
        if self.named is None or when >= self.named:
            self.name, self.named = name, when
        self.quantity += quantity
        self.orders += 1
        self.revenue += price * quantity


def items(carts: pandas.DataFrame, span: Span | None = None) -> pandas.DataFrame:
    """A row for each `sku` and each currency, best sellers by revenue first: the `name` under
    which it was sold last, the `quantity`, in how many `orders`, and for what `revenue`.

    The revenue is exact, price by quantity. A cart's total is rounded when it is charged, so that
    with prices of more decimals than the currency's the sums can differ.
    """
    bought = orders.purchased(carts, span or Span())
    sold: dict[tuple[str, str], _Sold] = {}
    columns = (bought[name] for name in ("lines", "purchased_at", "currency"))
    with localcontext(orders.EXACT):
        for lines, when, currency in zip(*columns, strict=True):
            for sku, name, price, quantity in lines:
                sold.setdefault((currency, sku), _Sold()).add(name, price, quantity, when)
        best = sorted(sold.items(), key=lambda one: (one[0][0], -one[1].revenue, one[0][1]))
    rows = [
        (sku, one.name, one.quantity, one.orders, Money(one.revenue, currency).amount, currency)
        for (currency, sku), one in best
    ]
    return pandas.DataFrame(rows, columns=list(_FIELDS))
