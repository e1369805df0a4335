"""What the merchant does with carts that nobody comes back to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from cartcli.model.cart import Cart


class Left(NamedTuple):
    """What is left of a customer who was forgotten: the `owner` of so many `purchased` carts, "" if
    there are none. So many others were `removed`."""

    owner: str
    removed: int
    purchased: int


class Tidied(NamedTuple):
    """How many `carts` of guests, and records of `requests` that changed carts, were removed, or
    would be."""

    carts: int
    requests: int


class CartKeeper(Protocol):
    """What the merchant does with carts that nobody comes back to. Every verb raises RetryLater
    when an owner stays busy, and RestoreData for a damaged file."""

    def unpurchased(self, owner: str) -> list[Cart] | None:
        """The open and pending carts of this owner; None for an owner of whom nothing is known.
        RestoreData also when a purchased one is damaged."""

    def forget(self, owner: str) -> Left:
        """Remove the owner's open carts for good, and give the purchased ones to a new owner, of
        whom nobody knows who that was. Readers see every purchased cart all the time, and who
        comes again by the old name has none of them. Whatever stops it, the same call again goes
        on. CheckOutAgain, and no cart has changed, while one is pending."""

    def prune(
        self,
        guests: datetime,
        requests: datetime,
        keep: Callable[[Cart], bool],
        *,
        dry_run: bool = False,
    ) -> Tidied:
        """Remove the open carts of guests that have not changed since `guests` and that are not to
        be kept; and of other open carts that have not changed since `requests`, by which requests
        they were. All that cannot be read stays. With `dry_run` nothing is removed."""


def open_cart_keeper(store: str, lock_wait: float) -> CartKeeper:
    """Every customer's carts in the folder `store`."""
    from cartcli.cart_db.pickle.keeper import PickleCartKeeper

    return PickleCartKeeper(store, lock_wait)
