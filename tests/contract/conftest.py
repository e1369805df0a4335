"""One fixture a contract, run on each of its implementations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cartcli.cart_db import CartDb, CartReader
from cartcli.catalog_db import CatalogDb
from cartcli.idp import Logins, Sessions
from cartcli.payment import PaymentProcessor
from tests.contract.implementations import (
    CART_DBS,
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
OpenSessions = Callable[[], Sessions]
OpenPayment = Callable[[], PaymentProcessor]


@pytest.fixture(params=CATALOG_DBS)
def stock(request: pytest.FixtureRequest, tmp_path: Path) -> StockShop:
    """Makes a catalogue of rows, in a currency; without rows, opens it again."""
    make = CATALOG_DBS[request.param]
    return lambda rows, currency: make(tmp_path, rows, currency)


@pytest.fixture(params=CART_DBS)
def cart_db_name(request: pytest.FixtureRequest) -> str:
    """Which implementation keeps the carts."""
    return str(request.param)


@pytest.fixture
def open_carts(cart_db_name: str, store: Path, clock: Clock) -> OpenCarts:
    """Opens the store's carts again, as another process would."""
    return lambda: CART_DBS[cart_db_name](store, clock)


@pytest.fixture
def carts(open_carts: OpenCarts) -> CartDb:
    """The store's carts."""
    return open_carts()


@pytest.fixture
def reader(cart_db_name: str, store: Path) -> CartReader:
    """Reads every user's carts in the store."""
    return CART_READERS[cart_db_name](store)


@pytest.fixture(params=LOGINS)
def open_logins(request: pytest.FixtureRequest, store: Path, clock: Clock) -> OpenLogins:
    """Opens the store's users again, as another process would."""
    return lambda: LOGINS[request.param](store, clock)


@pytest.fixture
def logins(open_logins: OpenLogins) -> Logins:
    """The store's users."""
    return open_logins()


@pytest.fixture(params=SESSIONS)
def open_sessions(request: pytest.FixtureRequest, store: Path, clock: Clock) -> OpenSessions:
    """Opens the store's sessions again, as another process would."""
    return lambda: SESSIONS[request.param](store, clock)


@pytest.fixture
def sessions(open_sessions: OpenSessions) -> Sessions:
    """The store's sessions."""
    return open_sessions()


@pytest.fixture(params=SESSIONS)
def other_sessions(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Sessions:
    """The sessions of another store."""
    return SESSIONS[request.param](tmp_path / "other store", clock)


@pytest.fixture(params=PAYMENTS)
def payment_implementation(request: pytest.FixtureRequest) -> PaymentImplementation:
    """Which processor charges, and by which means."""
    return PAYMENTS[request.param]


@pytest.fixture
def open_processor(
    payment_implementation: PaymentImplementation, store: Path, clock: Clock
) -> OpenPayment:
    """Opens the store's payment processor again, as another process would."""
    return lambda: payment_implementation.open(store, clock)


@pytest.fixture
def payer(
    payment_implementation: PaymentImplementation, open_processor: OpenPayment, clock: Clock
) -> Payer:
    """Whoever pays with the store's processor."""
    return Payer(open_processor(), open_processor, payment_implementation.means, clock)
