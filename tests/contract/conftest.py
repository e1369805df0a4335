"""One fixture a contract, run on each of its implementations, and in each way to use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import pytest

from cartcli.cart_db import CartDb, CartReader
from cartcli.cart_db.keeper import CartKeeper
from cartcli.catalog_db import CatalogDb
from cartcli.idp import Accounts, Logins, Sessions
from cartcli.payment import PaymentProcessor
from tests.contract.callers.forks import Forks
from tests.contract.callers.threads import Threads
from tests.contract.callers.ways import Use, plain
from tests.contract.implementations import (
    ACCOUNTS,
    CART_DBS,
    CART_KEEPERS,
    CART_READERS,
    CATALOG_DBS,
    LOGINS,
    PAYMENTS,
    SESSIONS,
    PaymentImplementation,
    Rows,
)
from tests.contract.payer import Payer
from tests.helpers import Clock

OpenCarts = Callable[[], CartDb]
StockShop = Callable[[Rows | None, str], CatalogDb]
OpenLogins = Callable[[], Logins]
OpenAccounts = Callable[[], Accounts]
OpenSessions = Callable[[], Sessions]
OpenPayment = Callable[[], PaymentProcessor]

WAYS: Final[dict[str, Callable[[str, Clock], AbstractContextManager[Use]]]] = {
    "plain": plain,
    "threads": Threads,
    "fork": Forks,
}
_NO_WARNING: Final = pytest.mark.filterwarnings("ignore:.*fork")  # from Python 3.12 on


@pytest.fixture(
    params=[pytest.param(way, marks=_NO_WARNING if way == "fork" else ()) for way in WAYS]
)
def use(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Use]:
    """Hands out what is tried: to be called plainly, from many threads, or after a fork."""
    with WAYS[request.param](request.node.nodeid, clock) as way:
        yield way


@pytest.fixture(params=CATALOG_DBS)
def stock(request: pytest.FixtureRequest, tmp_path: Path, use: Use) -> StockShop:
    """Makes a catalogue of rows, in a currency; without rows, opens it again."""
    make = CATALOG_DBS[request.param]
    return lambda rows, currency: use(CatalogDb, lambda: make(tmp_path, rows, currency))


@pytest.fixture(params=CART_DBS)
def cart_db_name(request: pytest.FixtureRequest) -> str:
    """Which implementation keeps the carts."""
    return str(request.param)


@pytest.fixture
def open_carts(cart_db_name: str, store: Path, clock: Clock, use: Use) -> OpenCarts:
    """Opens the store's carts again, as another process would."""
    return lambda: use(CartDb, lambda: CART_DBS[cart_db_name](store, clock))


@pytest.fixture
def carts(open_carts: OpenCarts) -> CartDb:
    """The store's carts."""
    return open_carts()


@pytest.fixture
def reader(cart_db_name: str, store: Path, use: Use) -> CartReader:
    """Reads every user's carts in the store."""
    return use(CartReader, lambda: CART_READERS[cart_db_name](store))


@pytest.fixture
def keeper(cart_db_name: str, store: Path, use: Use) -> CartKeeper:
    """Tidies every user's carts in the store up."""
    return use(CartKeeper, lambda: CART_KEEPERS[cart_db_name](store))


@pytest.fixture(params=LOGINS)
def provider_name(request: pytest.FixtureRequest) -> str:
    """Which implementation knows the users."""
    return str(request.param)


@pytest.fixture
def open_logins(provider_name: str, store: Path, clock: Clock, use: Use) -> OpenLogins:
    """Opens the store's users again, as another process would."""
    return lambda: use(Logins, lambda: LOGINS[provider_name](store, clock))


@pytest.fixture
def logins(open_logins: OpenLogins) -> Logins:
    """The store's users."""
    return open_logins()


@pytest.fixture
def open_accounts(provider_name: str, store: Path, clock: Clock, use: Use) -> OpenAccounts:
    """Opens the store's users again, as the merchant in another process would."""
    return lambda: use(Accounts, lambda: ACCOUNTS[provider_name](store, clock))


@pytest.fixture
def accounts(open_accounts: OpenAccounts) -> Accounts:
    """The store's users, as the merchant has to do with them."""
    return open_accounts()


@pytest.fixture(params=SESSIONS)
def sessions_name(request: pytest.FixtureRequest) -> str:
    """Which implementation keeps the sessions."""
    return str(request.param)


@pytest.fixture
def open_sessions(sessions_name: str, store: Path, clock: Clock, use: Use) -> OpenSessions:
    """Opens the store's sessions again, as another process would."""
    return lambda: use(Sessions, lambda: SESSIONS[sessions_name](store, clock))


@pytest.fixture
def sessions(open_sessions: OpenSessions) -> Sessions:
    """The store's sessions."""
    return open_sessions()


@pytest.fixture
def other_sessions(sessions_name: str, tmp_path: Path, clock: Clock, use: Use) -> Sessions:
    """The sessions of another store."""
    return use(Sessions, lambda: SESSIONS[sessions_name](tmp_path / "other store", clock))


@pytest.fixture(params=PAYMENTS)
def payment_implementation(request: pytest.FixtureRequest) -> PaymentImplementation:
    """Which processor charges, and by which means."""
    return PAYMENTS[request.param]


@pytest.fixture
def open_processor(
    payment_implementation: PaymentImplementation, store: Path, clock: Clock, use: Use
) -> OpenPayment:
    """Opens the store's payment processor again, as another process would."""
    return lambda: use(PaymentProcessor, lambda: payment_implementation.open(store, clock))


@pytest.fixture
def payer(
    payment_implementation: PaymentImplementation, open_processor: OpenPayment, clock: Clock
) -> Payer:
    """Whoever pays with the store's processor."""
    return Payer(open_processor(), open_processor, payment_implementation.means, clock)
