"""A store in use, copied so that the copy is what was there at one instant, for each customer.

1. What was answered about payments is copied.
2. Each customer's carts follow: first the unpurchased ones, at the instant that counts for this
   customer. A cart that was open then, and is purchased by now but was not before, was bought
   afterwards: that is left out.
3. Of each of these carts that is not open, what was answered is copied again if there is more of it
   by now: it was read after the instant then, else before it.
4. All the rest follows. Then those customers are copied again who were forgotten, or changed,
   meanwhile.

So a purchased cart has its capture in the copy, for it was charged before the instant. An open one
has none, for a capture from before the instant would have made it pending. What was answered about
carts that were made afterwards is not copied. No lock is taken, and nobody waits.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from cartcli.backup.copying import Copying
from cartcli.backup.customers import Customers
from cartcli.cart_db.pickle.owner_folder import OwnerFolder
from cartcli.errors import RestoreData
from cartcli.files import names
from cartcli.merchant import Told
from cartcli.model.cart import Cart
from cartcli.model.ids import is_cart_id
from cartcli.payment.local.file_ledger import FileLedger


class StoreInUse:
    """Copies the folder `store` to the folder `target`, which is empty; `told` hears of it."""

    def __init__(self, store: str, target: str, told: Told) -> None:
        self._store = store
        self._target = target
        self._told = told
        self._copying = Copying(store, target)
        self._customers = Customers(store, target, self._copying, self._carts)
        self._ledger = FileLedger(store, lock_wait=0)

    def copy(self) -> Copying:
        """Do so; what was copied, and what could not be."""
        copying = self._copying
        for path in self._each("Copying payments", copying.names(names.PAYMENTS)):
            copying.tree(path)
        for name in self._each("Copying carts", self._customers.names()):
            self._customers.copy(name)
        done = (names.PAYMENTS, names.CARTS, names.USERS)
        rest = [path for path in copying.names("") if path not in done]
        for path in self._each("Copying all else", rest):
            copying.tree(path)
        self._customers.rest()
        self._customers.follow()
        return copying

    def _each(self, what: str, things: list[str]) -> Iterator[str]:
        """The `things`; how many are done is told."""
        for number, thing in enumerate(things, 1):
            yield thing
            self._told(what, number, len(things))

    def _carts(self, path: str) -> None:
        """Copy one customer's carts, which are in the folder `path`."""
        owner = names.named_by(os.path.basename(path))
        if path != f"{names.CARTS}/{names.file_name(owner)}":
            self._copying.tree(path)  # nobody's, and not ours
            return
        bought = f"{path}/purchased"
        bought_before = {*self._copying.names(bought)}
        waiting = self._waiting(path, owner)
        for cart in waiting:
            if cart.state == "pending":
                self._answered(cart.id)  # at once, before another attempt can follow
        open_then = {f"{bought}/{cart.id}.pickle" for cart in waiting if cart.state == "open"}
        bought_since = open_then - bought_before
        for copied in self._copying.tree(path, {f"{path}/open.pickle", *bought_since}):
            folder, name = os.path.split(copied)
            if folder == bought and is_cart_id(cart_id := name.removesuffix(".pickle")):
                self._answered(cart_id)

    def _waiting(self, path: str, owner: str) -> list[Cart]:
        """Copy what is not purchased yet, and read the copy. What is damaged is copied as it is,
        and told by the audit of the copy."""
        if not self._copying.file(f"{path}/open.pickle"):
            return []
        try:
            folder = OwnerFolder(f"{self._target}/{names.CARTS}", owner, {})
            return [*folder.unpurchased().carts.values()]
        except RestoreData:
            return []

    def _answered(self, cart_id: str) -> None:
        """Copy again what was answered about the cart, if there is more of it: it is only ever
        added to."""
        path = os.path.relpath(self._ledger.file(cart_id), self._store)
        if not self._copying.has_as_much(path):
            self._copying.file(path)
