"""Who stands behind the merchant's door."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from cartcli.cart_db import CartBooks, Watched, Which
from cartcli.catalog_db import CatalogDb
from cartcli.merchant import By, Kind, Merchant, Told
from cartcli.payment import PaymentProcessor

if TYPE_CHECKING:
    from pandas import DataFrame

    from cartcli.merchant.audit import Audit
    from cartcli.merchant.importing.plan import Plan


class Office(Merchant):
    """Reads all `carts`, the payments of `payment` and the `catalog` of what is on sale; imports
    go to `stock`, the shop's own catalogue, in its one `currency`. `clock` gives the present time
    in UTC."""

    def __init__(
        self,
        carts: CartBooks,
        payment: PaymentProcessor,
        catalog: CatalogDb,
        stock: CatalogDb,
        currency: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._carts = carts
        self._payment = payment
        self._catalog = catalog
        self._stock = stock
        self._currency = currency
        self._clock = clock

    def audit(self) -> Audit:
        from cartcli.merchant.audit import audit

        return audit(self._carts, self._payment)

    def report(
        self,
        kind: Kind = "sales",
        by: By = "day",
        since: date = date.min,
        until: date = date.max,
        progress: Watched = iter,
    ) -> DataFrame:
        from cartcli.merchant.reports import customers, items, open_carts, sales
        from cartcli.merchant.reports.span import Span

        span = Span(since, until)
        match kind:
            case "sales":
                bought = self.carts_frame("purchased", sales.COLUMNS, progress)
                return sales.sales(bought, by, span)
            case "items":
                return items.items(self.carts_frame("purchased", items.COLUMNS, progress), span)
            case "customers":
                bought = self.carts_frame("purchased", customers.COLUMNS, progress)
                return customers.customers(bought, span)
            case "open":
                waiting = self.carts_frame("unpurchased", open_carts.COLUMNS, progress)
                return open_carts.open_carts(waiting, self._clock(), span)

    def plan_import(self, *, merge: bool = False, told: Told | None = None) -> Plan:
        from cartcli.merchant.importing.plan import Plan

        return Plan(self._stock, self._currency, merge=merge, told=told)

    def carts_frame(
        self,
        which: Which = "all",
        columns: Collection[str] | None = None,
        progress: Watched = iter,
    ) -> DataFrame:
        return self._carts.frame(which, columns, progress)

    def catalog_frame(self) -> DataFrame:
        return self._catalog.frame()
