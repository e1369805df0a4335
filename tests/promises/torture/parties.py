"""The payment processors that the torture is run on, each with its customers and its books."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Final, Protocol

from cartcli.model.times import utc_now
from cartcli.payment import PaymentProcessor, open_embedded
from cartcli.payment.card import Card
from cartcli.payment.source import HostedPage, Source, Token
from tests.helpers import CARD, DECLINED_CARD, LOST_ANSWER_CARD, WAITING_CARD
from tests.promises.faults.judge import Books
from tests.promises.faults.readers.folder import FolderReader
from tests.promises.torture.mortals import Fate
from tests.simulated.client import Said, SimulatedProcessor
from tests.simulated.desk import Desk, address
from tests.simulated.rules import Record

_CARDS: Final = (CARD, CARD, DECLINED_CARD, LOST_ANSWER_CARD, WAITING_CARD)
_TOKENS: Final = ("tok_any",) * 5 + ("tok_second",) * 2 + ("tok_good", "tok_lost", "tok_bad")
_WAIT: Final = 30.0


class Party(Protocol):
    """A payment processor, and who pays with it."""

    def processor(self, fate: Fate) -> PaymentProcessor:
        """As a new process of this `fate` opens it."""

    def source(self, chance: random.Random, cart: int) -> Source:
        """By which means somebody pays the cart of this number."""

    def open(self, url: str) -> None:
        """The customer opens the URL that they were told."""

    def calm(self) -> dict[str, int]:
        """Nothing goes wrong any more; returns when nothing is underway, how often what was met."""

    def books(self) -> Books:
        """The carts in the store, and the answers by which the processor has moved money."""


class Embedded:
    """The embedded processor of the store in the folder `store`."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def processor(self, fate: Fate) -> PaymentProcessor:
        return open_embedded(str(self._store), _WAIT, 0, utc_now)

    def source(self, chance: random.Random, cart: int) -> Source:
        return Card(chance.choice(_CARDS))

    def open(self, url: str) -> None:
        raise AssertionError(f"the embedded processor has no pages, and no {url}")

    def calm(self) -> dict[str, int]:
        return {}

    def books(self) -> Books:
        return FolderReader(self._store, self._store.parent).books()


class MortalClient(SimulatedProcessor):
    """Some die before or after they have asked the simulated processor."""

    def __init__(self, address: str, ledger: str, fate: Fate) -> None:
        super().__init__(address, ledger)
        self._fate = fate

    def _ask(self, method: str, path: str, body: Record | None = None, key: str = "") -> Said:
        self._fate.step()
        said = super()._ask(method, path, body, key)
        self._fate.step()
        return said


class Remote:
    """The simulated processor, for the store in the folder `store`, with this `weather`. A third of
    the carts is paid on its pages."""

    def __init__(self, store: Path, **weather: Any) -> None:
        self._store = store
        self._ledger = store.with_name("ledger.json")
        self._desk = Desk(address(), self._ledger)
        self._desk.weather(people=True, **weather)

    def processor(self, fate: Fate) -> PaymentProcessor:
        return MortalClient(address(), str(self._ledger), fate)

    def source(self, chance: random.Random, cart: int) -> Source:
        return HostedPage() if cart % 3 == 0 else Token(chance.choice(_TOKENS))

    def open(self, url: str) -> None:
        self._desk.open(url)

    def calm(self) -> dict[str, int]:
        return self._desk.calm()

    def books(self) -> Books:
        books = FolderReader(self._store, self._store.parent).books()
        for charge in self._desk.books["charges"]:
            more = {"cart": charge["order"], "status": "charged", "quote": None}
            books.answers[charge["id"]] = charge | more
        return books
