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
    from cartcli.model.audit import Audit
    from cartcli.model.backups import Backup, Restored
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
    from cartcli.upgrade import upgrade  # hardly any process needs it

    _check(settings.store)
    return upgrade(settings.store, settings.lock_wait, told)


def restore_store(
    settings: Settings,
    folder: str | PathLike[str],
    told: Told | None = None,
    *,
    replace: bool = False,
    clock: Callable[[], datetime] = utc_now,
) -> Restored:
    """Put the backup in the `folder` in place as the store of these `settings`, as
    `cartcli.backup.restore` does. FixInput and RepairStore as for `open_shop`."""
    from cartcli.backup import restore

    _check_kind(settings.store)
    return restore(
        settings.store,
        _folder(folder),
        lambda store: _audited(settings, store, clock),
        clock(),
        told or _nobody,
        replace=replace,
        lock_wait=settings.lock_wait,
    )


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

    def back_up(self, folder: str | PathLike[str], told: Told | None) -> Backup:
        from cartcli.backup import backup  # few processes need it

        settings, clock = self._settings, self._clock
        return backup(
            settings.store,
            _folder(folder),
            lambda copy: _audited(settings, copy, clock),
            clock(),
            told or _nobody,
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


def _audited(settings: Settings, store: str, clock: Callable[[], datetime]) -> Audit:
    """What an audit finds of a shop with these `settings`, but in this `store`."""
    return open_shop(settings._replace(store=store), clock=clock).merchant.audit()


def _folder(given: str | PathLike[str]) -> str:
    """The path of a folder that is no store."""
    path = os.fspath(given)
    if not path or "\0" in path or looks_like_url(path):
        raise FixInput(f"{path!r} is not the path of a folder", "Nothing was changed.")
    return os.path.abspath(os.path.expanduser(path))


def _nobody(what: str, done: int, of: int) -> None:
    """Is told, and does nothing."""


def _check(store: str) -> None:
    """FixInput when `store` is a URL; RepairStore unless it is a folder that only its owner may
    write, or is not there."""
    _check_kind(store)
    layout.check_in_place(store)
    safety.check_folders(store, names.FOLDERS)


def _check_kind(store: str) -> None:
    if looks_like_url(store):
        scheme = store.partition(":")[0]  # and no more: a URL may hold a password
        raise FixInput(
            f"the store is a {scheme} URL, and a store is a folder: there is none behind URLs yet",
            "Nothing was changed. Name a folder.",
        )
    if os.name != "posix":
        raise RepairStore(
            "the file store needs POSIX locks, which this system does not have",
            "Nothing was changed. Use it on Linux or macOS.",
        )
