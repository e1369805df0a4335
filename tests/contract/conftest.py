"""The suites of the contracts run on each of our implementations."""

from __future__ import annotations

import pytest

from cartcli.testing.implementations import (
    CartImplementation,
    CatalogImplementation,
    LoginImplementation,
    PaymentImplementation,
    SessionImplementation,
)
from tests.contract.implementations import CART_DBS, CATALOG_DBS, LOGINS, PAYMENTS, SESSIONS


@pytest.fixture(params=CATALOG_DBS)
def catalog_implementation(request: pytest.FixtureRequest) -> CatalogImplementation:
    return CATALOG_DBS[request.param]


@pytest.fixture(params=CART_DBS)
def cart_implementation(request: pytest.FixtureRequest) -> CartImplementation:
    return CART_DBS[request.param]


@pytest.fixture(params=LOGINS)
def login_implementation(request: pytest.FixtureRequest) -> LoginImplementation:
    return LOGINS[request.param]


@pytest.fixture(params=SESSIONS)
def session_implementation(request: pytest.FixtureRequest) -> SessionImplementation:
    return SESSIONS[request.param]


@pytest.fixture(params=PAYMENTS)
def payment_implementation(request: pytest.FixtureRequest) -> PaymentImplementation:
    return PAYMENTS[request.param]
