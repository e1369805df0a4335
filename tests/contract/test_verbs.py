"""Every verb of every contract: from eight threads at once on one object, and in a child that was
forked while other threads were in the middle of something. One that is missing here is found out.

What each of them promises is said by its contract's suite, which runs in each of these ways, too.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

import pytest

from cartcli import Identity, Item, Money, Shop
from cartcli.cart_db import CartDb, CartReader
from cartcli.cart_db.keeper import CartKeeper
from cartcli.catalog_db import CatalogDb
from cartcli.catalog_db.snapshot import Entry
from cartcli.errors import VersionConflict
from cartcli.idp import Accounts, Logins, Sessions
from cartcli.merchant import Merchant
from cartcli.model.cart import Cart
from cartcli.model.changes import Add, Set
from cartcli.model.ids import new_key
from cartcli.model.order import Attempt
from cartcli.model.times import utc_now
from cartcli.payment import PaymentProcessor
from cartcli.payment.card import Card
from cartcli.payment.local.file_ledger import FileLedger
from cartcli.payment.local.ledger import Ledger
from tests.helpers import (
    ALICE,
    CARD,
    PASSWORD,
    PLATES,
    add,
    at_once,
    attempt_for,
    receipt_for,
    register,
    shop_in,
)
from tests.once import once

OWNER: Final = ALICE.owner
NEW_PASSWORD: Final = "another horse, another battery"
MERCHANT: Final = Identity("mona").with_roles(frozenset({"customer", "merchant"}))
Call = Callable[["Stage", int], object]


class Stage:
    """A shop whose services are called. Each call has a `number`, and is of somebody's of its
    own, but all carts are alice's."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.shop = shop_in(store, lock_wait=60)
        services = self.shop._services
        self.carts, self.reader = services.cart_db, services.cart_reader
        self.keeper = services.cart_keeper
        self.catalog, self.stock = services.catalog_db, services.stock
        self.logins, self.accounts = services.logins, services.accounts
        self.sessions, self.processor = services.sessions, services.payments.today
        self.ledger = FileLedger(str(store), 60)
        for _ in range(2):  # the shop's own catalogue, and one from before
            self.replace(0)
        self.sold = self.cart()

    @staticmethod
    def user(number: int) -> str:
        return f"user{number}"

    def who(self, number: int) -> Identity:
        return Identity(self.user(number))

    def cart(self) -> Cart:
        return self.shop.change_cart(ALICE, None, [Add(PLATES)])

    def marked(self, *, bound: bool = True) -> Attempt:
        """Of a new cart, which waits for it."""
        cart = self.carts.create(OWNER, [add()], currency="USD")
        attempt = attempt_for(cart)
        attempt = attempt if bound else attempt._replace(reference="")
        self.carts.mark(OWNER, cart.id, attempt, if_version=cart.version)
        return attempt

    def purchase(self) -> Cart:
        attempt = self.marked()
        return self.carts.purchase(OWNER, attempt.cart, receipt_for(attempt))

    def bind(self) -> Cart:
        attempt = self.marked(bound=False)
        return self.carts.bind(OWNER, attempt.cart, attempt._replace(reference="ref"))

    def unpurchase(self) -> Cart:
        attempt = self.marked()
        return self.carts.unpurchase(OWNER, attempt.cart, attempt)

    def pay(self) -> None:
        with self.carts.paying(OWNER, self.sold.id):
            self.carts.find(OWNER, self.sold.id)

    def attempt(self) -> Attempt:
        return attempt_for(self.cart())

    def replace(self, number: int) -> str:
        skus = (PLATES, *(f"S{n}" for n in range(20 + number)))
        items = (Item(sku, "Thing", Money("2", "USD"), "") for sku in skus)
        return self.stock.replace((Entry(item, {}) for item in items), keep=True)

    def put_back(self) -> None:
        with suppress(VersionConflict):  # others do so, too
            self.stock.put_back(if_version=None, before=self.stock.before().version)

    def answer(self) -> bool:
        attempt = self.attempt()
        self.processor.cancel(attempt)
        (known,) = self.ledger.answers(attempt.cart)
        return self.ledger.add(known._replace(cart=self.cart().id), ())

    def backup(self) -> Path:
        """Where a backup is made: nobody else makes one there."""
        return self.store.with_name(f"backup-{new_key()}")

    def token(self, number: int) -> str:
        return self.sessions.start(self.who(number)).token

    def session_id(self, number: int) -> str:
        self.token(number)
        return self.sessions.lasting(self.who(number).owner)[-1].id


CALLS: Final[dict[type, dict[str, Call]]] = {
    CartDb: {
        "create": lambda stage, n: stage.carts.create(OWNER, [add()], currency="USD"),
        "find": lambda stage, n: stage.carts.find(OWNER),
        "rename": lambda stage, n: stage.carts.rename(OWNER, stage.cart().id, f"name {n}"),
        "update": lambda stage, n: stage.carts.update(OWNER, stage.sold.id, [add()]),
        "mark": lambda stage, n: stage.marked(),
        "bind": lambda stage, n: stage.bind(),
        "purchase": lambda stage, n: stage.purchase(),
        "unpurchase": lambda stage, n: stage.unpurchase(),
        "delete": lambda stage, n: stage.carts.delete(OWNER, stage.cart().id),
        "paying": lambda stage, n: stage.pay(),
    },
    CartKeeper: {
        "unpurchased": lambda stage, n: stage.keeper.unpurchased(OWNER),
        "forget": lambda stage, n: stage.keeper.forget(stage.who(n).owner),
        "prune": lambda stage, n: stage.keeper.prune(utc_now(), utc_now(), lambda cart: False),
    },
    CartReader: {"everything": lambda stage, n: [*stage.reader.everything()]},
    CatalogDb: {
        "currency": lambda stage, n: stage.catalog.currency,
        "get_descriptions": lambda stage, n: stage.catalog.get_descriptions([PLATES]),
        "search": lambda stage, n: stage.catalog.search(["foam"]),
        "everything": lambda stage, n: [*stage.catalog.everything().entries],
        "before": lambda stage, n: stage.stock.before().version,
        "put_back": lambda stage, n: stage.put_back(),
        "replace": lambda stage, n: stage.replace(n),
        "frame": lambda stage, n: stage.catalog.frame(),
    },
    Logins: {
        "register": lambda stage, n: stage.logins.register(Identity(f"new{n}"), PASSWORD),
        "authenticate": lambda stage, n: stage.logins.authenticate(stage.who(n), PASSWORD),
        "change_password": lambda stage, n: stage.logins.change_password(
            stage.who(n), PASSWORD, NEW_PASSWORD
        ),
        "stamp": lambda stage, n: stage.logins.stamp(ALICE),
    },
    Accounts: {
        "knows": lambda stage, n: stage.accounts.knows(ALICE),
        "give_roles": lambda stage, n: stage.accounts.give_roles(ALICE, ["merchant"]),
        "set_password": lambda stage, n: stage.accounts.set_password(ALICE, NEW_PASSWORD),
        "close": lambda stage, n: stage.accounts.close(stage.who(n).owner),
        "remove": lambda stage, n: stage.accounts.remove(stage.who(n).owner),
        "prune": lambda stage, n: stage.accounts.prune(),
    },
    Sessions: {
        "start": lambda stage, n: stage.sessions.start(ALICE),
        "identify": lambda stage, n: stage.sessions.identify(stage.token(n)),
        "revoke": lambda stage, n: stage.sessions.revoke(stage.token(n)),
        "revoke_all": lambda stage, n: stage.sessions.revoke_all(OWNER),
        "lasting": lambda stage, n: stage.sessions.lasting(OWNER),
        "revoke_one": lambda stage, n: stage.sessions.revoke_one(
            stage.who(n).owner, stage.session_id(n)
        ),
        "prune": lambda stage, n: stage.sessions.prune(),
    },
    PaymentProcessor: {
        "name": lambda stage, n: stage.processor.name,
        "prepares": lambda stage, n: stage.processor.prepares,
        "accepts": lambda stage, n: stage.processor.accepts(Card(CARD), Money(1, "USD")),
        "prepare": lambda stage, n: stage.processor.prepare,  # of those only that prepare
        "charge": lambda stage, n: stage.processor.charge(stage.attempt(), Card(CARD)),
        "look": lambda stage, n: stage.processor.look(stage.attempt()),
        "cancel": lambda stage, n: stage.processor.cancel(stage.attempt()),
        "captured": lambda stage, n: stage.processor.captured(stage.sold.id),
        "payments": lambda stage, n: [*stage.processor.payments()],
    },
    Ledger: {
        "answers": lambda stage, n: stage.ledger.answers(stage.sold.id),
        "add": lambda stage, n: stage.answer(),
        "everything": lambda stage, n: [*stage.ledger.everything()],
    },
    Shop: {
        "currency": lambda stage, n: stage.shop.currency,
        "merchant": lambda stage, n: stage.shop.merchant,
        "merchant_for": lambda stage, n: stage.shop.merchant_for(MERCHANT),
        "login": lambda stage, n: stage.shop.login(stage.user(n), PASSWORD),
        "guest": lambda stage, n: stage.shop.guest(),
        "identify": lambda stage, n: stage.shop.identify(stage.token(n)),
        "logout": lambda stage, n: stage.shop.logout(stage.token(n)),
        "logout_everywhere": lambda stage, n: stage.shop.logout_everywhere(ALICE),
        "sessions": lambda stage, n: stage.shop.sessions(ALICE),
        "end_session": lambda stage, n: stage.shop.end_session(stage.who(n), stage.session_id(n)),
        "change_password": lambda stage, n: stage.shop.change_password(
            stage.token(n), PASSWORD, NEW_PASSWORD
        ),
        "get_catalog": lambda stage, n: stage.shop.get_catalog(limit=2),
        "get_carts": lambda stage, n: stage.shop.get_carts(ALICE),
        "change_cart": lambda stage, n: stage.shop.change_cart(ALICE, stage.sold.id, [Add(PLATES)]),
        "update_cart": lambda stage, n: stage.shop.update_cart(
            ALICE, stage.sold.id, lambda now: now | {PLATES: now[PLATES] + 1}
        ),
        "orders": lambda stage, n: stage.shop.orders(ALICE),
        "rename_cart": lambda stage, n: stage.shop.rename_cart(ALICE, stage.sold.id, "home"),
        "copy_cart": lambda stage, n: stage.shop.copy_cart(ALICE, stage.sold.id),
        "delete_cart": lambda stage, n: stage.shop.delete_cart(ALICE, stage.cart().id),
        "quote_cart": lambda stage, n: stage.shop.quote_cart(ALICE, stage.cart().id),
        "buy_cart": lambda stage, n: stage.shop.buy_cart(ALICE, stage.sold.id, Card(CARD)),
        "checkout_cart": lambda stage, n: stage.shop.checkout_cart(ALICE, stage.cart().id, CARD),
    },
    Merchant: {
        "knows": lambda stage, n: stage.shop.merchant.knows("alice"),
        "give_roles": lambda stage, n: stage.shop.merchant.give_roles("alice", ["merchant"]),
        "set_password": lambda stage, n: stage.shop.merchant.set_password("alice", NEW_PASSWORD),
        "audit": lambda stage, n: stage.shop.merchant.audit(),
        "orders": lambda stage, n: stage.shop.merchant.orders(),
        "pending": lambda stage, n: stage.shop.merchant.pending(),
        "backup": lambda stage, n: stage.shop.merchant.backup(stage.backup()),
        "forget": lambda stage, n: stage.shop.merchant.forget(stage.user(n)),
        "prune": lambda stage, n: stage.shop.merchant.prune(),
        "settle": lambda stage, n: stage.shop.merchant.settle(),
        "report": lambda stage, n: stage.shop.merchant.report("open"),
        "set_item": lambda stage, n: stage.shop.merchant.set_item(PLATES, name=f"Name {n}"),
        "remove_item": lambda stage, n: stage.shop.merchant.remove_item(f"S{n}"),
        "plan_import": lambda stage, n: stage.shop.merchant.plan_import().__exit__(),
        "carts_frame": lambda stage, n: stage.shop.merchant.carts_frame(),
        "catalog_frame": lambda stage, n: stage.shop.merchant.catalog_frame(),
    },
}
VERBS: Final = [(contract, verb) for contract, calls in CALLS.items() for verb in calls]
each_verb: Final = pytest.mark.parametrize(
    ("contract", "verb"), VERBS, ids=lambda value: getattr(value, "__name__", value)
)


def members(contract: type) -> set[str]:
    """What is in the contract."""
    names: Iterable[str] = (*vars(contract), *contract.__annotations__)
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("contract", CALLS)
def test_no_verb_is_forgotten(contract: type) -> None:
    assert members(contract) == {*CALLS[contract]}


@pytest.fixture(scope="session")
def ten_users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store where all that a stage knows are registered; nobody changes it."""

    def make(store: Path) -> None:
        for user in ("alice", *map(Stage.user, range(9))):
            register(user, store)

    return once(tmp_path_factory, "ten users", make)


@pytest.fixture
def stage(ten_users: Path, store: Path) -> Stage:
    return Stage(Path(shutil.copytree(ten_users, store)))


@each_verb
def test_from_eight_threads_at_once(stage: Stage, contract: type, verb: str) -> None:
    call = CALLS[contract][verb]
    results = at_once(8, lambda number: call(stage, number))
    assert [result for result in results if isinstance(result, Exception)] == []


@each_verb
@pytest.mark.filterwarnings("ignore:.*fork")  # from Python 3.12 on
def test_in_a_child_while_others_are_at_work(stage: Stage, contract: type, verb: str) -> None:
    """Nothing that another thread holds at that time is held for the child, or kept by it."""
    ended, busy = Event(), stage.cart()

    def work() -> None:
        for number in itertools.count(1):
            stage.shop.change_cart(ALICE, busy.id, [Set(PLATES, number)])
            if ended.wait(0.001):  # so that the child comes to its turn
                return

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        status = os.waitstatus_to_exitcode(os.waitpid(forked(stage, contract, verb), 0)[1])
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)
    assert status == 0
    stage.shop.change_cart(ALICE, stage.cart().id, [Add(PLATES)])


def forked(stage: Stage, contract: type, verb: str) -> int:
    """The id of a child that makes this call, and ends with 1 if that raises."""
    child = os.fork()
    if child:
        return child
    signal.alarm(60)
    try:
        CALLS[contract][verb](stage, 8)
    except BaseException as error:
        os.write(2, repr(error).encode())
        os._exit(1)
    os._exit(0)
