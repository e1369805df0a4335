"""Every user's carts, for the merchant: read without a lock."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from cartcli.cart_db import Watched, Which
from cartcli.cart_db.pickle.owner_folder import OwnerFolder
from cartcli.errors import RestoreData
from cartcli.files import names
from cartcli.model.cart import Cart

if TYPE_CHECKING:
    from pandas import DataFrame


class PickleCartReader:
    """The carts of all users in the folder `store`."""

    def __init__(self, store: str) -> None:
        self._folder = os.path.join(store, names.CARTS)

    def frame(
        self,
        which: Which = "all",
        columns: Collection[str] | None = None,
        progress: Watched = iter,
    ) -> DataFrame:
        from cartcli.cart_db.frames import carts_frame

        owners = (OwnerFolder(self._folder, user, {}) for user in progress(self._users()))
        carts = (cart for owner in owners for cart in _undamaged(owner, which))
        return carts_frame(carts, columns)

    def everything(self) -> Iterator[Cart | RestoreData]:
        for user in self._users():
            yield from OwnerFolder(self._folder, user, {}).everything()

    def _users(self) -> list[str]:
        """Everyone who has a folder."""
        try:
            found = sorted(os.listdir(self._folder))
        except FileNotFoundError:
            return []
        users = {name: names.named_by(name) for name in found}
        return [user for name, user in users.items() if names.file_name(user) == name]


def _undamaged(owner: OwnerFolder, which: Which) -> Iterator[Cart]:
    """One owner's carts; RestoreData when a file is damaged."""
    if which == "unpurchased":
        yield from owner.unpurchased().carts.values()
    elif which == "purchased":
        yield from owner.purchased()
    else:
        for cart in owner.everything():
            if isinstance(cart, RestoreData):
                raise cart
            yield cart
