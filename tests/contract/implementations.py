"""The implementations that each contract's suite runs on. A new one needs its entry here."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from cartcli.cart_db import open_cart_db, open_cart_reader
from cartcli.cart_db.keeper import open_cart_keeper
from cartcli.catalog_db import CatalogDb, open_catalog_db
from cartcli.catalog_db.csv_file import CsvCatalogDb
from cartcli.errors import FixInput
from cartcli.idp import open_accounts, open_logins, open_sessions
from cartcli.payment import open_embedded
from cartcli.payment.card import Card
from cartcli.payment.source import Source, Token
from cartcli.testing.implementations import (
    SESSION_HOURS,
    WAIT,
    CartImplementation,
    CatalogImplementation,
    LoginImplementation,
    Means,
    PaymentImplementation,
    Rows,
    SessionImplementation,
)
from tests.helpers import CARD, DECLINED_CARD, LOST_ANSWER_CARD, WAITING_CARD, write_catalog
from tests.own_services import OnAccount
from tests.simulated.attended import TOKENS, Attended


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
CATALOG_DBS: Final = {
    "csv": CatalogImplementation(_csv_catalog),
    "indexed csv": CatalogImplementation(_indexed_csv_catalog),
}

CART_DBS: Final = {
    "pickle": CartImplementation(
        lambda store, clock: open_cart_db(str(store), WAIT, clock),
        lambda store: open_cart_reader(str(store)),
        lambda store: open_cart_keeper(str(store), WAIT),
    ),
}

LOGINS: Final = {
    "passwords": LoginImplementation(
        lambda store, clock: open_logins(str(store), WAIT, clock),
        lambda store, clock: open_accounts(str(store), WAIT, clock),
    ),
}

SESSIONS: Final = {
    "files": SessionImplementation(
        lambda store, clock: open_sessions(str(store), SESSION_HOURS, clock)
    ),
}

_TEST_CARDS: Final[dict[Means, str]] = {
    "good": CARD,
    "declined": DECLINED_CARD,
    "waiting": WAITING_CARD,
    "lost": LOST_ANSWER_CARD,
}

_ON_ACCOUNT: Final[dict[Means, Source]] = {"good": Token("customer 17")}

PAYMENTS: Final[dict[str, PaymentImplementation]] = {
    "embedded": PaymentImplementation(
        lambda store, clock: open_embedded(str(store), WAIT, 0, clock),
        lambda kind: Card(_TEST_CARDS[kind]),
        frozenset(("embedded",)),
    ),
    "simulated": PaymentImplementation(Attended, TOKENS.__getitem__),
    "of the page": PaymentImplementation(
        lambda store, clock: OnAccount(f"{store}.db"), _ON_ACCOUNT.get
    ),
}
