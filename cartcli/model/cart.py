"""A cart, open, pending or purchased."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from cartcli.model.ids import short_id
from cartcli.model.lines import Line, charged_total
from cartcli.model.money import Money

if TYPE_CHECKING:  # most commands meet neither
    from cartcli.model.order import Attempt, Receipt

State = Literal["open", "pending", "purchased"]


class Cart(NamedTuple):
    """A user's cart. `open` can change, `pending` waits for its payment, `purchased` is final.

    A pending cart carries its `attempt`, a purchased one its `receipt`.
    """

    id: str
    user: str
    state: State
    lines: tuple[Line, ...]
    currency: str
    created: datetime
    updated: datetime
    attempt: "Attempt | None" = None
    receipt: "Receipt | None" = None

    @property
    def short_id(self) -> str:
        """The id as people see it."""
        return short_id(self.id)

    @property
    def contents(self) -> dict[str, int]:
        """SKU to quantity."""
        return {line.sku: line.quantity for line in self.lines}

    @property
    def total(self) -> Money:
        """What a checkout charges: the exact sum, rounded once."""
        return charged_total(self.lines, self.currency)
