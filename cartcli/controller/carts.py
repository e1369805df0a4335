"""The customer's carts: found by the start of their ids, shown and changed at today's prices."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cartcli.cart_db import CartDb, Which
from cartcli.controller.prices import Prices
from cartcli.errors import ChooseExisting, FixInput, RetryLater, VersionConflict
from cartcli.model.cart import Cart
from cartcli.model.ids import is_cart_id
from cartcli.rules import pricing
from cartcli.rules.pricing import Contents

if TYPE_CHECKING:
    from cartcli.model.changes import Changes

_SHORTEST_PREFIX: Final = 4
_MOST_NAMED: Final = 5
_PATIENCE: Final = 10.0  # seconds of changes by others, each of which makes a function run again


class Carts:
    """The carts in `cart_db` at today's `prices`; new ones are in `currency`."""

    def __init__(self, cart_db: CartDb, prices: Prices, currency: str) -> None:
        self._cart_db = cart_db
        self._prices = prices
        self._currency = currency

    def find(self, owner: str, prefix: str, prefer: Which = "all") -> Cart:
        """The one cart whose id starts with `prefix`; among those in the state `prefer` if there
        is any. ChooseExisting when there is none, FixInput when it is not clear which."""
        start = prefix.strip().lower()
        if len(start) < _SHORTEST_PREFIX:
            raise FixInput(
                f"{prefix!r} is too short for a cart",
                f"Give at least {_SHORTEST_PREFIX} characters of its id.",
                cart=prefix,
            )
        found = self._cart_db.find(owner, start, prefer) or self._cart_db.find(owner, start)
        if not found:
            raise no_cart(prefix)
        if len(found) > 1:
            ids = ", ".join(cart.id for cart in found[:_MOST_NAMED])
            raise FixInput(
                f"{len(found)} carts start with {prefix!r}",
                f"Give more of the id; among them: {ids}",
            )
        return found[0]

    def whole_id(self, owner: str, prefix: str) -> str:
        """The id of the one cart whose id starts with `prefix`; a whole id is not looked up."""
        cart_id = prefix.strip().lower()
        return cart_id if is_cart_id(cart_id) else self.find(owner, prefix).id

    def get(
        self, owner: str, prefixes: Sequence[str], which: Which, after: str, limit: int | None
    ) -> list[Cart]:
        """The carts of these `prefixes`, or a page of those in the state `which`, oldest first;
        each once, with its quote."""
        if prefixes:
            found = {(cart := self.find(owner, prefix)).id: cart for prefix in prefixes}
        else:
            from cartcli.rules.choices import check_choice  # most calls name carts

            check_choice("which", which, Which)
            page = self._cart_db.find(owner, which=which, after=after, limit=limit)
            found = {cart.id: cart for cart in page}
        return [self._prices.quoted(cart) for cart in found.values()]

    def create(self, owner: str, changes: Changes, request_id: str = "") -> Cart:
        """A new cart with what the `changes` put into it."""
        looked = self._prices.looked_up(changes, {})
        priced = pricing.with_items(changes, looked.items)
        with self._suggesting():
            cart = self._cart_db.create(
                owner, priced, currency=self._currency, request_id=request_id
            )
        return self._prices.quoted(cart, looked)

    def change(
        self,
        owner: str,
        cart: Cart,
        changes: Changes,
        if_version: int | None = None,
        request_id: str = "",
    ) -> Cart:
        """Make the `changes` of the open `cart`; ReviewCart when it is in another currency."""
        self._prices.check_currency(cart)
        looked = self._prices.looked_up(changes, cart.contents)
        priced = pricing.with_items(changes, looked.items)
        with self._suggesting():
            changed = self._cart_db.update(
                owner, cart.id, priced, if_version=if_version, request_id=request_id
            )
        return self._prices.quoted(changed, looked)

    def rework(self, owner: str, cart: Cart, rework: Callable[[dict[str, int]], Contents]) -> Cart:
        """Give the open `cart` the contents that `rework` makes of its present ones; of those it
        has by then when somebody else changes it meanwhile. RetryLater when they never stop."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            changes = [pricing.replacement(rework(cart.contents))]
            try:
                return self.change(owner, cart, changes, if_version=cart.version)
            except VersionConflict:
                if time.monotonic() > deadline:
                    raise RetryLater(
                        f"others never stop to change cart {cart.short_id}",
                        "This call changed nothing. Try again in a moment.",
                        cart=cart.id,
                    ) from None
            cart = self.find(owner, cart.id)

    @contextmanager
    def _suggesting(self) -> Iterator[None]:
        """Tell, with a SKU that is not on sale, what was perhaps meant."""
        try:
            yield
        except ChooseExisting as error:
            raise self._prices.with_similar(error) from None


def no_cart(prefix: str) -> ChooseExisting:
    """The error for a `prefix` with which no cart of the user's begins."""
    return ChooseExisting(f"there is no cart {prefix!r}", cart=prefix)
