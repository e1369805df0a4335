"""What was bought, order by order, or line by line."""

from __future__ import annotations

from typing import Final

import pandas

from cartcli.merchant.reports import orders
from cartcli.merchant.reports.span import Span

COLUMNS: Final = ("user", "lines", "purchased", "purchased_at", "amount", "currency")
_ORDER: Final = ("order", "user", "purchased", "quantity", "amount", "currency")
_LINE: Final = ("order", "user", "purchased", "sku", "name", "price", "quantity", "total")


def bought(
    carts: pandas.DataFrame, span: Span | None = None, *, lines: bool = False
) -> pandas.DataFrame:
    """A row for each `order`, the oldest first: its `user`, when it was `purchased`, the `quantity`
    of all that is in it, the `amount` that was charged. With `lines` a row for each line of it:
    `sku`, `name` and `price` as they were then, `quantity`, and the exact `total`."""
    within = orders.purchased(carts, span or Span()).reset_index()
    rows = within.sort_values(["purchased_at", "cart"], ignore_index=True)
    rows = rows.rename(columns={"cart": "order", "purchased": "is", "purchased_at": "purchased"})
    if not lines:
        quantity = [sum(line[3] for line in each) for each in rows["lines"]]
        return rows.assign(quantity=pandas.Series(quantity, dtype=int))[list(_ORDER)]
    told = (rows[name] for name in ("order", "user", "purchased", "lines", "currency"))
    each_line = [
        (order, user, when, sku, name, price, quantity, price * quantity, currency)
        for order, user, when, contents, currency in zip(*told, strict=True)
        for sku, name, price, quantity in contents
    ]
    return pandas.DataFrame(each_line, columns=[*_LINE, "currency"])
