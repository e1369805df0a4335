"""What a comparison of carts and payments has found, and how what waited was settled."""

from datetime import datetime
from typing import Literal, NamedTuple

from cartcli.model.money import Money


class Disagreement(NamedTuple):
    """What is wrong with the cart of this id; without an id, with a file of no single cart.

    >>> [(one.cart, one.problem) for one in shop.audit().disagreements]
    []
    """

    cart: str
    problem: str


class Pending(NamedTuple):
    """A cart whose payment was begun and has not ended: whose it is, the `amount`, since when
    (UTC), and what was `charged` for it by what is on record; None is nothing, as far as anybody
    here knows. `waiting_for` is whose turn it is, "" if nobody has to act.

    >>> shop.merchant.pending()
    []
    """

    cart: str
    user: str
    amount: Money
    charged: Money | None
    created: datetime
    waiting_for: str


class Audit(NamedTuple):
    """How much was compared, and what does not agree. `not_compared` are the carts whose payment
    processor is not set up here, so that nobody can tell. `pending` is what waits: it agrees.

    >>> found = shop.audit()
    >>> (found.carts, found.payments, found.disagreements)
    (2, 1, [])
    """

    carts: int
    payments: int
    disagreements: list[Disagreement]
    not_compared: tuple[Disagreement, ...] = ()
    pending: tuple[Pending, ...] = ()


class Settled(NamedTuple):
    """How the payment of a cart has ended, if it has.

    purchased  it was charged the `amount`, now or before
    open       it was charged nothing, and can be changed and bought
    waiting    somebody has to act first; they are let
    busy       somebody else is paying it right now
    pending    it would be settled; this was only tried
    unknown    nobody knows yet, for the `reason`

    `cart` and `user` are "" when a file could not be read that may hold such carts.

    >>> shop.merchant.settle()
    []
    """

    cart: str
    user: str
    outcome: Literal["purchased", "open", "waiting", "busy", "pending", "unknown"]
    amount: Money | None = None
    reason: str = ""

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to find out."""
        return self.outcome in ("purchased", "open")
