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
        found = self._everything(which, progress)
        if not after and limit is None:
            return found
        return _paged(found, after, limit)

    def owners(self) -> list[str]:
        """Everyone who has a folder."""
        return [*self._owners()]

    def _everything(self, which: Which, progress: Watched) -> Iterator[Cart | RestoreData]:
        """All carts. Those of an owner who is forgotten meanwhile move: they are looked for again,
        in the folder that is the same one by another name."""
        owners = self._owners()
        moved: dict[int, set[str]] = {}  # by folder, the carts that were found in time
        for owner in progress([*owners]):
            found: set[str] = set()
            for cart in self._owner(owner).everything(which):
                found.add("" if isinstance(cart, RestoreData) else cart.id)
                yield cart
            if not os.path.lexists(self._path(owner)):
                moved[owners[owner]] = found
        for owner, folder in self._owners().items() if moved else ():
            if folder in moved and owner not in owners:
                for cart in self._owner(owner).everything(which):
                    if isinstance(cart, RestoreData) or cart.id not in moved[folder]:
                        yield cart

    def _path(self, owner: str) -> str:
        return os.path.join(self._folder, names.file_name(owner))

    def _owner(self, owner: str) -> OwnerFolder:
        return OwnerFolder(self._folder, owner, {})

    def _owners(self) -> dict[str, int]:
        """Everyone who has a folder, and which one it is, whatever it is called."""
        try:
            with os.scandir(self._folder) as entries:
                found = sorted((entry.name, entry.inode()) for entry in entries)
        except FileNotFoundError:
            return {}
        owners = ((name, names.named_by(name), folder) for name, folder in found)
        return {owner: folder for name, owner, folder in owners if names.file_name(owner) == name}


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
