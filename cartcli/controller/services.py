"""The services that a shop stands on."""

from __future__ import annotations

from typing import Protocol

from cartcli.cart_db import CartDb
from cartcli.idp import Logins
from cartcli.merchant import office


class Services(office.Services, Protocol):
    """What a shop stands on: what its merchant's side does, and what its customers need. A service
    is opened when it is first used, because most calls need few of them."""

    @property
    def cart_db(self) -> CartDb:
        """Users' carts, each seen by its owner alone."""

    @property
    def logins(self) -> Logins:
        """Who somebody is."""
