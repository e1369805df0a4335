"""The cart DB on pickle files, one folder an owner."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from cartcli.cart_db import Which, steps
from cartcli.cart_db.pickle.owner_folder import Memory, OwnerFolder
from cartcli.errors import ChooseExisting, RetryLater, WaitForPayment
from cartcli.files import layout, locks, names
from cartcli.model.cart import Cart, place_of
from cartcli.model.ids import is_cart_id, is_name, new_cart_id, short_id

if TYPE_CHECKING:
    from cartcli.model.changes import Changes
    from cartcli.model.order import Attempt, Receipt


_MOST_KNOWN: Final = 1_000  # owners


class PickleCartDb:
    """The carts in the folder `store`. `clock` gives the present time in UTC; `lock_wait` is how
    many seconds a call waits for another one of the same owner."""

    def __init__(self, store: str, lock_wait: float, clock: Callable[[], datetime]) -> None:
        self._folder = os.path.join(store, names.CARTS)
        self._lock_wait = lock_wait
        self._clock = clock
        self._claim = partial(layout.claim, store)
        self._memory: Memory = {}
        self._owners: dict[str, OwnerFolder] = {}

    def create(
        self, owner: str, changes: Changes = (), *, currency: str, request_id: str = ""
    ) -> Cart:
        if request_id:
            return self._create_once(owner, changes, currency, request_id)
        cart = steps.new(new_cart_id(), owner, currency, changes, self._clock())
        with self._unit(owner) as unit:
            unit.put(cart)
        return cart

    def find(
        self,
        owner: str,
        prefix: str = "",
        which: Which = "all",
        *,
        after: str = "",
        limit: int | None = None,
    ) -> list[Cart]:
        folder = self._owner(owner)
        if is_name(prefix) and not (prefix := folder.called(prefix)):
            return []
        found: dict[str, Cart] = {}
        # Unpurchased ones first: a cart bought meanwhile is then found twice, never missed.
        if which != "purchased":
            found = folder.unpurchased().carts
        if which in ("purchased", "all"):
            found.update((cart.id, cart) for cart in folder.purchased(prefix))
        if is_cart_id(prefix):  # as most do
            found = {prefix: found[prefix]} if prefix in found else {}
        carts = (cart for cart in found.values() if cart.id.startswith(prefix))
        if which == "pending":
            carts = (cart for cart in carts if cart.state == "pending")
        if not after and limit is None:
            return sorted(carts, key=place_of)
        from cartcli.cart_db.pages import page  # few calls turn pages

        return page(carts, after, limit)

    def rename(self, owner: str, cart_id: str, name: str) -> Cart:
        with self._unit(owner) as unit:
            return unit.rename(unit.find(cart_id), name)

    def update(
        self,
        owner: str,
        cart_id: str,
        changes: Changes,
        *,
        if_version: int | None = None,
        request_id: str = "",
    ) -> Cart:
        return self._step(
            owner,
            cart_id,
            lambda cart: steps.changed(
                cart, changes, self._clock(), if_version=if_version, request_id=request_id
            ),
        )

    def mark(self, owner: str, cart_id: str, attempt: Attempt, *, if_version: int) -> Cart:
        return self._step(
            owner,
            cart_id,
            lambda cart: steps.marked(cart, attempt, self._clock(), if_version=if_version),
        )

    def bind(self, owner: str, cart_id: str, attempt: Attempt) -> Cart:
        return self._step(owner, cart_id, lambda cart: steps.bound(cart, attempt, self._clock()))

    def purchase(self, owner: str, cart_id: str, receipt: Receipt) -> Cart:
        return self._step(owner, cart_id, lambda cart: steps.purchased(cart, receipt))

    def unpurchase(self, owner: str, cart_id: str, attempt: Attempt) -> Cart:
        return self._step(owner, cart_id, lambda cart: steps.opened(cart, attempt, self._clock()))

    def delete(self, owner: str, cart_id: str) -> None:
        with self._unit(owner) as unit:
            cart = unit.find(cart_id)
            steps.check_open(cart)
            unit.remove(cart)

    def paying(
        self, owner: str, cart_id: str, *, patient: bool = True
    ) -> AbstractContextManager[None]:
        path = self._owner(owner).pay_lock
        wait = self._lock_wait if patient else 0
        return locks.locked(
            path, wait, partial(_being_paid, cart_id), of=cart_id, first=self._claim
        )

    def _owner(self, owner: str) -> OwnerFolder:
        known = self._owners.get(owner)
        if known is None:
            if len(self._owners) >= _MOST_KNOWN:
                self._owners.clear()
            known = self._owners[owner] = OwnerFolder(self._folder, owner, self._memory)
        return known

    def _create_once(self, owner: str, changes: Changes, currency: str, request_id: str) -> Cart:
        """The one cart that the request makes, as it is by now."""
        from cartcli.cart_db.requests import id_of_new, was_made  # few have an id

        with self._unit(owner) as unit:
            cart_id = id_of_new(owner, request_id, unit.unpurchased.life)
            cart = unit.known(cart_id)
            if cart is None:
                cart = steps.new(cart_id, owner, currency, changes, self._clock(), request_id)
                unit.put(cart)
            else:
                was_made(cart, request_id, changes)
                unit.owner.make_durable(cart)
        return cart

    def _step(self, owner: str, cart_id: str, step: Callable[[Cart], Cart]) -> Cart:
        """The cart after one `step`, kept if it has changed anything."""
        with self._unit(owner) as unit:
            before = unit.find(cart_id)
            after = step(before)
            if after is before:
                unit.owner.make_durable(after)
            else:
                unit.put(after)
        return after

    @contextmanager
    def _unit(self, owner: str) -> Iterator[_Unit]:
        """Lock, load, let the block do one operation, flush, unlock. An exception flushes
        nothing."""
        folder = self._owner(owner)
        busy = partial(_busy, owner, self._lock_wait)
        with locks.locked(folder.lock, self._lock_wait, busy, first=self._claim):
            unit = _Unit(folder)
            yield unit
            self._flush(unit)

    def _flush(self, unit: _Unit) -> None:
        """Write durably what the unit changed, in one step."""
        if unit.changed and unit.changed.state == "purchased":
            unit.owner.save_purchased(unit.changed)
        elif unit.changed or unit.is_renamed:
            marks = unit.changed is not None and unit.changed.state == "pending"
            unit.owner.save_unpurchased(unit.unpurchased, marks=marks)


def _being_paid(cart_id: str) -> WaitForPayment:
    return WaitForPayment(
        f"cart {short_id(cart_id)} must wait: a payment of it is in progress",
        "This call changed nothing. Make it again when the payment has ended.",
        cart=cart_id,
    )


def _busy(owner: str, waited: float) -> RetryLater:
    return RetryLater(
        f"others kept the carts of {owner} busy for {waited:g} s",
        "This call changed nothing. Try again in a moment.",
        user=owner,
    )


class _Unit:
    """One owner's unpurchased carts in memory, the cart that the operation changed, and whether it
    gave one another name."""

    def __init__(self, owner: OwnerFolder) -> None:
        self.owner = owner
        self.unpurchased = owner.unpurchased()
        self.changed: Cart | None = None
        self.is_renamed = False

    def known(self, cart_id: str) -> Cart | None:
        """The cart with this id, if there is one."""
        cart = self.unpurchased.carts.get(cart_id)
        if cart is None and is_cart_id(cart_id):
            return next(self.owner.purchased(cart_id), None)
        return cart

    def find(self, cart_id: str) -> Cart:
        cart = self.known(cart_id)
        if cart is None:
            raise ChooseExisting(f"there is no cart {cart_id}", cart=cart_id)
        return cart

    def put(self, cart: Cart) -> None:
        self.unpurchased.carts[cart.id] = self.changed = cart

    def remove(self, cart: Cart) -> None:
        self.unpurchased.remove(cart.id)
        self.changed = cart

    def rename(self, cart: Cart, name: str) -> Cart:
        from cartcli.model.cart_names import renamed  # few carts get a name

        names, carts = self.unpurchased.names, self.unpurchased.carts
        self.unpurchased.names = renamed(names, cart.id, name, {*carts})
        self.is_renamed = True
        cart = cart._replace(name=name)
        if cart.id in carts:
            carts[cart.id] = cart
        return cart
