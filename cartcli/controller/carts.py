"""The customer's carts: found by the start of their ids, shown and changed at today's prices."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from cartcli.cart_db import CartDb, Which, cart_prefix
from cartcli.controller.prices import Looked, Prices
from cartcli.errors import (
    CartError,
    CheckOutAgain,
    ChooseExisting,
    FixInput,
    RetryLater,
    ReviewCart,
    VersionConflict,
)
from cartcli.model.cart import Cart
from cartcli.model.changes import Add, Changes
from cartcli.model.ids import is_cart_id, is_name
from cartcli.model.times import utc_now
from cartcli.rules import pricing
from cartcli.rules.changes import Contents, replacement
from cartcli.turns import Turn

_MOST_NAMED: Final = 5
_NO_CART: Final = "00000000-0000-0000-0000-000000000000"  # of one that is not made
_PATIENCE: Final = 10.0  # seconds of changes by others, each of which makes a function run again


Reopen = Callable[[str, str], Cart]


class Carts:
    """The carts in `cart_db` at today's `prices`; new ones are in their currency. `reopen` settles
    the payment of an owner's pending cart, so that it can be changed."""

    def __init__(self, cart_db: CartDb, prices: Prices, reopen: Reopen) -> None:
        self._cart_db = cart_db
        self._prices = prices
        self._reopen = reopen

    def find(self, owner: str, prefix: str, prefer: Which = "all") -> Cart:
        """The one cart that is called `prefix`, or whose id starts with it; among those in the
        state `prefer` if there is any. ChooseExisting when there is none, FixInput when it is not
        clear which."""
        start = cart_prefix(prefix)
        found = self._cart_db.find(owner, start, prefer) or self._cart_db.find(owner, start)
        if not found:
            raise self._no_cart(owner, prefix)
        if len(found) > 1:
            ids = ", ".join(cart.id for cart in found[:_MOST_NAMED])
            raise FixInput(
                f"{len(found)} carts start with {prefix!r}",
                f"Give more of the id; among them: {ids}",
            )
        return found[0]

    def _no_cart(self, owner: str, prefix: str) -> ChooseExisting:
        """The error for a `prefix` by which no cart is called, with names that were perhaps
        meant."""
        if not is_name(prefix):
            return no_cart(prefix)
        from cartcli.suggestions import near

        names = (cart.name for cart in self._cart_db.find(owner, which="unpurchased"))
        return no_cart(prefix, near(prefix, filter(None, names)))

    def rename(self, owner: str, prefix: str, name: str) -> Cart:
        """Let the cart have the `name`, which was checked."""
        cart = self.find(owner, prefix, prefer="unpurchased")
        return self._prices.quoted(self._cart_db.rename(owner, cart.id, name))

    def whole_id(self, owner: str, prefix: str) -> str:
        """The id of the one cart that `find` finds; a whole id is not looked up."""
        if isinstance(prefix, str) and is_cart_id(cart_id := prefix.strip().lower()):
            return cart_id
        return self.find(owner, prefix).id

    def get(
        self, owner: str, prefixes: Sequence[str], which: Which, after: str, limit: int | None
    ) -> list[Cart]:
        """The carts of these `prefixes`, or a page of those in the state `which`, oldest first;
        each once, with its quote."""
        if not isinstance(prefixes, tuple | list):
            from cartcli.rules.choices import texts

            prefixes = texts("cart_ids", prefixes)
        if prefixes:
            found = {(cart := self.find(owner, prefix)).id: cart for prefix in prefixes}
        else:
            from cartcli.rules.choices import check_choice, check_limit  # most calls name carts

            check_choice("which", which, Which)
            check_limit(limit)
            page = self._cart_db.find(owner, which=which, after=after, limit=limit)
            found = {cart.id: cart for cart in page}
        return [self._prices.quoted(cart) for cart in found.values()]

    def create(self, owner: str, changes: Changes, request_id: str = "") -> Cart:
        """A new cart with what the `changes`, which were checked, put into it."""
        looked = self._prices.looked_up(changes, {})
        priced = pricing.with_items(changes, looked.items)
        self._prices.keep()
        try:
            cart = self._cart_db.create(
                owner, priced, currency=self._prices.currency, request_id=request_id
            )
        except ChooseExisting as error:
            raise self._prices.with_similar(error) from None
        return self._prices.quoted(cart, looked)

    def tried(
        self,
        owner: str,
        cart: Cart | None,
        changes: Changes,
        if_version: int | None = None,
        request_id: str = "",
    ) -> Cart:
        """The cart, or with None a new one, as the `changes`, which were checked, would leave it.
        Nothing is done. Raises what they would."""
        looked = self._prices.looked_up(changes, cart.contents if cart else {})
        priced = pricing.with_items(changes, looked.items)
        try:
            if cart is None:
                from cartcli.cart_db.steps import new

                after = new(_NO_CART, owner, self._prices.currency, priced, utc_now())
            elif request_id in dict(cart.requests):
                after = cart
            else:
                self._prices.check_currency(cart)
                after = _as_changed(cart, priced, if_version, request_id)
                self._check_total(cart, priced, looked)
        except ChooseExisting as error:
            raise self._prices.with_similar(error) from None
        return self._prices.quoted(after, looked)

    def copy(self, owner: str, prefix: str, *, skip_unsold: bool, dry_run: bool) -> Cart:
        """A new cart with what the one of this `prefix` holds. ReviewCart when that is nothing, or
        when some of it is no longer sold and not to be skipped. With `dry_run` it is not made."""
        cart = self.find(owner, prefix)
        contents = cart.contents
        sold = self._prices.looked_up([replacement(contents)], {}).items
        unsold = [sku for sku in contents if sku not in sold]
        if not contents or (unsold and not (skip_unsold and sold)):
            raise _not_copied(cart, unsold)
        adds = [Add(sku, contents[sku]) for sku in contents if sku in sold]
        return self.tried(owner, None, adds) if dry_run else self.create(owner, adds)

    def change(
        self,
        owner: str,
        cart: Cart,
        changes: Changes,
        if_version: int | None = None,
        request_id: str = "",
    ) -> Cart:
        """Make the `changes`, which were checked, of the `cart`, whose payment is settled first if
        it is pending; ReviewCart when it is in another currency. What was done already disturbs
        nothing."""
        with changing(owner, cart.id):
            return self._changed(owner, cart, changes, if_version, request_id)

    def _changed(
        self,
        owner: str,
        cart: Cart,
        changes: Changes,
        if_version: int | None,
        request_id: str = "",
    ) -> Cart:
        looked = self._prices.looked_up(changes, cart.contents)
        priced = pricing.with_items(changes, looked.items)
        try:
            while True:
                version = self._ready(owner, cart, priced, if_version, request_id)
                self._check_total(cart, priced, looked)
                try:
                    changed = self._cart_db.update(
                        owner, cart.id, priced, if_version=version, request_id=request_id
                    )
                except CheckOutAgain:  # somebody has begun to pay it since
                    cart = self.find(owner, cart.id)
                else:
                    return self._prices.quoted(changed, looked)
        except ChooseExisting as error:
            raise self._prices.with_similar(error) from None

    def delete(self, owner: str, cart: Cart, captured: Callable[[str], object]) -> None:
        """Delete the `cart`, whose payment is settled first if it is pending, or was `captured`
        though it is open."""
        with changing(owner, cart.id):
            while True:
                if cart.state == "pending" or (cart.state == "open" and captured(cart.id)):
                    self._reopen(owner, cart.id)
                try:
                    return self._cart_db.delete(owner, cart.id)
                except CheckOutAgain:  # somebody has begun to pay it since
                    cart = self.find(owner, cart.id)

    def _ready(
        self,
        owner: str,
        cart: Cart,
        changes: Changes,
        if_version: int | None,
        request_id: str,
    ) -> int | None:
        """Reopen the `cart` if it is pending, so that the `changes` can be made, unless they were;
        of the version that is returned."""
        if request_id in dict(cart.requests):
            return if_version
        self._prices.keep()
        self._prices.check_currency(cart)
        if cart.state != "pending":
            return if_version
        _as_changed(cart, changes, if_version, request_id)
        reopened = self._reopen(owner, cart.id)
        return None if if_version is None else reopened.version

    def _check_total(self, cart: Cart, changes: Changes, looked: Looked) -> None:
        """FixInput when what the `changes` make of the `cart` is dearer than before, and more than
        can be charged, at today's prices; the cart DB knows only those of when it was put in."""
        if not pricing.has_new_prices(cart, looked.items):
            return
        try:
            after = _as_changed(cart, changes)
        except CartError:
            return  # the cart DB has the last word, on the cart as it is by then
        pricing.check_total(self._prices.quote(after, looked), self._prices.quote(cart, looked))

    def rework(self, owner: str, cart: Cart, rework: Callable[[dict[str, int]], Contents]) -> Cart:
        """Give the open `cart` the contents that `rework` makes of its present ones; of those it
        has by then when it is changed meanwhile. RetryLater when others never stop to change it,
        FixInput when `rework` does so itself, again and again."""
        deadline, in_vain = time.monotonic() + _PATIENCE, 0
        with changing(owner, cart.id) as mine:
            if mine.waited:
                cart = self.find(owner, cart.id)
            while True:
                mine.within = 0
                changes = [replacement(rework(cart.contents))]
                try:
                    return self._changed(owner, cart, changes, if_version=cart.version)
                except VersionConflict:
                    in_vain += mine.within > 0
                    _check_end(cart, in_vain, deadline)
                cart = self.find(owner, cart.id)


def changing(owner: str, cart_id: str) -> Turn:
    """Take turns with other threads that change this cart, so that nobody works for nothing."""
    return Turn(("cart", owner, cart_id))


def _check_end(cart: Cart, in_vain: int, deadline: float) -> None:
    """RetryLater after the `deadline` for calls of a function, and FixInput when it has been called
    `in_vain` again, because it has changed the cart itself."""
    if in_vain > 1:
        raise FixInput(
            f"the function changes cart {cart.short_id} itself whenever it is asked for the new"
            " contents",
            "What it changed stays, what it returned was not put in. Let it change nothing, and"
            " return what the cart is to hold.",
            cart=cart.id,
        ) from None
    if time.monotonic() > deadline:
        raise RetryLater(
            f"others never stop to change cart {cart.short_id}",
            "This call changed nothing. Try again in a moment.",
            cart=cart.id,
        ) from None


def _as_changed(
    cart: Cart, changes: Changes, if_version: int | None = None, request_id: str = ""
) -> Cart:
    """The `cart` after the `changes`, were it open. Raises what the cart DB would: nobody's payment
    is cancelled for a change that cannot be made."""
    from cartcli.cart_db.steps import changed, check_open  # few are pending, or have new prices

    if cart.state == "purchased":
        check_open(cart)
    opened = cart._replace(state="open", attempt=None)
    return changed(opened, changes, cart.updated, if_version=if_version, request_id=request_id)


def _not_copied(cart: Cart, unsold: Sequence[str]) -> ReviewCart:
    if not unsold:
        return ReviewCart(f"cart {cart.short_id} is empty", "Nothing was changed.", cart=cart.id)
    named = ", ".join(unsold[:_MOST_NAMED]) + (", …" if len(unsold) > _MOST_NAMED else "")
    all_of_it = len(unsold) == len(cart.lines)
    return ReviewCart(
        f"{'none' if all_of_it else 'not all'} of cart {cart.short_id} is still sold: {named}",
        "No cart was made.",
        cart=cart.id,
        unsold=[*unsold],
        **({} if all_of_it else {"skip": "unsold"}),
    )


def no_cart(prefix: str, similar: Sequence[str] = ()) -> ChooseExisting:
    """The error for a `prefix` with which no cart of the user's begins; `similar` ones are called
    so."""
    perhaps = f"Did you mean {' or '.join(map(repr, similar))}?" if similar else ""
    return ChooseExisting(f"there is no cart {prefix!r}", perhaps, cart=prefix)
