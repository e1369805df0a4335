"""The cart DB on pickle files, one folder an owner."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from cartcli.cart_db import NewLines, Step, Which
from cartcli.cart_db.pickle.owner_folder import Memory, OwnerFolder
from cartcli.errors import (
    CheckOutAgain,
    ChooseExisting,
    RestoreData,
    RetryLater,
    ReviewCart,
    WaitForPayment,
)
from cartcli.files import locks, names
from cartcli.model.cart import Cart
from cartcli.model.ids import new_cart_id, short_id
from cartcli.model.lines import Line
from cartcli.model.people import Identity

if TYPE_CHECKING:
    from cartcli.model.order import Attempt, Receipt


class PickleCartDb:
    """The carts in the folder `store`. `clock` gives the present time in UTC; `lock_wait` is how
    many seconds a call waits for another one of the same owner."""

    def __init__(self, store: str, lock_wait: float, clock: Callable[[], datetime]) -> None:
        self._folder = os.path.join(store, names.CARTS)
        self._lock_wait = lock_wait
        self._clock = clock
        self._memory: Memory = {}

    def create(self, identity: Identity, lines: Sequence[Line], currency: str) -> Cart:
        now = self._clock()
        cart = Cart(new_cart_id(), identity.user, "open", tuple(lines), currency, now, now)
        with self._unit(identity) as unit:
            unit.put(cart)
        return cart

    def find(self, identity: Identity, prefix: str = "", which: Which = "all") -> list[Cart]:
        owner = self._owner(identity)
        found: dict[str, Cart] = {}
        # Unpurchased ones first: a cart bought meanwhile is then found twice, never missed.
        if which != "purchased":
            found = owner.unpurchased().carts
        if which != "unpurchased":
            found.update((cart.id, cart) for cart in owner.purchased(prefix))
        carts = [cart for cart in found.values() if cart.id.startswith(prefix)]
        return sorted(carts, key=lambda cart: (cart.created, cart.id))

    def update(self, identity: Identity, cart_id: str, new_lines: NewLines) -> Cart:
        with self._unit(identity) as unit:
            cart = unit.find_open(cart_id)
            cart = cart._replace(lines=tuple(new_lines(cart)), updated=self._clock())
            unit.put(cart)
        return cart

    def purchase(self, identity: Identity, cart_id: str, step: Step) -> Cart:
        from cartcli.model.order import Attempt, Receipt  # only a checkout needs them

        with self._unit(identity) as unit:
            cart = unit.find(cart_id)
            match step(cart):
                case Attempt() as attempt:
                    cart = _marked(unit.find_open(cart_id), attempt, self._clock())
                    unit.put(cart)
                case Receipt() as receipt if receipt != cart.receipt:
                    cart = _purchased(cart, receipt)
                    unit.put(cart)
        return cart

    def unpurchase(self, identity: Identity, cart_id: str, key: str) -> Cart:
        with self._unit(identity) as unit:
            cart = unit.find(cart_id)
            if cart.state == "purchased":
                raise _is_purchased(cart)
            if cart.attempt is not None:
                if cart.attempt.key != key:
                    raise _other_payment(cart, key)
                cart = cart._replace(state="open", attempt=None, updated=self._clock())
                unit.put(cart)
        return cart

    def paying(
        self, identity: Identity, cart_id: str, *, patient: bool = True
    ) -> AbstractContextManager[None]:
        busy = WaitForPayment(
            f"cart {short_id(cart_id)} must wait: a payment of it, or of another of"
            " this customer's carts, is in progress",
            "This call changed nothing. Make it again when the payment has ended.",
            cart=cart_id,
        )
        path = self._owner(identity).pay_lock(cart_id)
        return locks.locked(path, self._lock_wait if patient else 0, busy)

    def _owner(self, identity: Identity) -> OwnerFolder:
        return OwnerFolder(self._folder, identity.user, self._memory)

    @contextmanager
    def _unit(self, identity: Identity) -> Iterator[_Unit]:
        """Lock, load, let the block do one operation, flush, unlock. An exception flushes
        nothing."""
        owner = self._owner(identity)
        busy = RetryLater(
            f"others kept the carts of {identity.user} busy for {self._lock_wait:g} s",
            "This call changed nothing. Try again in a moment.",
            user=identity.user,
        )
        with locks.locked(owner.lock, self._lock_wait, busy):
            unit = _Unit(owner)
            yield unit
            self._flush(unit)

    def _flush(self, unit: _Unit) -> None:
        """Write durably what the unit changed, in one step."""
        if unit.changed is None:
            return
        if unit.changed.state == "purchased":
            unit.owner.save_purchased(unit.changed)
        else:
            marks = unit.changed.state == "pending"
            unit.owner.save_unpurchased(unit.unpurchased, marks=marks)


class _Unit:
    """One owner's unpurchased carts in memory, and the cart that the operation changed."""

    def __init__(self, owner: OwnerFolder) -> None:
        self.owner = owner
        self.unpurchased = owner.unpurchased()
        self.changed: Cart | None = None

    def find(self, cart_id: str) -> Cart:
        if cart_id in self.unpurchased.carts:
            return self.unpurchased.carts[cart_id]
        for cart in self.owner.purchased(cart_id):
            if cart.id == cart_id:
                return cart
        raise ChooseExisting(f"there is no cart {cart_id}", cart=cart_id)

    def find_open(self, cart_id: str) -> Cart:
        cart = self.find(cart_id)
        if cart.state == "purchased":
            raise _is_purchased(cart)
        if self.owner.has_bought(cart_id):
            raise RestoreData(
                f"cart {cart.short_id} is purchased, but stands among the open ones as well",
                "Nothing was changed. Was an old copy restored?",
                cart=cart.id,
                copies=2,
            )
        if cart.state == "pending":
            raise CheckOutAgain(
                f"cart {short_id(cart_id)} waits for the outcome of a payment",
                "Nothing was changed.",
                cart=cart_id,
            )
        return cart

    def put(self, cart: Cart) -> None:
        self.unpurchased.carts[cart.id] = self.changed = cart


def _marked(cart: Cart, attempt: Attempt, now: datetime) -> Cart:
    return cart._replace(state="pending", lines=attempt.lines, attempt=attempt, updated=now)


def _purchased(cart: Cart, receipt: Receipt) -> Cart:
    if cart.attempt is None or receipt.amount != cart.attempt.amount or cart.receipt:
        raise _other_payment(cart, receipt.key)
    return cart._replace(
        state="purchased", lines=receipt.lines, receipt=receipt, updated=receipt.purchased
    )


def _is_purchased(cart: Cart) -> ReviewCart:
    return ReviewCart(
        f"cart {cart.short_id} is purchased and can no longer be changed",
        "Nothing was changed. Put further items into a new cart.",
        cart=cart.id,
    )


def _other_payment(cart: Cart, key: str) -> RestoreData:
    return RestoreData(
        f"cart {cart.short_id} is {cart.state} and does not belong to the payment {key}",
        "The cart was left as it is. Compare the two records before anything else is done.",
        cart=cart.id,
    )
