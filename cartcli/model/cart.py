"""A cart, open, pending or purchased."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from cartcli.errors import FixInput
from cartcli.model.ids import short_id
from cartcli.model.lines import Line
from cartcli.model.times import parse_time, rfc3339

if TYPE_CHECKING:  # most commands meet none of them
    from cartcli.model.money import Money
    from cartcli.model.order import Attempt, Receipt
    from cartcli.model.quote import Quote

State = Literal["open", "pending", "purchased"]


class Cart(NamedTuple):
    """A customer's cart. `open` can change, `pending` waits for its payment, `purchased` is final.

    `owner` is the opaque id of whose it is (`Identity.owner`). `lines` have the names and prices at
    which they were put in, in every state. `version` is raised by every change. A pending cart
    carries its `attempt`, a purchased one its `receipt` as well. `requests` are the latest request
    ids that changed it, each with a digest of what it asked for. `today` is the quote of an open
    cart that a shop shows; the cart DB knows none. `name` is what its owner calls it, if anything.

    >>> (cart.state, cart.contents, cart.total)
    ('open', {'MUG-350-WHT': 2}, Money('17.80', 'USD'))
    """

    id: str
    owner: str
    state: State
    lines: tuple[Line, ...]
    currency: str
    created: datetime
    updated: datetime
    version: int = 1
    attempt: "Attempt | None" = None
    receipt: "Receipt | None" = None
    requests: tuple[tuple[str, str], ...] = ()
    today: "Quote | None" = None
    name: str = ""

    @property
    def short_id(self) -> str:
        """The id as people see it."""
        return short_id(self.id)

    @property
    def contents(self) -> dict[str, int]:
        """SKU to quantity."""
        return {line.sku: line.quantity for line in self.lines}

    @property
    def quote(self) -> "Quote":
        """What it comes to: frozen in its attempt, else today's. FixInput for an open cart that
        no shop has priced."""
        quote = self.attempt.quote if self.attempt else self.today
        if quote is None:
            raise FixInput(f"the open cart {self.id} has no quote: a shop makes one")
        return quote

    @property
    def total(self) -> "Money":
        """The total of its quote."""
        return self.quote.total


def place_of(cart: Cart) -> tuple[datetime, str]:
    """Where `cart` stands among carts that are listed oldest first."""
    return cart.created, cart.id


def cursor_of(cart: Cart) -> str:
    """Where `cart` stands among carts that are listed oldest first: what comes after it begins
    there.

    >>> shop.get_carts(alice, after=cursor_of(cart))
    []
    """
    return f"{rfc3339(cart.created)}/{cart.id}"


def parse_cursor(cursor: str) -> tuple[datetime, str]:
    """When the cart of this `cursor` was created, and its id; FixInput when it is none."""
    created, slash, cart_id = cursor.partition("/")
    if not slash:
        raise FixInput(f"{cursor!r} is no place in a list of carts")
    try:
        return parse_time(created), cart_id
    except OverflowError:
        raise FixInput(f"{cursor!r} is no place in a list of carts") from None
