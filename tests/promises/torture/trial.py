"""One store with its payment processor, and everything that happens to it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, cast

from cartcli import Cart, Controller, Identity, Receipt
from cartcli.cart_db import open_cart_db, open_cart_reader
from cartcli.catalog_db import open_catalog_db
from cartcli.controller.services import Services
from cartcli.controller.settling import Settling, unknown_unless_recorded
from cartcli.errors import (
    CheckOutAgain,
    FinishPayment,
    RetryLater,
    ReviewCart,
    UseAnotherCard,
    VersionConflict,
)
from cartcli.merchant.audit import audit
from cartcli.model.changes import Add, Set
from cartcli.model.times import utc_now
from cartcli.payment import Processors
from tests.helpers import write_catalog
from tests.promises.faults.judge import disagreements
from tests.promises.torture.mortals import Died, Discourteous, Fate, Mortal
from tests.promises.torture.parties import Party

COMMANDS: Final = 4  # of each cart
_THREADS: Final = 8
_CARTS_OF_ONE: Final = 8
_CHANGES: Final = 0.15  # of the commands
_WAIT: Final = 30.0
_PATIENCE: Final = 10  # times that all which is pending is settled in the end
# What a command may end with, whatever happens. RestoreData is none of it.
_ERRORS: Final = (CheckOutAgain, UseAnotherCard, ReviewCart, VersionConflict, RetryLater)


class Figures(NamedTuple):
    """What a trial was, and what it found."""

    carts: int
    commands: int
    ended: Counter[str]
    findings: list[str]


class Trial:
    """So many `carts`, in a store in the folder `folder`, which are paid with the processor of the
    `party`. Without `courtesy` nobody keeps anybody else from paying. When they are `crowded`, all
    commands on a cart are rivals."""

    def __init__(
        self,
        folder: Path,
        party: Party,
        *,
        carts: int,
        seed: int,
        courtesy: bool = True,
        crowded: bool = False,
    ) -> None:
        self.ended: Counter[str] = Counter()
        self._party = party
        self._store = folder / "store"
        self._catalog = write_catalog(
            folder / "catalog.csv", [("MUG", "Mug", "8.90", ""), ("TEA", "Tea", "12.80", "")]
        )
        self._courtesy = courtesy
        self._apart = (0,) if crowded else (2, 2, 20)
        self._random = random.Random(seed)
        self._fate = Fate(seed)
        self._told: dict[str, set[Receipt]] = {}
        self._alarms: list[str] = []
        self._customers = [Identity(f"user{n}") for n in range(-(-carts // _CARTS_OF_ONE))]
        shop = self._shop()
        self._carts = [
            shop.change_cart(self._customers[n // _CARTS_OF_ONE], None, [Add("MUG", 1 + n % 3)])
            for n in range(carts)
        ]

    def run(self) -> Figures:
        """Let everything happen, and judge what has become of it."""
        commands = self._commands()
        self._fate.calm = False
        with ThreadPoolExecutor(_THREADS) as pool:
            [*pool.map(self._command, commands)]
        self._fate.calm = True
        met = self._party.calm()
        for _ in range(_PATIENCE):
            pending = [cart for cart in self._carts if self._now(cart).state == "pending"]
            for cart in pending:
                self._settle(cart)
            if pending:
                self._party.calm()
        purchased = sum(self._now(cart).state == "purchased" for cart in self._carts)
        faults = sum(met.values()) - met.get("", 0)
        self.ended.update(purchased=purchased, deaths=self._fate.deaths, faults=faults)
        return Figures(len(self._carts), len(commands), self.ended, [*self._findings()])

    def _commands(self) -> list[int]:
        """The numbers of carts, as often as there are commands on them: some of them close
        together, so that rivals meet, and others when customers and bank have had their time."""
        chance = self._random
        placed = [
            (number + chance.choice(self._apart) * chance.random(), number)
            for number in range(len(self._carts))
            for _ in range(COMMANDS)
        ]
        return [number for _, number in sorted(placed)]

    def ring(self, order: str, key: str) -> None:
        """The bell rings for a payment of a cart. Nobody believes what it says: if the cart waits
        for that payment, the processor is asked what has become of it."""
        owner = next(cart.owner for cart in self._carts if cart.id == order)
        services = self._services()
        settling = Settling(services.cart_db, services.payments)
        with suppress(Died), self._noting(order, "bell"):
            (cart,) = services.cart_db.find(owner, order)
            if cart.state == "pending" and cart.attempt and cart.attempt.key == key:
                with unknown_unless_recorded(cart.attempt):
                    answer = services.payments.today.look(cart.attempt)
                    payment = settling.definite(owner, cart.attempt, answer)
                    settling.record(owner, cart.attempt, payment)

    def _command(self, number: int) -> None:
        """One command on the cart of this `number`, which may die."""
        cart = self._carts[number]
        identity = Identity(cart.owner)
        with suppress(Died), self._noting(cart.id, "command"):
            if self._random.random() < _CHANGES:
                self._shop().change_cart(identity, cart.id, [Add("TEA")])
                return
            source = self._party.source(self._random, number)
            try:
                purchase = self._shop().buy_cart(identity, cart.id, source)
            except FinishPayment as error:
                if error.facts["url"]:
                    self._party.open(str(error.facts["url"]))
                raise
            self._told.setdefault(cart.id, set()).add(purchase.receipt)

    def _settle(self, cart: Cart) -> None:
        """Find out how the payment of the cart has ended, as whoever wants to change it does."""
        with self._noting(cart.id, "settling"):
            quantity = self._now(cart).contents["MUG"]
            self._shop().change_cart(Identity(cart.owner), cart.id, [Set("MUG", quantity)])

    def _findings(self) -> Iterator[str]:
        yield from self._alarms
        yield from disagreements(self._party.books())
        processors = Processors(self._party.processor(self._fate))
        for cart_id, problem in audit(open_cart_reader(str(self._store)), processors).disagreements:
            yield f"cart {cart_id}, says an audit: {problem}"
        for cart in self._carts:
            now = self._now(cart)
            if now.state == "pending":
                yield f"cart {cart.id} is stuck"
            if self._told.get(cart.id, {now.receipt}) != {now.receipt}:
                yield f"cart {cart.id}: a receipt was told that is not in the books"

    def _now(self, cart: Cart) -> Cart:
        (now,) = self._services().cart_db.find(cart.owner, cart.id)
        return now

    @contextmanager
    def _noting(self, cart_id: str, what: str) -> Iterator[None]:
        """Count how a command has ended; raise the alarm when it may not end so."""
        how = "fine"
        try:
            yield
        except Died:
            raise
        except Exception as error:
            how = type(error).__name__
            if not isinstance(error, _ERRORS):
                self._alarms.append(f"cart {cart_id}: a {what} ends with {error!r}")
        self.ended[how if what == "command" else what] += 1

    def _shop(self) -> Controller:
        """The shop, as a new process opens it."""
        return Controller(self._services(), utc_now)

    def _services(self) -> Services:
        cart_db: Any = open_cart_db(str(self._store), _WAIT, utc_now)
        if not self._courtesy:
            cart_db = Discourteous(cart_db)
        processor = self._party.processor(self._fate)
        return cast(
            Services,
            SimpleNamespace(
                catalog_db=open_catalog_db(str(self._catalog), "USD"),
                cart_db=Mortal(cart_db, self._fate),
                keep_terms=lambda catalog: None,
                payments=Processors(cast(Any, Mortal(processor, self._fate))),
            ),
        )
