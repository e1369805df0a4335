"""Fixtures of pytest: those that the suites need, and a shop for the tests of a program.

A suite is run on what these fixtures give, which whoever has an implementation defines:
`catalog_implementation`, `cart_implementation`, `login_implementation`, `session_implementation`,
`payment_implementation`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NoReturn

import pytest

from cartcli import Controller, open_shop
from cartcli.cart_db import CartDb, CartReader
from cartcli.cart_db.keeper import CartKeeper
from cartcli.catalog_db import CatalogDb
from cartcli.idp import Accounts, Logins, Sessions
from cartcli.payment import PaymentProcessor
from cartcli.testing.callers.forks import Forks
from cartcli.testing.callers.threads import Threads
from cartcli.testing.callers.ways import Use, plain
from cartcli.testing.implementations import (
    CartImplementation,
    CatalogImplementation,
    LoginImplementation,
    PaymentImplementation,
    Rows,
    SessionImplementation,
)
from cartcli.testing.payer import Payer
from cartcli.testing.values import Clock

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


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The folder of a store; it is not there yet."""
    return tmp_path / "store"


@pytest.fixture
def clock() -> Clock:
    """The present time, as far as it is asked for here."""
    return Clock()


@pytest.fixture
def shop(store: Path, clock: Clock) -> Controller:
    """A new shop that sells the sample, apart from the settings of whoever runs the tests."""
    return open_shop(store=store, environ={}, clock=clock)


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed with the least work there is, by this process: for tests of what is
    done with users, and not of their passwords."""
    from argon2 import PasswordHasher

    least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("argon2.PasswordHasher", lambda **_: least)


def _undefined(name: str) -> NoReturn:
    pytest.fail(f"define a fixture `{name}`, which gives what the suite is run on", pytrace=False)


@pytest.fixture
def catalog_implementation() -> CatalogImplementation:
    """The catalogue that its suites are run on."""
    _undefined("catalog_implementation")


@pytest.fixture
def cart_implementation() -> CartImplementation:
    """The cart DB that its suites are run on."""
    _undefined("cart_implementation")


@pytest.fixture
def login_implementation() -> LoginImplementation:
    """The identity provider that its suites are run on."""
    _undefined("login_implementation")


@pytest.fixture
def session_implementation() -> SessionImplementation:
    """The keeper of sessions that its suite is run on."""
    _undefined("session_implementation")


@pytest.fixture
def payment_implementation() -> PaymentImplementation:
    """The payment processor that its suite is run on."""
    _undefined("payment_implementation")


@pytest.fixture
def stock(catalog_implementation: CatalogImplementation, tmp_path: Path, use: Use) -> StockShop:
    """Makes a catalogue of rows, in a currency; without rows, opens it again."""
    make = catalog_implementation.open
    return lambda rows, currency: use(CatalogDb, lambda: make(tmp_path, rows, currency))


@pytest.fixture
def open_carts(
    cart_implementation: CartImplementation, store: Path, clock: Clock, use: Use
) -> OpenCarts:
    """Opens the store's carts again, as another process would."""
    return lambda: use(CartDb, lambda: cart_implementation.open(store, clock))


@pytest.fixture
def carts(open_carts: OpenCarts) -> CartDb:
    """The store's carts."""
    return open_carts()


@pytest.fixture
def reader(cart_implementation: CartImplementation, store: Path, use: Use) -> CartReader:
    """Reads every user's carts in the store."""
    if (make := cart_implementation.reader) is None:
        pytest.skip("this cart DB has no reader")
    return use(CartReader, lambda: make(store))


@pytest.fixture
def keeper(cart_implementation: CartImplementation, store: Path, use: Use) -> CartKeeper:
    """Tidies every user's carts in the store up."""
    if (make := cart_implementation.keeper) is None:
        pytest.skip("this cart DB has no keeper")
    return use(CartKeeper, lambda: make(store))


@pytest.fixture
def open_logins(
    login_implementation: LoginImplementation, store: Path, clock: Clock, use: Use
) -> OpenLogins:
    """Opens the store's users again, as another process would."""
    return lambda: use(Logins, lambda: login_implementation.open(store, clock))


@pytest.fixture
def logins(open_logins: OpenLogins) -> Logins:
    """The store's users."""
    return open_logins()


@pytest.fixture
def open_accounts(
    login_implementation: LoginImplementation, store: Path, clock: Clock, use: Use
) -> OpenAccounts:
    """Opens the store's users again, as the merchant in another process would."""
    if (make := login_implementation.accounts) is None:
        pytest.skip("this provider has no accounts")
    return lambda: use(Accounts, lambda: make(store, clock))


@pytest.fixture
def accounts(open_accounts: OpenAccounts) -> Accounts:
    """The store's users, as the merchant has to do with them."""
    return open_accounts()


@pytest.fixture
def open_sessions(
    session_implementation: SessionImplementation, store: Path, clock: Clock, use: Use
) -> OpenSessions:
    """Opens the store's sessions again, as another process would."""
    return lambda: use(Sessions, lambda: session_implementation.open(store, clock))


@pytest.fixture
def sessions(open_sessions: OpenSessions) -> Sessions:
    """The store's sessions."""
    return open_sessions()


@pytest.fixture
def other_sessions(
    session_implementation: SessionImplementation, tmp_path: Path, clock: Clock, use: Use
) -> Sessions:
    """The sessions of another store."""
    return use(Sessions, lambda: session_implementation.open(tmp_path / "other store", clock))


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
