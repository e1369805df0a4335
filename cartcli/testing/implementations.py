"""What a suite has to know of what it is run on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from cartcli.cart_db import CartDb, CartReader
from cartcli.cart_db.keeper import CartKeeper
from cartcli.catalog_db import CatalogDb
from cartcli.idp import Accounts, Logins, Sessions
from cartcli.payment import PaymentProcessor
from cartcli.payment.source import Source
from cartcli.testing.values import Clock

Rows = list[tuple[str, str, str, str]]
SESSION_HOURS: Final = 2.0
WAIT: Final = 30.0  # seconds that a call may wait for others

Means = Literal["good", "declined", "waiting", "lost"]
Trait = Literal["embedded"]


class CatalogImplementation(NamedTuple):
    """A catalogue. `open` makes one of `rows` in a currency, in a folder of its own; without rows
    it opens the one in that folder again, as another process would."""

    open: Callable[[Path, Rows | None, str], CatalogDb]


class CartImplementation(NamedTuple):
    """A cart DB. `open` opens the carts that belong to a store, which wait up to `WAIT` seconds for
    others: again and again, as other processes would. `reader` and `keeper` open the merchant's
    views of the same carts; None where there are none, and then what is told of them is skipped."""

    open: Callable[[Path, Clock], CartDb]
    reader: Callable[[Path], CartReader] | None = None
    keeper: Callable[[Path], CartKeeper] | None = None


class LoginImplementation(NamedTuple):
    """An identity provider. `open` opens the users that belong to a store, `accounts` the
    merchant's view of them; None where there is none."""

    open: Callable[[Path, Clock], Logins]
    accounts: Callable[[Path, Clock], Accounts] | None = None


class SessionImplementation(NamedTuple):
    """Keeps sessions. `open` opens those that belong to a store; one lasts `SESSION_HOURS`."""

    open: Callable[[Path, Clock], Sessions]


class PaymentImplementation(NamedTuple):
    """A payment processor.

    `open` opens the processor that belongs to a store, which answers without delay: again and
    again, as other processes would. `means` gives a payer's means of a kind, or None where there
    are none of that kind, and then what is told of it is skipped:

        good        charged at once
        declined    declined at once, and for good
        waiting     a charge waits for the customer, however often it is made; the customer has
                    acted by the first look, which finds it charged
        lost        charged, but instead of the answer the charge raises

    `traits` are what only some promise:

        embedded    it sees the numbers of cards, and answers with the capture of a cart whatever
                    the key
    """

    open: Callable[[Path, Clock], PaymentProcessor]
    means: Callable[[Means], Source | None]
    traits: frozenset[Trait] = frozenset()
