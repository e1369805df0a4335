"""The one place that picks implementations and puts a shop together."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from datetime import datetime
from os import PathLike

from cartcli.cart_db import open_cart_db
from cartcli.catalog_db import Progress, catalog_of, open_catalog_db
from cartcli.controller import Controller
from cartcli.errors import RepairStore
from cartcli.idp import open_idp
from cartcli.model import utc_now
from cartcli.payment import open_payment
from cartcli.settings import Settings, load

_FOLDERS = ("carts", "payments", "orders", "users", "sessions", "guesses")
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
    wait = settings.lock_wait
    return Controller(
        open_catalog_db(catalog_path(settings), settings.currency, settings.store, progress),
        open_cart_db(settings.store, wait, clock),
        open_idp(settings.store, settings.session_hours, wait, clock),
        open_payment(settings.store, wait, settings.payment_delay, clock),
        settings.currency,
        clock,
    )


def catalog_path(settings: Settings) -> str:
    """The catalogue's file: the one that was named, else the store's, else the sample."""
    in_store = catalog_of(settings.store)
    return settings.catalog or (in_store if os.path.lexists(in_store) else SAMPLE)


def _check(store: str) -> None:
    """RepairStore unless `store` is a folder that only its owner may write, or is not there."""
    if os.name != "posix":
        raise RepairStore(
            "the file store needs POSIX locks, which this system does not have",
            "Nothing was changed. Use it on Linux or macOS.",
        )
    for folder in (store, *(os.path.join(store, name) for name in _FOLDERS)):
        try:
            info = os.stat(folder)
        except FileNotFoundError:
            continue
        if not stat.S_ISDIR(info.st_mode):
            raise RepairStore(f"{folder} is not a folder", "Name another store with --store.")
        if info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            from shlex import quote

            raise RepairStore(
                f"others may write to {folder}",
                f"Nothing was changed. Keep them out with:\n  chmod -R go-w {quote(store)}",
            )
