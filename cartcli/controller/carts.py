"""The customer's carts: found by the start of their ids, shown and changed at today's prices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cartcli.cart_db import CartDb, Which
from cartcli.controller.prices import NewContents, Prices
from cartcli.errors import ChooseExisting, FixInput
from cartcli.model.cart import Cart
from cartcli.model.ids import is_cart_id
from cartcli.model.lines import Line
from cartcli.model.people import Identity

_SHORTEST_PREFIX: Final = 4
_MOST_NAMED: Final = 5


class Carts:
    """The carts in `cart_db` at today's `prices`; new ones are in `currency`."""

    def __init__(self, cart_db: CartDb, prices: Prices, currency: str) -> None:
        self._cart_db = cart_db
        self._prices = prices
        self._currency = currency

    def find(self, identity: Identity, prefix: str, prefer: Which = "all") -> Cart:
        """The one cart whose id starts with `prefix`; among those in the state `prefer` if there
        is any. ChooseExisting when there is none, FixInput when it is not clear which."""
        start = prefix.strip().lower()
        if len(start) < _SHORTEST_PREFIX:
            raise FixInput(
                f"{prefix!r} is too short for a cart",
                f"Give at least {_SHORTEST_PREFIX} characters of its id.",
                cart=prefix,
            )
        found = self._cart_db.find(identity, start, prefer) or self._cart_db.find(identity, start)
        if not found:
            raise no_cart(prefix)
        if len(found) > 1:
            ids = ", ".join(cart.id for cart in found[:_MOST_NAMED])
            raise FixInput(
                f"{len(found)} carts start with {prefix!r}",
                f"Give more of the id; among them: {ids}",
            )
        return found[0]

    def whole_id(self, identity: Identity, prefix: str) -> str:
        """The id of the one cart whose id starts with `prefix`; a whole id is not looked up."""
        cart_id = prefix.strip().lower()
        return cart_id if is_cart_id(cart_id) else self.find(identity, prefix).id

    def get(self, identity: Identity, prefixes: Sequence[str], which: Which) -> list[Cart]:
        """The carts of these `prefixes`, or all those in the state `which`, oldest first; each
        once, open ones at today's prices."""
        if prefixes:
            found = {(cart := self.find(identity, prefix)).id: cart for prefix in prefixes}
        else:
            from cartcli.rules.choices import check_choice  # most calls name carts

            check_choice("which", which, Which)
            found = {cart.id: cart for cart in self._cart_db.find(identity, which=which)}
        return [self._prices.today(cart) for cart in found.values()]

    def create(self, identity: Identity, contents: NewContents) -> Cart:
        """A new cart with the `contents`."""
        lines = self._prices.changed_lines((), contents)
        return self._cart_db.create(identity, lines, self._currency)

    def update(self, identity: Identity, cart_id: str, contents: NewContents) -> Cart:
        """Give the open cart the `contents`; ReviewCart when it is in another currency."""

        def change(present: Cart) -> Sequence[Line]:
            self._prices.check_currency(present)
            return self._prices.changed_lines(present.lines, contents)

        return self._prices.today(self._cart_db.update(identity, cart_id, change))


def no_cart(prefix: str) -> ChooseExisting:
    """The error for a `prefix` with which no cart of the user's begins."""
    return ChooseExisting(f"there is no cart {prefix!r}", cart=prefix)
