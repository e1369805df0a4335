"""Who stands behind the merchant's door."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Protocol

from cartcli.cart_db import CartReader, Watched, Which
from cartcli.errors import RestoreData
from cartcli.merchant import OLD_GUESTS, By, Kind, Merchant, Told
from cartcli.model.people import Identity, flag
from cartcli.rules.choices import check_choice, checked_zone
from cartcli.rules.identities import named

if TYPE_CHECKING:
    from pandas import DataFrame

    from cartcli.cart_db.keeper import CartKeeper
    from cartcli.catalog_db import CatalogDb
    from cartcli.idp import Accounts, Sessions
    from cartcli.merchant.importing.plan import Plan
    from cartcli.merchant.settle import Settle
    from cartcli.model.audit import Audit, Pending, Settled
    from cartcli.model.backups import Backup
    from cartcli.model.cart import Cart
    from cartcli.model.lines import Item
    from cartcli.model.money import Money
    from cartcli.model.people import Role
    from cartcli.model.removed import Forgotten, Pruned
    from cartcli.payment import Processors


class Services(Protocol):
    """What the merchant's side of a shop stands on, each opened when it is first used."""

    @property
    def catalog_db(self) -> CatalogDb:
        """What is on sale."""

    @property
    def stock(self) -> CatalogDb:
        """The shop's own catalogue, where an import puts its items."""

    def keep_terms(self, catalog: CatalogDb) -> None:
        """Let the shop have this catalogue and its currency for good, durably, unless it has them
        already; to be called before anything is sold at its prices, and before and after the stock
        is replaced. FixInput or RetryLater when they are others by now: nothing was changed."""

    @property
    def cart_reader(self) -> CartReader:
        """Every user's carts."""

    @property
    def cart_keeper(self) -> CartKeeper:
        """Every user's carts, to be tidied up."""

    @property
    def payments(self) -> Processors:
        """Who charges."""

    @property
    def accounts(self) -> Accounts:
        """Who the users are."""

    @property
    def sessions(self) -> Sessions:
        """Who is logged in."""

    def back_up(self, folder: str | PathLike[str], told: Told | None) -> Backup:
        """Copy what all of these keep, as `Merchant.backup` does."""

    def sweep(self, before: datetime, *, dry_run: bool = False) -> int:
        """Remove what writers have left that were killed before, and return how much there is; with
        `dry_run` it stays."""


class Office(Merchant):
    """On the `services` of a shop, whose carts `settle_one` settles; `clock` gives the present time
    in UTC."""

    def __init__(
        self, services: Services, settle_one: Settle, clock: Callable[[], datetime]
    ) -> None:
        self._services = services
        self._settle_one = settle_one
        self._clock = clock

    def knows(self, name: str) -> bool:
        return self._services.accounts.knows(named(name))

    def give_roles(self, name: str, roles: Iterable[Role]) -> Identity:
        given = self._services.accounts.give_roles(named(name), roles)
        self._services.sessions.revoke_all(given.owner)  # they have the roles of before
        return given

    def set_password(self, name: str, password: str) -> int:
        identity = named(name)
        self._services.accounts.set_password(identity, password)
        return self._services.sessions.revoke_all(identity.owner)

    def forget(self, name: str, *, dry_run: bool = False) -> Forgotten:
        from cartcli.merchant.forget import forget, would_forget
        from cartcli.merchant.settle import settled

        services = self._services
        if flag("dry_run", dry_run):
            return would_forget(
                name,
                services.accounts,
                services.sessions,
                services.cart_keeper,
                services.cart_reader,
            )
        return forget(
            name,
            services.accounts,
            services.sessions,
            services.cart_keeper,
            lambda cart: settled(cart, self._settle_one, self._clock()),
        )

    def prune(self, *, older_than: timedelta = OLD_GUESTS, dry_run: bool = False) -> Pruned:
        from cartcli.merchant.prune import prune

        tries = flag("dry_run", dry_run)
        return prune(self._services, self._clock(), older_than, dry_run=tries)

    def audit(self) -> Audit:
        from cartcli.merchant.audit import audit

        return audit(self._services.cart_reader, self._services.payments)

    def pending(self) -> list[Pending]:
        from cartcli.merchant.waiting import pending

        found = pending(self._services.cart_reader, self._services.payments)
        return sorted(found, key=lambda one: (one.created, one.cart))

    def orders(
        self,
        order_ids: Sequence[str] = (),
        *,
        since: date = date.min,
        until: date = date.max,
        after: str = "",
        limit: int | None = None,
        progress: Watched = iter,
    ) -> list[Cart]:
        from cartcli.merchant.orders import orders

        reader = self._services.cart_reader
        return orders(reader, order_ids, since, until, after, limit, progress)

    def settle(
        self,
        cart_ids: Sequence[str] | None = None,
        *,
        older_than: timedelta = timedelta(),
        dry_run: bool = False,
    ) -> list[Settled]:
        from cartcli.merchant.settle import settle

        services = self._services
        cart_ids = [cart_ids] if isinstance(cart_ids, str) else cart_ids
        return [
            *settle(
                services.cart_reader,
                services.payments,
                None if flag("dry_run", dry_run) else self._settle_one,
                self._clock(),
                cart_ids,
                older_than,
            )
        ]

    def backup(self, folder: str | PathLike[str], told: Told | None = None) -> Backup:
        return self._services.back_up(folder, told)

    def report(
        self,
        kind: Kind = "sales",
        by: By = "day",
        since: date = date.min,
        until: date = date.max,
        progress: Watched = iter,
        *,
        lines: bool = False,
        fill: bool = False,
        timezone: str = "UTC",
    ) -> DataFrame:
        from cartcli.merchant.reports import bought, customers, items, open_carts, sales
        from cartcli.merchant.reports.span import Span
        from cartcli.rules.orders import check_days

        check_choice("kind", kind, Kind)
        check_choice("by", by, By)
        check_days(since, until)
        span = Span(since, until, checked_zone(timezone))
        match kind:
            case "sales":
                sold = self.carts_frame("purchased", sales.COLUMNS, progress)
                return sales.sales(sold, by, span, fill=fill)
            case "orders":
                sold = self.carts_frame("purchased", bought.COLUMNS, progress)
                return bought.bought(sold, span, lines=lines)
            case "items":
                return items.items(self.carts_frame("purchased", items.COLUMNS, progress), span)
            case "customers":
                sold = self.carts_frame("purchased", customers.COLUMNS, progress)
                return customers.customers(sold, span)
            case "open":
                waiting = self.carts_frame("unpurchased", open_carts.COLUMNS, progress)
                charged = {one.cart: one.charged for one in self.pending()}
                return open_carts.open_carts(waiting, self._clock(), span, charged)

    def set_item(
        self,
        sku: str,
        *,
        price: Money | None = None,
        name: str | None = None,
        description: str | None = None,
        dry_run: bool = False,
    ) -> Item:
        from cartcli.merchant.stock import set_item

        stock = self._services.stock
        keep = partial(self._services.keep_terms, stock)
        dry_run = flag("dry_run", dry_run)
        return set_item(stock, keep, sku, price, name, description, dry_run=dry_run)

    def remove_item(self, sku: str, *, dry_run: bool = False) -> Item:
        from cartcli.merchant.stock import remove_item

        stock = self._services.stock
        keep = partial(self._services.keep_terms, stock)
        return remove_item(stock, keep, sku, dry_run=flag("dry_run", dry_run))

    def plan_import(self, *, merge: bool = False, told: Told | None = None) -> Plan:
        from cartcli.merchant.importing.plan import Plan

        stock = self._services.stock
        keep = partial(self._services.keep_terms, stock)
        return Plan(stock, stock.currency, merge=merge, told=told, keep=keep)

    def carts_frame(
        self,
        which: Which = "all",
        columns: Collection[str] | None = None,
        progress: Watched = iter,
    ) -> DataFrame:
        from cartcli.merchant.frames import QUOTED, carts_frame
        from cartcli.merchant.quoting import quoted

        check_choice("which", which, Which)
        found = self._services.cart_reader.everything(which, progress=progress)
        carts: Iterator[Cart] = map(_undamaged, found)
        if columns is None or not QUOTED.isdisjoint(columns):
            catalog = self._services.catalog_db
            carts = quoted(carts, catalog, catalog.currency)
        return carts_frame(carts, columns)

    def catalog_frame(self) -> DataFrame:
        return self._services.catalog_db.frame()


def _undamaged(found: Cart | RestoreData) -> Cart:
    if isinstance(found, RestoreData):
        raise found
    return found
