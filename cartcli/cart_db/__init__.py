"""The cart DB: every customer's carts, each seen by its owner alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, Protocol

from cartcli.errors import FixInput, RestoreData
from cartcli.model.cart import Cart
from cartcli.model.ids import is_name

if TYPE_CHECKING:
    from cartcli.model.changes import Changes
    from cartcli.model.order import Attempt, Receipt

Which = Literal["unpurchased", "pending", "purchased", "all"]
Watched = Callable[[list[str]], Iterable[str]]

_SHORTEST_PREFIX: Final = 4


class CartDb(Protocol):
    """Keeps carts. Every verb sees the carts of its `owner` (an opaque id, `Identity.owner`) only;
    another owner's cart does not exist for it. Each verb is one unit of work, and everything that
    goes in or comes out is a value. What it returned has been saved; when it raises, nothing of it
    has been, except that after an OSError nobody knows.

    Compare-and-set keeps the promises; whatever is locked besides only saves work. Every change of
    a cart raises its version by one.

    Every verb raises RestoreData for a damaged file and RetryLater when the owner stays busy; those
    that are given a cart's id, ChooseExisting when the owner has no such cart.
    """

    def create(
        self, owner: str, changes: Changes = (), *, currency: str, request_id: str = ""
    ) -> Cart:
        """A new open cart, priced in `currency`, which the `changes` fill.

        One owner's `request_id` makes one cart: asked again, it answers with that cart as it is by
        now, until it is deleted. FixInput when the request was for other changes, and what `update`
        raises for changes that cannot be made.
        """

    def find(
        self,
        owner: str,
        prefix: str = "",
        which: Which = "all",
        *,
        after: str = "",
        limit: int | None = None,
    ) -> list[Cart]:
        """The carts whose id starts with `prefix`, or the one of that name, in whatever case, if it
        can be one (`model.ids.is_name`); oldest first, and the first `limit` of those that come
        after the cart with the cursor `after` (`cursor_of`). Takes no lock, writes nothing.
        FixInput for a cursor that is none."""

    def rename(self, owner: str, cart_id: str, name: str) -> Cart:
        """Let the cart, whatever its state, have this `name` (`model.cart_names.checked_name`), or
        with "" none. Two carts have no name in common: a purchased one gives it up, FixInput when
        another one has it. A name is no part of what is bought: the version stays."""

    def update(
        self,
        owner: str,
        cart_id: str,
        changes: Changes,
        *,
        if_version: int | None = None,
        request_id: str = "",
    ) -> Cart:
        """Make the `changes` of an open cart, one after the other, all of them or none.

        A `request_id` that has changed this cart already changes it no more: the answer is the cart
        as it is by now, whatever its state and version. The latest 64 are known.

        Raises VersionConflict when the cart is not at `if_version`, ReviewCart when it is
        purchased, CheckOutAgain when it is pending. For changes that cannot be made: ChooseExisting
        when something is not on sale, or not in the cart; ReviewCart when more is to be removed
        than is there; FixInput for a bad quantity, and for a request id that was used for other
        changes.
        """

    def mark(self, owner: str, cart_id: str, attempt: Attempt, *, if_version: int) -> Cart:
        """Make an open cart pending with the `attempt`. VersionConflict when it is not at
        `if_version`; when it is not open, as `update`. FixInput for an attempt that is not of this
        cart, or whose quote does not add up to its amount. The cart has the attempt's lines then,
        as they were put in: an earlier one, of which an old copy does not know, brings its own."""

    def bind(self, owner: str, cart_id: str, attempt: Attempt) -> Cart:
        """Give the pending attempt, which is `attempt` but for its reference and for what it waits
        for, those two. A reference is given once. VersionConflict otherwise."""

    def purchase(self, owner: str, cart_id: str, receipt: Receipt) -> Cart:
        """Make the pending cart purchased for good. The same receipt again is success.

        The receipt must be for the key, the reference, the amount and the quote of the pending
        attempt: RestoreData otherwise, and for a cart that is open, or has another receipt.
        """

    def unpurchase(self, owner: str, cart_id: str, attempt: Attempt) -> Cart:
        """Open the cart again if the whole `attempt` is the pending one; an open cart stays as it
        is. VersionConflict when another attempt is pending, ReviewCart when it is purchased."""

    def delete(self, owner: str, cart_id: str) -> None:
        """Remove an open cart for good; when it is not open, as `update`."""

    def paying(
        self, owner: str, cart_id: str, *, patient: bool = True
    ) -> AbstractContextManager[None]:
        """A courtesy: keep other payments of the cart with this id out for the `with` block, so
        that nobody works for nothing. No promise rests on it.

        Raises WaitForPayment when another one is going on: at once, or when `patient` after
        the bounded wait of this DB.
        """


class CartReader(Protocol):
    """The merchant's view of every customer's carts. Takes no lock, writes nothing."""

    def everything(
        self,
        which: Which = "all",
        *,
        after: str = "",
        limit: int | None = None,
        progress: Watched = iter,
    ) -> Iterator[Cart | RestoreData]:
        """Every customer's carts in the state `which`; in place of those in a damaged file, the
        error that names it. In no order, unless `after` a cursor or up to a `limit` is asked for:
        then as a page of `CartDb.find`, oldest first, errors before all.

        `progress` is given the list of owners whose carts are about to be read, and returns what
        to iterate over instead.
        """


def cart_prefix(prefix: str) -> str:
    """The `prefix` by which somebody names a cart, as ids begin, or its name; FixInput when it is
    neither, or too short."""
    given: object = prefix
    if not isinstance(given, str):
        kind = type(given).__name__
        raise FixInput(f"a cart is named by its id, and this is a {kind}", "Nothing was changed.")
    if is_name(prefix):
        return prefix.strip()
    start = prefix.strip().lower()
    if len(start) < _SHORTEST_PREFIX:
        raise FixInput(
            f"{prefix!r} is too short for a cart",
            f"Nothing was changed. Give at least {_SHORTEST_PREFIX} characters of its id.",
            cart=prefix,
        )
    return start


def open_cart_db(store: str, lock_wait: float, clock: Callable[[], datetime]) -> CartDb:
    """The carts in the folder `store`; `clock` gives the present time in UTC."""
    from cartcli.cart_db.pickle.carts import PickleCartDb

    return PickleCartDb(store, lock_wait, clock)


def open_cart_reader(store: str) -> CartReader:
    """Every customer's carts in the folder `store`."""
    from cartcli.cart_db.pickle.reader import PickleCartReader

    return PickleCartReader(store)
