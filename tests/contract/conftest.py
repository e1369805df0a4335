"""One fixture a contract, run on each of its implementations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cartcli.cart_db import CartBooks
from cartcli.catalog_db import CatalogDb
from cartcli.idp import IdentityProvider
from cartcli.payment import PaymentProcessor
from tests.contract.implementations import (
    CART_DBS,
    CATALOG_DBS,
    IDPS,
    PAYMENTS,
    WAIT,
    OpenCarts,
    Rows,
)
from tests.helpers import Clock

StockShop = Callable[[Rows, str], CatalogDb]
OpenIdp = Callable[[], IdentityProvider]
OpenPayment = Callable[[], PaymentProcessor]


@pytest.fixture(params=CATALOG_DBS)
def stock(request: pytest.FixtureRequest, tmp_path: Path) -> StockShop:
    """Makes a catalogue of rows, in a currency."""
    make = CATALOG_DBS[request.param]
    return lambda rows, currency: make(tmp_path, rows, currency)


@pytest.fixture(params=CART_DBS)
def open_carts(request: pytest.FixtureRequest, store: Path, clock: Clock) -> OpenCarts:
    """Opens the store's carts again, as another process would."""
    make = CART_DBS[request.param]

    def opened(lock_wait: float = WAIT) -> CartBooks:
        return make(store, lock_wait, clock)

    return opened


@pytest.fixture
def carts(open_carts: OpenCarts) -> CartBooks:
    """The store's carts."""
    return open_carts()


@pytest.fixture(params=IDPS)
def open_idp(request: pytest.FixtureRequest, store: Path, clock: Clock) -> OpenIdp:
    """Opens the store's identity provider again, as another process would."""
    return lambda: IDPS[request.param](store, clock)


@pytest.fixture
def idp(open_idp: OpenIdp) -> IdentityProvider:
    """The store's identity provider."""
    return open_idp()


@pytest.fixture(params=IDPS)
def other_idp(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> IdentityProvider:
    """The identity provider of another store."""
    return IDPS[request.param](tmp_path / "other store", clock)


@pytest.fixture(params=PAYMENTS)
def open_processor(request: pytest.FixtureRequest, store: Path, clock: Clock) -> OpenPayment:
    """Opens the store's payment processor again, as another process would."""
    return lambda: PAYMENTS[request.param](store, clock)


@pytest.fixture
def processor(open_processor: OpenPayment) -> PaymentProcessor:
    """The store's payment processor."""
    return open_processor()
