"""The one place that picks implementations and puts a shop together."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING

from cartcli.cart_db import CartDb, CartReader, open_cart_db, open_cart_reader
from cartcli.catalog_db import CatalogDb, Progress, catalog_of, open_catalog_db
from cartcli.controller import Controller
from cartcli.errors import FixInput, RepairStore
from cartcli.files import layout, names, safety
from cartcli.lazily import lazily
from cartcli.model.times import utc_now
from cartcli.settings import Settings, load, looks_like_url

if TYPE_CHECKING:
    from cartcli.idp import Accounts, Logins, Sessions
    from cartcli.merchant import Told
    from cartcli.payment import Processors
    from cartcli.upgrade import Upgraded

SAMPLE = os.path.join(os.path.dirname(__file__), "data", "catalog.csv")


def open_shop(
    settings: Settings | None = None,
    *,
    store: str | PathLike[str] | None = None,
    catalog: str | PathLike[str] | None = None,
    currency: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    progress: Progress | None = None,
) -> Controller:
    """The shop in the folder `store`, which is made when first written to.

    Takes ready `settings`, or reads them: what is given here wins over `CART_…` variables, those
    over the configuration file. `clock` gives the present time in UTC. Nothing is read or written
    yet but the settings. FixInput for a bad setting, RepairStore for a store that is not safe.
    """
    if settings is None:
        settings = load({"store": store, "catalog": catalog, "currency": currency})
    _check(settings.store)
    layout.check(settings.store)
    return Controller(_Folder(settings, clock, progress), settings.currency, clock)


def upgrade_store(settings: Settings, told: Told | None = None) -> Upgraded:
    """Convert the store of these `settings` if an older version wrote it, as
    `cartcli.upgrade.upgrade` does. FixInput and RepairStore as for `open_shop`."""
    _check(settings.store)
    from cartcli.upgrade import upgrade  # hardly any process needs it

    return upgrade(settings.store, settings.lock_wait, told)


class _Folder:
    """The services of a shop in a folder."""

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime], progress: Progress | None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._progress = progress

    @lazily
    def catalog_db(self) -> CatalogDb:
        return self._catalog_in(catalog_path(self._settings))

    @lazily
    def stock(self) -> CatalogDb:
        return self._catalog_in(catalog_of(self._settings.store))

    @lazily
    def cart_db(self) -> CartDb:
        return open_cart_db(self._settings.store, self._settings.lock_wait, self._clock)

    @lazily
    def cart_reader(self) -> CartReader:
        return open_cart_reader(self._settings.store)

    @lazily
    def logins(self) -> Logins:
        from cartcli.idp import open_logins

        return open_logins(self._settings.store, self._settings.lock_wait, self._clock)

    @lazily
    def accounts(self) -> Accounts:
        from cartcli.idp import open_accounts

        return open_accounts(self._settings.store, self._settings.lock_wait, self._clock)

    @lazily
    def sessions(self) -> Sessions:
        from cartcli.idp import open_sessions

        return open_sessions(self._settings.store, self._settings.session_hours, self._clock)

    @lazily
    def payments(self) -> Processors:
        from cartcli.payment import Processors, open_embedded

        settings = self._settings
        return Processors(
            open_embedded(settings.store, settings.lock_wait, settings.payment_delay, self._clock)
        )

    def _catalog_in(self, path: str) -> CatalogDb:
        settings = self._settings
        return open_catalog_db(
            path,
            settings.currency,
            settings.store,
            self._progress,
            lock_wait=settings.lock_wait,
        )


def catalog_path(settings: Settings) -> str:
    """The catalogue's file: the one that was named, else the store's, else the sample."""
    in_store = catalog_of(settings.store)
    return settings.catalog or (in_store if os.path.lexists(in_store) else SAMPLE)


def _check(store: str) -> None:
    """FixInput when `store` is a URL; RepairStore unless it is a folder that only its owner may
    write, or is not there."""
    if looks_like_url(store):
        scheme = store.partition(":")[0]  # and no more: a URL may hold a password
        raise FixInput(
            f"the store is a {scheme} URL, and a store is a folder: there is none behind URLs yet",
            "Nothing was changed. Name a folder.",
        )
    try:
        import cartcli.files.locks  # noqa: F401
    except ImportError:
        raise RepairStore(
            "the file store needs POSIX locks, which this system does not have",
            "Nothing was changed. Use it on Linux or macOS.",
        ) from None
    safety.check_folders(store, names.FOLDERS)
