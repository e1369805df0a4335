"""What a planted flaw is."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tests.promises.model.explorer import Explorer
from tests.promises.model.model import Model
from tests.promises.model.promises import STUCK


class Design(Protocol):
    """What a model is made of."""

    def model(self) -> Model:
        """The model to explore."""


class Flaw(NamedTuple):
    """A `design` that is wrong in one thing, on purpose, of a size that just shows it: which
    `promise` it breaks, in how many `steps` at least, and what is `essential` among them."""

    name: str
    design: Design
    promise: str
    steps: int
    essential: str

    def explorer(self, *, tidy: bool = True) -> Explorer:
        """Looks for the promise. Only where that is about one more run, runs are tried: they end
        badly earlier than anything else happens."""
        return Explorer(self.design.model(), states_only=self.promise != STUCK, tidy=tidy)
