"""The cart DB: every user's carts, each seen by its owner alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from cartcli.errors import RestoreData
from cartcli.model.cart import Cart
from cartcli.model.lines import Line
from cartcli.model.people import Identity

if TYPE_CHECKING:
    from pandas import DataFrame

    from cartcli.model.order import Attempt, Receipt

Which = Literal["unpurchased", "purchased", "all"]
NewLines = Callable[[Cart], Sequence[Line]]
Step = Callable[[Cart], "Attempt | Receipt | None"]
Watched = Callable[[list[str]], Iterable[str]]


class CartDb(Protocol):
    """Keeps carts. Every verb sees the carts of its `identity` only; another user's cart does not
    exist for it. Each verb is one unit of work: lock the owner, load, do one thing, flush, unlock.
    What it returned has been saved; when it raises, nothing of it has been, except that an
    OSError may come after the save.

    Every verb raises RestoreData for a damaged file and RetryLater when the owner stays locked.
    """

    def create(self, identity: Identity, lines: Sequence[Line], currency: str) -> Cart:
        """A new open cart with `lines`, priced in `currency`."""

    def find(self, identity: Identity, prefix: str = "", which: Which = "all") -> list[Cart]:
        """The carts whose id starts with `prefix`, oldest first. Takes no lock, writes nothing."""

    def update(self, identity: Identity, cart_id: str, new_lines: NewLines) -> Cart:
        """Give the open cart the lines that `new_lines` makes of it, under the lock.

        Raises ChooseExisting when there is no such cart, ReviewCart when it is purchased,
        CheckOutAgain when it is pending, and whatever `new_lines` raises.
        """

    def purchase(self, identity: Identity, cart_id: str, step: Step) -> Cart:
        """Take the cart a step further to what `step` makes of it, under the lock: an Attempt
        marks an open cart pending, a Receipt makes the pending cart purchased for good, and with
        None it stays as it is.

        A Receipt must be for the amount of the pending attempt, or be the one the cart has
        already: RestoreData otherwise. Marking a cart that is not open raises as `update` does.
        """

    def unpurchase(self, identity: Identity, cart_id: str, key: str) -> Cart:
        """Open the cart again if it is still pending with the attempt `key`.

        Raises RestoreData when it is pending with another key, ReviewCart when it is purchased.
        """

    def paying(
        self, identity: Identity, cart_id: str, *, patient: bool = True
    ) -> AbstractContextManager[None]:
        """Keep every other payment of the cart with this id out for the `with` block.

        Raises WaitForPayment when another one is going on: at once, or when `patient` after
        the bounded wait of this DB.
        """


class CartReader(Protocol):
    """The merchant's view of every user's carts. Takes no lock, writes nothing."""

    def everything(self) -> Iterator[Cart | RestoreData]:
        """Every user's carts; in place of those in a damaged file, the error that names it."""

    def frame(
        self,
        which: Which = "all",
        columns: Collection[str] | None = None,
        progress: Watched = iter,
    ) -> DataFrame:
        """A row a cart, in no order, with the index and the columns that
        `Merchant.carts_frame` describes; only those of the state `which`, only the `columns` named.

        `progress` is given the list of users whose carts are about to be read, and returns what
        to iterate over instead. FixInput for an unknown column, RestoreData when a file is damaged.
        """


def open_cart_db(store: str, lock_wait: float, clock: Callable[[], datetime]) -> CartDb:
    """The carts in the folder `store`; `clock` gives the present time in UTC."""
    from cartcli.cart_db.pickle.carts import PickleCartDb

    return PickleCartDb(store, lock_wait, clock)


def open_cart_reader(store: str) -> CartReader:
    """Every user's carts in the folder `store`."""
    from cartcli.cart_db.pickle.reader import PickleCartReader

    return PickleCartReader(store)
