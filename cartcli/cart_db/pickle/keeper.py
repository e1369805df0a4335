"""What the merchant removes: whose carts they were, and carts that nobody comes back to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from cartcli.cart_db import Left
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
        return [*self._owner(owner).unpurchased().carts.values()]

    def forget(self, owner: str) -> Left:
        # First each purchased cart is given its new owner, in its place, where readers take it for
        # what it is; then all of them move at once. Whatever stops this, it can be gone on with.
        with self._alone(owner) as folder:
            unpurchased = [*folder.unpurchased().carts.values()]
            _check_open(unpurchased)
            bought = [*folder.purchased()]
            known = (cart.owner for cart in bought if is_forgotten(cart.owner))
            heir = self._owner(next(known, "") or forgotten_owner())
            folder.give_to(heir, bought)
            durable.move(self._path(owner), self._path(heir.owner))
        if not bought:
            durable.remove_tree(self._path(heir.owner))
        return Left(heir.owner if bought else "", len(unpurchased), len(bought))

    def prune_guests(self, before: datetime, keep: Keep, *, dry_run: bool = False) -> int:
        pruned = 0
        for owner in self._reader.owners():
            if owner.startswith(GUESTS) and (old := self._old(owner, before, keep)):
                pruned += len(old) if dry_run else self._prune(owner, before, keep)
        return pruned

    def _prune(self, owner: str, before: datetime, keep: Keep) -> int:
        """Remove the old carts of this guest, and the folder if there is nothing else in it."""
        with self._alone(owner) as folder:
            old = self._old(owner, before, keep)
            unpurchased = folder.unpurchased()
            for cart in old:
                del unpurchased.carts[cart.id]
            if unpurchased.carts or any(folder.purchased()):
                folder.save_unpurchased(unpurchased)
                return len(old)
            aside = self._owner(forgotten_owner())
            folder.give_to(aside, ())
            durable.move(self._path(owner), self._path(aside.owner))
        durable.remove_tree(self._path(aside.owner))
        return len(old)

    def _old(self, owner: str, before: datetime, keep: Keep) -> list[Cart]:
        """The open carts of this owner that have not changed since `before`, and are not to be
        kept; none when that cannot be read."""
        try:
            carts = self._owner(owner).unpurchased().carts.values()
        except RestoreData:
            return []
        old = (cart for cart in carts if cart.state == "open" and cart.updated < before)
        return [cart for cart in old if not keep(cart)]

    @contextmanager
    def _alone(self, owner: str) -> Iterator[_KeptFolder]:
        """Keep every change of these carts out for the `with` block."""
        busy = RetryLater(
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
        purchased, and those that were `bought`."""
        durable.replace(self._open_file, heir._encoded(()))
        for cart in bought:
            if cart.owner != heir.owner:
                given = cart._replace(owner=heir.owner, requests=())
                durable.replace(self._purchased_file(cart.id), heir._encoded([given]))


def _check_open(carts: Sequence[Cart]) -> None:
    """CheckOutAgain when one of these carts waits for the outcome of a payment."""
    for cart in carts:
        if cart.state == "pending":
            raise CheckOutAgain(
                f"cart {cart.short_id} waits for the outcome of a payment",
                "What was removed before stays so, and the carts are as they were.",
                cart=cart.id,
            )
