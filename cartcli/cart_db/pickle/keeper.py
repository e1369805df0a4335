"""What the merchant removes: whose carts they were, and carts that nobody comes back to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial

from cartcli.cart_db.keeper import Left, Tidied
from cartcli.cart_db.pickle.owner_folder import OwnerFolder
from cartcli.cart_db.pickle.reader import PickleCartReader
from cartcli.errors import CheckOutAgain, RestoreData, RetryLater
from cartcli.files import durable, locks, names
from cartcli.model.cart import Cart
from cartcli.model.people import GUESTS, forgotten_owner, is_forgotten

Keep = Callable[[Cart], bool]


class PickleCartKeeper:
    """The carts of all owners in the folder `store`. Nobody is waited for longer than `lock_wait`
    seconds."""

    def __init__(self, store: str, lock_wait: float) -> None:
        self._folder = os.path.join(store, names.CARTS)
        self._reader = PickleCartReader(store)
        self._lock_wait = lock_wait

    def unpurchased(self, owner: str) -> list[Cart] | None:
        if not owner or not os.path.isdir(self._path(owner)):
            return None
        folder = self._owner(owner)
        unpurchased = [*folder.unpurchased().carts.values()]
        for _ in folder.purchased():  # of which none may be damaged
            pass
        return unpurchased

    def forget(self, owner: str) -> Left:
        # First each purchased cart is given its new owner, in its place, where readers take it for
        # what it is; then all of them move at once. Whatever stops this, it can be gone on with.
        with self._alone(owner) as folder:
            unpurchased = [*folder.unpurchased().carts.values()]
            _check_open(unpurchased, owner)
            bought = [*folder.purchased()]
            known = (cart.owner for cart in bought if is_forgotten(cart.owner))
            heir = self._owner(next(known, "") or forgotten_owner())
            folder.give_to(heir, bought)
            durable.move(self._path(owner), self._path(heir.owner))
        if not bought:
            durable.remove_tree(self._path(heir.owner))
        return Left(heir.owner if bought else "", len(unpurchased), len(bought))

    def prune(
        self, guests: datetime, requests: datetime, keep: Keep, *, dry_run: bool = False
    ) -> Tidied:
        carts = noted = 0
        for owner in self._reader.owners():
            with suppress(RestoreData):  # what cannot be read is not ours to remove
                open_ = [*self._owner(owner).unpurchased().carts.values()]
                is_guest = owner.startswith(GUESTS)
                old = [cart for cart in open_ if is_guest and _is_old(cart, guests)]
                # Who charges is asked before the lock is taken, which nobody holds so long.
                old = [cart for cart in old if not keep(cart)]
                told = [cart for cart in open_ if cart.requests and _is_old(cart, requests)]
                told = [cart for cart in told if cart not in old]
                if (old or told) and not dry_run:
                    self._prune(owner, old, told)
                if not dry_run and self._is_left(owner, open_):
                    durable.remove_tree(self._path(owner))
                carts += len(old)
                noted += sum(len(cart.requests) for cart in told)
        return Tidied(carts, noted)

    def _is_left(self, owner: str, open_: Sequence[Cart]) -> bool:
        """Whether this is what was left by who was killed while they removed it."""
        return is_forgotten(owner) and not open_ and not any(self._owner(owner).purchased())

    def _prune(self, owner: str, old: Iterable[Cart], told: Iterable[Cart]) -> None:
        """Remove the `old` carts of this owner, and what requests changed those that are `told`,
        unless they are others by now; and the folder if there is nothing else in it."""
        with self._alone(owner) as folder:
            unpurchased = folder.unpurchased()
            carts = unpurchased.carts
            for cart in old:
                if carts.get(cart.id) == cart:
                    unpurchased.remove(cart.id)
            for cart in told:
                if carts.get(cart.id) == cart:
                    carts[cart.id] = cart._replace(requests=())
            if carts or any(folder.purchased()):
                folder.save_unpurchased(unpurchased)
                return
            aside = self._owner(forgotten_owner())
            folder.give_to(aside, ())
            durable.move(self._path(owner), self._path(aside.owner))
        durable.remove_tree(self._path(aside.owner))

    @contextmanager
    def _alone(self, owner: str) -> Iterator[_KeptFolder]:
        """Keep every change of these carts out for the `with` block."""
        busy = partial(
            RetryLater,
            f"others kept the carts of {owner} busy for {self._lock_wait:g} s",
            "What was removed before stays so. Try again in a moment.",
            user=owner,
        )
        folder = self._owner(owner)
        with locks.locked(folder.lock, self._lock_wait, busy):
            yield folder

    def _owner(self, owner: str) -> _KeptFolder:
        return _KeptFolder(self._folder, owner, {})

    def _path(self, owner: str) -> str:
        return os.path.join(self._folder, names.file_name(owner))


class _KeptFolder(OwnerFolder):
    """What one owner has, and may be another's."""

    def give_to(self, heir: _KeptFolder, bought: Sequence[Cart]) -> None:
        """Write into the files of this folder that they are the heir's: none that are not
        purchased, and those that were `bought`. What killed writers have left goes."""
        durable.replace(self._open_file, heir._encoded(()))
        for cart in bought:
            if cart.owner != heir.owner:
                given = cart._replace(owner=heir.owner, requests=())
                durable.replace(self._purchased_file(cart.id), heir._encoded([given]))
        for folder in (os.path.dirname(self.lock), self._purchased_folder):
            for name in names.listed(folder):
                if name.endswith(".tmp"):
                    os.unlink(os.path.join(folder, name))


def _is_old(cart: Cart, before: datetime) -> bool:
    """Whether the `cart` is open, and has not changed since `before`."""
    return cart.state == "open" and cart.updated < before


def _check_open(carts: Sequence[Cart], owner: str) -> None:
    """CheckOutAgain when one of these carts waits for the outcome of a payment."""
    for cart in carts:
        if cart.state == "pending":
            raise CheckOutAgain(
                f"cart {cart.short_id} waits for the outcome of a payment",
                "What was removed before stays so, and the carts are as they were.",
                cart=cart.id,
                user=owner,
            )
