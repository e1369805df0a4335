"""Services that a program brings itself, or another package, in place of those in the store's
folder. Whatever has the members of a contract will do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from cartcli.bootstrap import Folder, check
from cartcli.cart_db import CartDb, CartReader
from cartcli.cart_db.keeper import CartKeeper
from cartcli.catalog_db import CatalogDb, Progress
from cartcli.controller import Controller
from cartcli.errors import FixInput
from cartcli.files import layout
from cartcli.idp import Accounts, Logins
from cartcli.payment import PaymentProcessor, Processors
from cartcli.settings import Settings, looks_like_url
from cartcli.terms import Note, ShopTerms, Terms

if TYPE_CHECKING:
    from cartcli.merchant import Told
    from cartcli.model.backups import Backup

Made = Callable[[], object]
_UNCHANGED: Final = "Nothing was changed."
OWN_CATALOG: Final = "catalog.csv"
_NAMES: Final = {"idp": "logins"}
_CONTRACTS: Final = {
    "catalog": CatalogDb,
    "payment": PaymentProcessor,
    "idp": Logins,
    "carts": CartDb,
}


class Given(NamedTuple):
    """What makes each service that is given, None for each that is not."""

    catalog: Made | None = None
    payment: Made | None = None
    idp: Made | None = None
    carts: Made | None = None


def open_with(
    services: Mapping[str, object],
    settings: Settings,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
    note: Note | None = None,
) -> Controller:
    """The shop of these `settings` with these `services`, by the names in `Given`; the rest is
    those that the settings name. FixInput when one of them lacks what its contract has."""
    from cartcli.bootstrap.installed import services_of

    given = services_of(settings, clock)
    for name, service in services.items():
        if service is not None:
            part_of(service, _CONTRACTS[name], _called(name))
            given = given._replace(**{name: _making(service)})
    if looks_like_url(settings.store):
        raise FixInput(
            "a store that is a URL has services of its own", f"{_UNCHANGED} Name a folder."
        )
    check(settings.store)
    layout.check(settings.store)
    if catalog := cast("CatalogDb | None", services.get("catalog")):
        settings = _selling(settings, catalog)
    terms = ShopTerms(settings, note)
    shop = Controller(GivenFolder(settings, clock, progress, terms, given), clock)
    terms.check_given()
    return shop


class GivenFolder(Folder):
    """The services of a shop in a folder, but for those that are `given`."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime],
        progress: Progress | None,
        terms: ShopTerms,
        given: Given,
    ) -> None:
        super().__init__(settings, clock, progress, terms)
        self._given = given
        self._made: dict[str, object] = {}

    @property
    def catalog_db(self) -> CatalogDb:
        return self._own("catalog") if self._given.catalog else super().catalog_db

    @property
    def stock(self) -> CatalogDb:
        return self._own("catalog") if self._given.catalog else super().stock

    def keep_terms(self, catalog: CatalogDb) -> None:
        if not self._given.catalog:
            super().keep_terms(catalog)
        elif not self._terms.laid_down():
            # Opened without it, the shop sells from a file of its own, and never from the sample.
            self._terms.create(Terms(catalog.currency, OWN_CATALOG))

    @property
    def cart_db(self) -> CartDb:
        return self._own("carts") if self._given.carts else super().cart_db

    @property
    def cart_reader(self) -> CartReader:
        return self._own("carts", CartReader) if self._given.carts else super().cart_reader

    @property
    def cart_keeper(self) -> CartKeeper:
        return self._own("carts", CartKeeper) if self._given.carts else super().cart_keeper

    @property
    def logins(self) -> Logins:
        return self._own("idp") if self._given.idp else super().logins

    @property
    def accounts(self) -> Accounts:
        return self._own("idp", Accounts) if self._given.idp else super().accounts

    @property
    def payments(self) -> Processors:
        embedded = super().payments
        if not self._given.payment:
            return embedded
        own = self._own("payment")
        try:
            return Processors(own, embedded.today)  # who settles what it began
        except ValueError as error:
            raise FixInput(str(error), _UNCHANGED) from None

    def back_up(self, folder: str | PathLike[str], told: Told | None) -> Backup:
        if self._given.carts:
            raise FixInput(
                "the carts of this shop are not in its store",
                "Nothing was copied. Back them up where they are.",
            )
        from cartcli.bootstrap.upkeep import back_up

        def open_copy(settings: Settings) -> Controller:
            payment = self._own("payment") if self._given.payment else None
            return open_with({"payment": payment}, settings, self._clock)

        sold_elsewhere = self._given.catalog is not None
        return back_up(
            self._settings,
            folder,
            None if sold_elsewhere else self._terms,
            self._clock,
            told,
            open_copy,
        )

    def _own(self, name: str, contract: type | None = None) -> Any:
        """The service that is given by that `name`, which has what its contract has; FixInput when
        it has not what the other `contract` has, that this shop asks for."""
        if name not in self._made:
            service = getattr(self._given, name)()
            self._made.setdefault(name, part_of(service, _CONTRACTS[name], _called(name)))
        made = self._made[name]
        return part_of(made, contract, _called(name)) if contract else made


def _selling(settings: Settings, catalog: CatalogDb) -> Settings:
    """The `settings` of a shop that sells from this catalogue; FixInput when they name another
    currency."""
    soft = dict(settings.sources)
    if settings.currency not in (None, catalog.currency) and "currency" not in soft:
        raise FixInput(
            f"the catalogue that is given is in {catalog.currency}, not in {settings.currency}",
            _UNCHANGED,
        )
    rest = {key: source for key, source in soft.items() if key not in ("currency", "catalog")}
    return settings._replace(currency=catalog.currency, catalog=None, sources=tuple(rest.items()))


def _called(name: str) -> str:
    return f"what is given for {_NAMES.get(name, name)}"


def _making(service: object) -> Made:
    return lambda: service


def part_of(service: object, contract: type, what: str) -> Any:
    """The `service`, which passes for one of the `contract`; FixInput, in which it is called
    `what`, when it lacks something."""
    members = {*vars(contract), *getattr(contract, "__annotations__", ())}
    lacks = sorted(name for name in members if name[0] != "_" and not hasattr(service, name))
    if lacks:
        raise FixInput(
            f"{what} is no {contract.__name__}: a {type(service).__name__} has no"
            f" {', '.join(lacks)}",
            _UNCHANGED,
        )
    return service
