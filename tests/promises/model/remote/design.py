"""The design of a checkout with a remote processor, put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.promises.model.cart_db import CartDb
from tests.promises.model.model import Model, Size
from tests.promises.model.network import Network
from tests.promises.model.remote.checkout import RemoteCheckout
from tests.promises.model.remote.outside import RemoteOutside
from tests.promises.model.remote.processor import OUTCOMES, RemoteProcessor
from tests.promises.model.world import Status


class Remote(NamedTuple):
    """How much there is of everything, what may happen, and of what parts it is made. By default
    it is the design; with another part, a flaw is planted."""

    size: Size = Size()
    outcomes: Sequence[Status] = OUTCOMES
    refuses: bool = True
    forgets: bool = True
    fails: bool = False
    webhooks: bool = True
    db: CartDb = CartDb()
    checkout: type[RemoteCheckout] = RemoteCheckout
    processor: type[RemoteProcessor] = RemoteProcessor
    outside: type[RemoteOutside] = RemoteOutside

    def model(self) -> Model:
        """The model to explore."""
        processor = self.processor(
            self.outcomes, refuses=self.refuses, forgets=self.forgets, fails=self.fails
        )
        outside = self.outside(self.db, hosted=self.checkout.hosted, webhooks=self.webhooks)
        network = Network(processor, self.size.late)
        return Model(self.size, self.checkout(self.db), network, outside)
