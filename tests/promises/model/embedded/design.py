"""The design of a checkout with the embedded processor, put together."""

from __future__ import annotations

from typing import NamedTuple

from tests.promises.model.cart_db import CartDb
from tests.promises.model.embedded.checkout import EmbeddedCheckout
from tests.promises.model.embedded.copies import Copies
from tests.promises.model.embedded.processor import EmbeddedProcessor
from tests.promises.model.model import Model, Size
from tests.promises.model.network import Network


class Embedded(NamedTuple):
    """How much there is of everything, whether older copies are put back, and of what parts it is
    made. By default it is the design; with another part, a flaw is planted."""

    size: Size = Size()
    copies: bool = False
    db: CartDb = CartDb()
    checkout: type[EmbeddedCheckout] = EmbeddedCheckout
    processor: type[EmbeddedProcessor] = EmbeddedProcessor

    def model(self) -> Model:
        """The model to explore."""
        network = Network(self.processor(), self.size.late)
        return Model(self.size, self.checkout(self.db), network, Copies(self.copies))
