"""Every customer's carts, for the merchant: read without a lock."""

from __future__ import annotations

import os
from collections.abc import Iterator

from cartcli.cart_db import Watched, Which
from cartcli.cart_db.pages import page
from cartcli.cart_db.pickle.owner_folder import OwnerFolder
from cartcli.errors import RestoreData
from cartcli.files import names
from cartcli.model.cart import Cart


class PickleCartReader:
    """The carts of all owners in the folder `store`."""

    def __init__(self, store: str) -> None:
        self._folder = os.path.join(store, names.CARTS)

    def everything(
        self,
        which: Which = "all",
        *,
        after: str = "",
        limit: int | None = None,
        progress: Watched = iter,
    ) -> Iterator[Cart | RestoreData]:
        owners = map(self._owner, progress(self._owners()))
        found = (cart for owner in owners for cart in owner.everything(which))
        if not after and limit is None:
            return found
        return _paged(found, after, limit)

    def owners(self) -> list[str]:
        """Everyone who has a folder."""
        return self._owners()

    def _owner(self, owner: str) -> OwnerFolder:
        return OwnerFolder(self._folder, owner, {})

    def _owners(self) -> list[str]:
        """Everyone who has a folder."""
        try:
            found = sorted(os.listdir(self._folder))
        except FileNotFoundError:
            return []
        owners = {name: names.named_by(name) for name in found}
        return [owner for name, owner in owners.items() if names.file_name(owner) == name]


def _paged(
    found: Iterator[Cart | RestoreData], after: str, limit: int | None
) -> Iterator[Cart | RestoreData]:
    """A page of the carts that are `found`, errors before all."""
    errors: list[RestoreData] = []

    def carts() -> Iterator[Cart]:
        for cart in found:
            if isinstance(cart, RestoreData):
                errors.append(cart)
            else:
                yield cart

    listed = page(carts(), after, limit)
    yield from errors
    yield from listed
