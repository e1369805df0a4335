"""The implementations that each contract's suite runs on. A new one needs its entry here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, NamedTuple

from cartcli.cart_db import CartDb, CartReader, open_cart_db, open_cart_reader
from cartcli.cart_db.keeper import CartKeeper, open_cart_keeper
from cartcli.catalog_db import CatalogDb, open_catalog_db
from cartcli.catalog_db.csv_file import CsvCatalogDb
from cartcli.errors import FixInput
from cartcli.idp import Accounts, Logins, Sessions, open_accounts, open_logins, open_sessions
from cartcli.payment import PaymentProcessor, open_embedded
from cartcli.payment.card import Card
from cartcli.payment.source import Source
from tests.helpers import (
    CARD,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    WAITING_CARD,
    Clock,
    write_catalog,
)
from tests.simulated.attended import TOKENS, Attended

Rows = list[tuple[str, str, str, str]]
SESSION_HOURS: Final = 2.0
WAIT: Final = 30.0  # seconds that a call may wait for others

Means = Literal["good", "declined", "waiting", "lost"]
Trait = Literal["embedded"]


class PaymentImplementation(NamedTuple):
    """A payment processor, as its suite needs it.

    `open` opens the processor that belongs to a store, which answers without delay: again and
    again, as other processes would. `means` gives a payer's means of a kind:

        good        charged at once
        declined    declined at once, and for good
        waiting     a charge waits for the customer, however often it is made; the customer has
                    acted by the first look, which finds it charged
        lost        charged, but instead of the answer the charge raises

    `traits` are what only some promise; each has a suite of its own:

        embedded    it sees the numbers of cards, and answers with the capture of a cart whatever
                    the key (test_payment_embedded.py)
    """

    open: Callable[[Path, Clock], PaymentProcessor]
    means: Callable[[Means], Source]
    traits: frozenset[Trait] = frozenset()


def _csv_catalog(folder: Path, rows: Rows | None, currency: str) -> CatalogDb:
    path = folder / "catalog.csv"
    if rows:
        write_catalog(path, rows)
    return open_catalog_db(str(path), currency, lock_wait=WAIT)


def _indexed_csv_catalog(folder: Path, rows: Rows | None, currency: str) -> CatalogDb:
    """Of which an index was written before, however small it is."""
    path = folder / "catalog.csv"
    index_folder = folder / "indexes"
    index_folder.mkdir(exist_ok=True)
    if rows:
        write_catalog(path, rows)
        indexing = CsvCatalogDb(str(path), currency, str(index_folder), large=0)
        with suppress(FixInput):
            indexing.get_descriptions([rows[0][0]])
    return CsvCatalogDb(str(path), currency, str(index_folder), lock_wait=WAIT, large=0)


# A catalogue of `rows` (SKU, name, price, description), kept in the folder, in a currency; without
# rows the one that is there, which may be none.
CATALOG_DBS: Final[dict[str, Callable[[Path, Rows | None, str], CatalogDb]]] = {
    "csv": _csv_catalog,
    "indexed csv": _indexed_csv_catalog,
}

# The carts in a store.
CART_DBS: Final[dict[str, Callable[[Path, Clock], CartDb]]] = {
    "pickle": lambda store, clock: open_cart_db(str(store), WAIT, clock),
}

# Every user's carts in a store; by the names of the cart DBs that write them.
CART_READERS: Final[dict[str, Callable[[Path], CartReader]]] = {
    "pickle": lambda store: open_cart_reader(str(store)),
}

# The same, to be tidied up by the merchant; by the same names.
CART_KEEPERS: Final[dict[str, Callable[[Path], CartKeeper]]] = {
    "pickle": lambda store: open_cart_keeper(str(store), WAIT),
}

# The users in a store.
LOGINS: Final[dict[str, Callable[[Path, Clock], Logins]]] = {
    "passwords": lambda store, clock: open_logins(str(store), WAIT, clock),
}

# The same users, as the merchant has to do with them; by the same names.
ACCOUNTS: Final[dict[str, Callable[[Path, Clock], Accounts]]] = {
    "passwords": lambda store, clock: open_accounts(str(store), WAIT, clock),
}

# The sessions in a store; one lasts SESSION_HOURS.
SESSIONS: Final[dict[str, Callable[[Path, Clock], Sessions]]] = {
    "files": lambda store, clock: open_sessions(str(store), SESSION_HOURS, clock),
}

_TEST_CARDS: Final[dict[Means, str]] = {
    "good": CARD,
    "declined": DECLINED_CARD,
    "waiting": WAITING_CARD,
    "lost": LOST_ANSWER_CARD,
}

PAYMENTS: Final[dict[str, PaymentImplementation]] = {
    "embedded": PaymentImplementation(
        lambda store, clock: open_embedded(str(store), WAIT, 0, clock),
        lambda kind: Card(_TEST_CARDS[kind]),
        frozenset(("embedded",)),
    ),
    "simulated": PaymentImplementation(Attended, TOKENS.__getitem__),
}
