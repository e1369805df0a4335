"""What is done with a store as a whole, and with what it sells from."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING

from cartcli.bootstrap import check, check_kind, open_shop
from cartcli.catalog_db import catalog_of
from cartcli.errors import CartError, FixInput
from cartcli.files import layout
from cartcli.model.times import utc_now
from cartcli.settings import Settings, looks_like_url, whole_path
from cartcli.terms import Note, ShopTerms, changes

if TYPE_CHECKING:
    from cartcli.controller import Controller
    from cartcli.merchant import Told
    from cartcli.model.audit import Audit
    from cartcli.model.backups import Backup, Restored
    from cartcli.upgrade import Upgraded


def terms_of(settings: Settings, note: Note | None = None) -> tuple[str, str, bool]:
    """The currency and the path of the catalogue of the shop of these `settings`, and whether it
    has them for good. Raises what `open_shop` and the first look at prices do."""
    if looks_like_url(settings.store):
        return open_shop(settings).currency, catalog_of(settings.store), True
    check(settings.store)
    layout.check(settings.store)
    terms = ShopTerms(settings, note)
    return *terms.now(), terms.standing() is not None


def sell_from(settings: Settings, path: str) -> None:
    """Let the shop sell from the catalogue at `path` from now on; a new one in the currency of the
    `settings`. FixInput when that catalogue breaks a rule, and whatever `terms_of` raises."""
    check(settings.store)
    layout.check(settings.store)
    changes.sell_from(settings, _path_of(path))


def sell_in(settings: Settings, currency: str) -> None:
    """Let the shop sell in this currency. FixInput when it is none, or the shop has another one."""
    check(settings.store)
    layout.check(settings.store)
    changes.sell_in(settings, currency)


def upgrade_store(settings: Settings, told: Told | None = None) -> Upgraded:
    """Convert the store of these `settings` if an older version wrote it, as
    `cartcli.upgrade.upgrade` does. FixInput and RepairStore as for `open_shop`."""
    check(settings.store)
    from cartcli.terms.found import keep_found
    from cartcli.upgrade import upgrade

    upgraded = upgrade(settings.store, settings.lock_wait, told)
    if upgraded.converted:
        keep_found(settings)
    return upgraded


def restore_store(
    settings: Settings,
    folder: str | PathLike[str],
    told: Told | None = None,
    *,
    replace: bool = False,
    dry_run: bool = False,
    clock: Callable[[], datetime] = utc_now,
) -> Restored:
    """Put the backup in the `folder` in place as the store of these `settings`, as
    `cartcli.backup.restore` does. FixInput and RepairStore as for `open_shop`."""
    check_kind(settings.store)
    from cartcli.backup import restore  # which needs locks

    return restore(
        settings.store,
        _path_of(folder),
        lambda store: _audited(settings, store, clock),
        clock(),
        told or _nobody,
        replace=replace,
        lock_wait=settings.lock_wait,
        dry_run=dry_run,
    )


def back_up(
    settings: Settings,
    folder: str | PathLike[str],
    terms: ShopTerms | None,
    clock: Callable[[], datetime],
    told: Told | None,
    open_copy: Callable[[Settings], Controller] | None = None,
) -> Backup:
    """Copy the store of these `settings`, which has the `terms`, or sells from a catalogue that a
    program brings, as `cartcli.backup.backup` does. `open_copy` opens the copy to audit it."""
    from cartcli.backup import backup

    made = backup(
        settings.store,
        _path_of(folder),
        lambda copy: _audited(settings, copy, clock, open_copy, sells=terms is not None),
        clock(),
        told or _nobody,
    )
    if terms is None:
        return made
    try:
        return made._replace(catalogue_elsewhere=terms.elsewhere())
    except CartError:  # what is wrong with the terms is told of the copy
        return made


def _audited(
    settings: Settings,
    store: str,
    clock: Callable[[], datetime],
    opened: Callable[[Settings], Controller] | None = None,
    *,
    sells: bool = True,
) -> Audit:
    """What an audit finds of a shop with these `settings`, but in this `store`, as it is `opened`;
    and if it `sells` from a file, whether it knows from which."""
    settings = settings._replace(store=store, catalog=None, currency=None)
    shop = opened(settings) if opened else open_shop(settings, clock=clock)
    found = shop.merchant.audit()
    if not sells:
        return found
    try:
        _, path = ShopTerms(settings).seen()  # what is looked at is a copy
        missing = "" if os.path.exists(path) else f"the catalogue {path} is missing"
    except CartError as error:
        missing = error.message
    from cartcli.model.audit import Disagreement  # few processes need it

    told = [Disagreement("", missing)] if missing else []
    return found._replace(disagreements=[*found.disagreements, *told])


def _path_of(given: str | PathLike[str]) -> str:
    """The path of what lies elsewhere than in the store."""
    path = os.fspath(given)
    if looks_like_url(path):
        raise FixInput(f"{path!r} is not a path", "Nothing was changed.")
    try:
        return whole_path(path, typed=True)
    except ValueError as error:
        raise FixInput(str(error), "Nothing was changed.") from None


def _nobody(what: str, done: int, of: int) -> None:
    """Is told, and does nothing."""
