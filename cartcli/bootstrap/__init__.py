"""The one place that picks implementations and puts a shop together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Final

from cartcli.cart_db import CartDb, CartReader, open_cart_db, open_cart_reader
from cartcli.catalog_db import CatalogDb, Progress, catalog_of, open_catalog_db
from cartcli.controller import Controller
from cartcli.errors import FixInput, RepairStore
from cartcli.files import layout, names, safety
from cartcli.lazily import lazily
from cartcli.model.times import utc_now
from cartcli.settings import EMBEDDED, Settings, load, looks_like_url
from cartcli.terms import SAMPLE, Note, ShopTerms

if TYPE_CHECKING:
    from cartcli.cart_db.keeper import CartKeeper
    from cartcli.controller.services import Services
    from cartcli.idp import Accounts, Logins, Sessions
    from cartcli.merchant import Told
    from cartcli.model.backups import Backup
    from cartcli.payment import PaymentProcessor, Processors


def open_shop(
    settings: Settings | None = None,
    *,
    store: str | PathLike[str] | None = None,
    catalog: str | PathLike[str] | CatalogDb | None = None,
    currency: str | None = None,
    payment: str | PaymentProcessor | None = None,
    logins: str | Logins | None = None,
    carts: CartDb | None = None,
    environ: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] = utc_now,
    progress: Progress | None = None,
    note: Note | None = None,
) -> Controller:
    """The shop in the folder `store`, which is made when first written to.

    Takes ready `settings`, or reads them: what is given here wins over the `CART_…` variables of
    `environ` (by default the process's), those over the configuration file. With an `environ` of
    its own, such as `{}`, and a `store`, a program's shop has nothing to do with the settings of
    whoever runs it.

    A program's own services take the places of those in the store: a `catalog` that is no path but
    a `CatalogDb`; who charges, a `PaymentProcessor`; who knows the users, `Logins`, with whom the
    merchant has to do if it has what `Accounts` has; and the `carts`, a `CartDb`, which the
    merchant sees if it has what `CartReader` and `CartKeeper` have. `payment` and `logins` may also
    be names under which a package is installed that brings them.

    From the first item put in a cart, or the first import, the shop has a currency and a catalogue;
    then those of variables and of the file do not count, which `note` is told. `clock` gives the
    present time in UTC. Nothing is written yet.

    FixInput for a bad setting or service, or when another currency or catalogue is given than the
    shop has; RepairStore for a store that is not safe.

    >>> open_shop(store="a shop", currency="EUR", environ={}).currency
    'EUR'
    """
    _see_to_forks()
    told, given = {"store": store, "currency": currency}, {"carts": carts}
    for key, value in (("catalog", catalog), ("payment", payment), ("idp", logins)):
        is_setting = value is None or isinstance(value, str | bytes | PathLike)
        (told if is_setting else given)[key] = value  # type: ignore[assignment]
    settings = _settings(settings, told, environ)
    if any(service is not None for service in given.values()):
        from cartcli.bootstrap.given import open_with  # few programs bring services

        return open_with(given, settings, clock, progress, note)
    terms = ShopTerms(settings, note)
    shop = Controller(_services(settings, clock, progress, terms), clock)
    terms.check_given()
    return shop


def _settings(
    settings: Settings | None, told: Mapping[str, object], environ: Mapping[str, str] | None
) -> Settings:
    """The `settings`, if they are ready, else those of what is `told` and of the `environ`."""
    if settings is None:
        return load(told, environ)
    more = [name for name, value in told.items() if value is not None]
    more += ["environ"] if environ is not None else []
    if more:
        raise FixInput(
            f"settings are given, and besides them {', '.join(more)}",
            "Nothing was changed. Put it into the settings.",
        )
    return settings


_seen_to_forks: Final[list[bool]] = []


def _see_to_forks() -> None:
    """Have this process load all that a shop may need before it forks."""
    if not _seen_to_forks and hasattr(os, "register_at_fork"):
        _seen_to_forks.append(True)
        os.register_at_fork(before=_load_all)


def _load_all() -> None:
    from cartcli.bootstrap.forks import load_all  # few processes fork

    load_all()


def look_at(
    settings: Settings, *, progress: Progress | None = None, note: Note | None = None
) -> Controller:
    """As `open_shop`, but with the catalogue that is given, whichever the shop sells from: it can
    be looked at, and nothing is sold."""
    terms = ShopTerms(settings, note, looking=True)
    return Controller(_services(settings, utc_now, progress, terms), utc_now)


def shows_sample(settings: Settings) -> bool:
    """Whether `look_at` shows the sample."""
    return ShopTerms(settings, looking=True).now()[1] == SAMPLE


def stranger(settings: Settings) -> str:
    """Who owns the store, when it is somebody else than asks, as only root may; else ""."""
    return safety.stranger(settings.store)


class Folder:
    """The services of a shop in a folder, which has the `terms`."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime],
        progress: Progress | None,
        terms: ShopTerms,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._progress = progress
        self._terms = terms
        self._catalogs: dict[tuple[str, str], CatalogDb] = {}

    @property
    def catalog_db(self) -> CatalogDb:
        return self._catalog_in(*self._terms.now())

    @property
    def stock(self) -> CatalogDb:
        currency, _ = self._terms.now()
        return self._catalog_in(currency, catalog_of(self._settings.store))

    def keep_terms(self, catalog: CatalogDb) -> None:
        for terms, known in self._catalogs.items():
            if known is catalog:
                self._terms.keep(*terms)

    @lazily
    def cart_db(self) -> CartDb:
        return open_cart_db(self._settings.store, self._settings.lock_wait, self._clock)

    @lazily
    def cart_reader(self) -> CartReader:
        return open_cart_reader(self._settings.store)

    @lazily
    def cart_keeper(self) -> CartKeeper:
        from cartcli.cart_db.keeper import open_cart_keeper  # few processes remove carts

        return open_cart_keeper(self._settings.store, self._settings.lock_wait)

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

    def sweep(self, before: datetime, *, dry_run: bool = False) -> int:
        from cartcli.files import leftovers

        return leftovers.sweep(self._settings.store, before, dry_run=dry_run)

    @lazily
    def payments(self) -> Processors:
        from cartcli.payment import Processors, open_embedded

        settings = self._settings
        return Processors(
            open_embedded(settings.store, settings.lock_wait, settings.payment_delay, self._clock)
        )

    def back_up(self, folder: str | PathLike[str], told: Told | None) -> Backup:
        from cartcli.bootstrap.upkeep import back_up  # few processes need it

        return back_up(self._settings, folder, self._terms, self._clock, told)

    def _catalog_in(self, currency: str, path: str) -> CatalogDb:
        """The catalogue at `path`, its prices in `currency`: the same object whenever these are."""
        terms = currency, path
        if terms not in self._catalogs:
            settings = self._settings
            opened = open_catalog_db(
                path, currency, settings.store, self._progress, lock_wait=settings.lock_wait
            )
            self._catalogs.setdefault(terms, opened)  # another thread may have been faster
        return self._catalogs[terms]


def _services(
    settings: Settings,
    clock: Callable[[], datetime],
    progress: Progress | None,
    terms: ShopTerms,
) -> Services:
    """The services in the store of these `settings`, which is one of this version, or behind the
    URL that it is."""
    if looks_like_url(settings.store):
        from cartcli.bootstrap.installed import store_of  # most stores are folders

        return store_of(settings, clock)
    check(settings.store)
    layout.check(settings.store)
    if settings.payment == settings.idp == EMBEDDED:
        return Folder(settings, clock, progress, terms)
    from cartcli.bootstrap.given import GivenFolder
    from cartcli.bootstrap.installed import services_of

    return GivenFolder(settings, clock, progress, terms, services_of(settings, clock))


def check(store: str) -> None:
    """FixInput when `store` is a URL; RepairStore unless it is a folder that only its owner may
    write, or is not there."""
    check_kind(store)
    layout.check_in_place(store)
    safety.check_owned(store, names.FOLDERS, names.FILES)


def check_kind(store: str) -> None:
    """FixInput when `store` is a URL; RepairStore where a folder cannot be one."""
    if looks_like_url(store):
        scheme = store.partition(":")[0]  # and no more: a URL may hold a password
        raise FixInput(
            f"the store is a {scheme} URL, and this is for a store that is a folder",
            "Nothing was changed. Name a folder.",
        )
    try:
        import cartcli.files.locks  # noqa: F401
    except ImportError:
        raise RepairStore(
            "the file store needs POSIX locks, which this system does not have",
            "Nothing was changed. Use it on Linux or macOS.",
        ) from None
