"""The services that a shop stands on."""

from __future__ import annotations

from typing import Protocol

from cartcli.cart_db import CartDb, CartReader
from cartcli.catalog_db import CatalogDb
from cartcli.idp import Logins, Sessions
from cartcli.payment import PaymentProcessor


class Services(Protocol):
    """What a shop stands on. A service is opened when it is first used, because most calls need
    few of them."""

    @property
    def catalog_db(self) -> CatalogDb:
        """What is on sale."""

    @property
    def stock(self) -> CatalogDb:
        """Where an import puts its items: the shop's own catalogue."""

    @property
    def cart_db(self) -> CartDb:
        """Users' carts, each seen by its owner alone."""

    @property
    def cart_reader(self) -> CartReader:
        """Every user's carts, for the merchant."""

    @property
    def logins(self) -> Logins:
        """Who users are."""

    @property
    def sessions(self) -> Sessions:
        """For how long that holds."""

    @property
    def payment(self) -> PaymentProcessor:
        """Who charges cards."""
