"""What `cart report --fill --plot` draws of a real month: December 2010 of Online Retail (UCI; see
tests/data/README.md), each of whose invoices is an order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas

from cartcli.merchant.reports.plots import sales_plot
from cartcli.merchant.reports.sales import sales
from cartcli.merchant.reports.span import Span
from tests.benchmarks.retail import Invoice, invoices

_CURRENCY = "GBP"
_SPAN = Span(date(2010, 12, 1), date(2010, 12, 23), "UTC")


def drawing() -> str:
    found = invoices()
    carts = pandas.DataFrame(
        {
            "purchased": True,
            "purchased_at": pandas.to_datetime([one.when for one in found]),
            "amount": [_amount(one) for one in found],
            "currency": _CURRENCY,
        }
    )
    rows = sales(carts, "day", _SPAN, fill=True)
    when = f"{_SPAN.since} to {_SPAN.until} (UTC)"
    return sales_plot(rows, "day", when, "svg").data.decode()


def _amount(invoice: Invoice) -> Decimal:
    prices = ((Decimal(sku.rpartition("@")[2]), count) for sku, count in invoice.contents.items())
    return sum((price * count for price, count in prices), Decimal(0))
