"""What a shop has laid down: the currency that it sells in, and the catalogue that it sells from.

`shop.json` in the store holds `currency`, and in `catalogue` a path: one that is relative begins at
the store, so that this can be moved; null stands for the sample, until the store has a catalogue of
its own: whoever sees that first writes it down, so that the sample is never sold again. It is
written with the first item put in a cart, or with the first import. Until then a store is new, and
the settings tell; from then on it tells, and they agree with it or do not count.

found.py   the terms of a store with carts that has none     changes.py   what a merchant decides
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from cartcli.catalog_db import catalog_of
from cartcli.errors import CartError, FixInput, RetryLater
from cartcli.files import durable, layout, names, sealed
from cartcli.files.safety import damaged, is_there, stranger
from cartcli.model.currencies import currency_code
from cartcli.settings import Settings

SAMPLE: Final = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "catalog.csv")
NEW_CURRENCY: Final = "USD"  # of a new shop, unless the settings name another one
Note = Callable[[str], None]


class Terms:
    """The `currency`, and the `catalogue`: a path from the root or from the store, or None for the
    sample until the store has a catalogue of its own."""

    __slots__ = ("catalogue", "currency")  # by hand: every command makes this class

    def __init__(self, currency: str, catalogue: str | None) -> None:
        self.currency: Final = currency
        self.catalogue: Final = catalogue

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Terms) and self.record() == other.record()

    def __hash__(self) -> int:
        return hash((self.currency, self.catalogue))

    def record(self) -> dict[str, str | None]:
        """As they stand in the file."""
        return {"currency": self.currency, "catalogue": self.catalogue}


class ShopTerms:
    """The terms of the shop of these `settings`. `note` is told of settings that do not count. With
    `looking`, another catalogue may be given: it is looked at, and nothing is sold."""

    def __init__(
        self, settings: Settings, note: Note | None = None, *, looking: bool = False
    ) -> None:
        self._settings = settings
        self._note = note
        self._looking = looking
        self._store = settings.store
        self._file = os.path.join(settings.store, names.SHOP)
        self._own = catalog_of(settings.store)
        self._read: tuple[durable.Stamp | None, Terms] | None = None
        self._found: Terms | None = None
        self._compared: tuple[str, str] | None = None
        self._kept: tuple[str, str] | None = None

    def now(self) -> tuple[str, str]:
        """The currency and the path of the catalogue, as they count now. A catalogue of its own in
        a shop that has sold the sample is laid down, if that can be done at once.

        FixInput when others were given, RepairStore when nobody has told yet in which currency the
        shop sells, RestoreData when the file is damaged.
        """
        terms = self.standing()
        asked = terms and not terms.catalogue and terms is not self._found
        has_own = is_there(self._own) if asked else None
        if terms and has_own:
            terms = self._with_own(terms)
        now = self._by(terms, has_own)
        # The sample is what is sold until there is another catalogue.
        lasting = not self._looking and (terms and (terms.catalogue or now[1] == SAMPLE))
        self._kept = now if lasting and terms is not self._found else None
        return now

    def seen(self) -> tuple[str, str]:
        """What `now` returns; nothing is laid down."""
        return self._by(self.standing())

    def check_given(self) -> None:
        """FixInput when what was given is not what the shop has laid down."""
        settings, soft = self._settings, dict(self._settings.sources)
        given = (settings.currency and "currency" not in soft) or self._given_catalog()
        if given and self.laid_down():
            self.now()

    def laid_down(self) -> Terms | None:
        """What stands in the file, if there is one. RestoreData when it is damaged."""
        known = self._read
        try:
            stamp = durable.settled_stamp(self._file)
            if known is None or stamp is None or known[0] != stamp:
                known = self._read = stamp, _terms_of(self._file, durable.read(self._file))
        except FileNotFoundError:
            return None
        return known[1]

    def standing(self) -> Terms | None:
        """What is laid down, or what is found in the carts that there are; None in a new store."""
        terms = self.laid_down()
        if terms or not layout.holds(self._store):
            return terms
        if terms := self.laid_down():  # and the carts were put there between the two looks
            return terms
        if self._found is None:
            from cartcli.terms.found import terms_of_carts

            self._found = terms_of_carts(self._settings)
        return self._found

    def keep(self, currency: str, path: str) -> None:
        """Lay down the terms, durably, unless they were at the last look; to be called before
        anything is sold in the `currency` by the catalogue at `path`, and before one is put there
        that is the store's own.

        FixInput or RetryLater when they are others by now: nothing was written.
        """
        if (currency, path) == self._kept:
            return
        known = self.laid_down()  # one look: what is compared is what is kept
        now = self._by(known or self.standing())
        if self._looking:
            raise FixInput("this catalogue is only looked at", "Nothing was changed.")
        if now[0] != currency or path not in (now[1], self._own):
            raise _changed_meanwhile()
        terms = Terms(currency, self.relative(now[1]))
        if known is None and not self.create(terms):
            self.keep(currency, path)  # somebody else has been first
        elif known and known.catalogue is None and terms.catalogue:
            self.replace(known, terms)  # from now on the sample is never sold again

    def create(self, terms: Terms) -> bool:
        """Lay the first `terms` down. Whether there were none yet."""
        layout.claim(self._store)
        try:
            durable.create(self._file, sealed.seal(terms.record()))
        except FileExistsError:  # whoever put it there may have been killed before it was durable
            durable.sync_folder(self._store)
            return False
        return True

    def replace(self, known: Terms, terms: Terms, lock_wait: float | None = None) -> None:
        """Lay `terms` down in place of the `known` ones; RetryLater when those have changed, or
        others change them for longer than `lock_wait` seconds, by default those of the settings."""
        from cartcli.files import locks  # hardly anybody changes them

        wait = self._settings.lock_wait if lock_wait is None else lock_wait
        with locks.locked(f"{self._store}/shop.lock", wait):
            if self.laid_down() != known:
                raise _changed_meanwhile()
            durable.replace(self._file, sealed.seal(terms.record()))

    def elsewhere(self) -> str:
        """Where the catalogue is that the shop sells from, when it is not in the store; else ""."""
        terms = self.standing()
        path = terms.catalogue if terms else self._settings.catalog
        return path if path and os.path.isabs(path) and self.relative(path) == path else ""

    def path_of(self, catalogue: str | None, has_own: bool | None = None) -> str:
        """Where this `catalogue` of terms is; `has_own` tells whether the store has one of its own,
        if that is known."""
        if catalogue is None:
            there = is_there(self._own) if has_own is None else has_own
            return self._own if there else SAMPLE
        return os.path.join(self._store, catalogue)

    def relative(self, path: str) -> str | None:
        """The catalogue at `path` as terms have it."""
        if _same(path, SAMPLE):
            return None
        folder, name = os.path.split(path)
        real = os.path.join(os.path.realpath(folder), name)
        for one, store in ((path, self._store), (real, os.path.realpath(self._store))):
            if one.startswith(f"{store}{os.sep}"):
                return os.path.relpath(one, store)
        return path

    def _with_own(self, terms: Terms) -> Terms:
        """The terms that count now that a shop that has sold the sample, by these `terms`, has a
        catalogue of its own. They are laid down here as well as with the next sale: there may be
        nothing but looks while it has one. Who cannot write only looks."""
        own = Terms(terms.currency, self.relative(self._own))
        if not stranger(self._store):  # root's file would be nobody's to read
            with suppress(CartError, OSError):
                self.replace(terms, own, lock_wait=0)
                return own
        return terms

    def _by(self, terms: Terms | None, has_own: bool | None = None) -> tuple[str, str]:
        """What `now` returns, by these `terms`; None is a new store."""
        if terms is None:
            settings = self._settings
            return settings.currency or NEW_CURRENCY, settings.catalog or self.path_of(None)
        now = terms.currency, self.path_of(terms.catalogue, has_own)
        if now != self._compared:
            self._compare(*now)
            self._compared = now
        return terms.currency, self._looked_at() or now[1]

    def _given_catalog(self) -> str | None:
        """The catalogue that was given, and is no mere default of a new store."""
        settings = self._settings
        return None if "catalog" in dict(settings.sources) else settings.catalog

    def _looked_at(self) -> str | None:
        return self._given_catalog() if self._looking else None

    def _compare(self, currency: str, path: str) -> None:
        """FixInput when another currency or catalogue was given; other defaults are noted."""
        settings = self._settings
        if settings.currency not in (None, currency):
            differs = f"sells in {currency}, not in {settings.currency}"
            self._refuse("currency", differs, sells_in=currency)
        other = settings.catalog
        if other and not self._looked_at() and not _same(other, path):
            differs = f"sells from {path}, not from {other}"
            self._refuse("catalog", differs, sells_from=path, other=other)

    def _refuse(self, key: str, differs: str, **facts: str) -> None:
        if source := dict(self._settings.sources).get(key):
            if self._note:
                self._note(f"This shop {differs}, whatever {source} says.")
            return
        raise FixInput(f"this shop {differs}", "Nothing was changed.", **facts)


def _terms_of(path: str, data: bytes) -> Terms:
    """The terms in the file `path`; RestoreData when there are none."""
    record = sealed.unseal(path, data)
    text = sealed.text_field(path, record, "currency")
    try:
        currency = currency_code(text)
    except ValueError as error:
        raise damaged(path, str(error)) from None
    if record.get("catalogue", "") is None:
        return Terms(currency, None)
    catalogue = sealed.text_field(path, record, "catalogue")
    if not catalogue or "\0" in catalogue:
        raise damaged(path, "its 'catalogue' is no path")
    return Terms(currency, catalogue)


def _changed_meanwhile() -> RetryLater:
    return RetryLater(
        "this shop's currency, or its catalogue, was changed meanwhile",
        "Nothing was changed. Try again in a moment.",
    )


def _same(one: str, other: str) -> bool:
    """Whether both paths lead to the same place."""
    return one == other or os.path.realpath(one) == os.path.realpath(other)
