"""Every owner's carts, in files of 0.1.0 or of this version, and the files of 0.1.0 converted.

Both versions have the same files and the same locks; what is in the files differs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from cartcli.cart_db.pickle.codec import decode
from cartcli.cart_db.pickle.owner_folder import OwnerFolder
from cartcli.cart_db.pickle.reader import PickleCartReader
from cartcli.cart_db.records import NOT_CARTS
from cartcli.errors import RetryLater
from cartcli.files import durable, locks, safety
from cartcli.model.cart import Cart
from cartcli.model.quotes import as_list
from cartcli.upgrade.old_carts import FORMAT, old_cart

Keep = Callable[[Cart], None]


class Owners(PickleCartReader):
    """Every owner's carts in the folder `store`. Files of 0.1.0 are translated as they are read, so
    that what is checked is what they will be converted to."""

    def names(self) -> list[str]:
        """Everyone who has a folder by now."""
        return self.owners()

    def folder(self, owner: str) -> EitherFolder:
        """What this owner has on disk."""
        return self._owner(owner)

    def _owner(self, owner: str) -> EitherFolder:
        return EitherFolder(self._folder, owner, {})


class Converted(PickleCartReader):
    """Every owner's carts as this version reads them. Those of an owner who has come meanwhile, and
    is neither among `known` nor converted, are left out: they will have their turn."""

    def __init__(self, store: str, known: Container[str]) -> None:
        super().__init__(store)
        self._known = known

    def _owners(self) -> dict[str, int]:
        owners = super()._owners().items()
        return {name: one for name, one in owners if name in self._known or self._is_new(name)}

    def _is_new(self, name: str) -> bool:
        return not EitherFolder(self._folder, name, {}).is_old(complete=True)


class EitherFolder(OwnerFolder):
    """Reads the carts of one owner from files of either version, and converts those of 0.1.0."""

    def is_old(self, *, complete: bool) -> bool:
        """Whether 0.1.0 could read, and change, what is there; so it could if nothing is, which
        counts if all owners have to be `complete`. RestoreData for a damaged file."""
        if not os.path.lexists(self._open_file):
            if complete:
                return True
        elif _version(self._open_file) == FORMAT:
            return True
        bought = map(self._purchased_file, self._purchased_ids(""))
        return any(_version(path) == FORMAT for path in bought)

    def convert(self, keep: Keep, lock_wait: float) -> None:
        """Convert what is old, once nobody is about to pay or change it any more. Each cart is
        given to `keep` before its file is written. RetryLater when the owner stays busy."""
        with self._alone(lock_wait):
            # First the file without which 0.1.0 changes nothing, and charges nothing.
            if os.path.lexists(self._open_file):
                self._convert_file(self._open_file, keep)
            else:
                durable.replace(self._open_file, self._encoded(()))
            for cart_id in self._purchased_ids(""):
                self._convert_file(self._purchased_file(cart_id), keep, cart_id)
            self.make_names_durable()

    def make_names_durable(self) -> None:
        """Make the names of all files durable: whoever wrote them may have been killed before."""
        for folder in (os.path.dirname(self._open_file), self._purchased_folder):
            if os.path.isdir(folder):
                durable.sync_folder(folder)

    @contextmanager
    def _alone(self, lock_wait: float) -> Iterator[None]:
        """Keep every payment and every change of these carts out for the `with` block, by the locks
        of 0.1.0, in the order in which it takes them."""
        busy = partial(
            RetryLater,
            f"others kept the carts of {self.owner} busy for {lock_wait:g} s",
            "What was converted before stays so. Upgrade the store again in a moment.",
            user=self.owner,
        )
        with ExitStack() as held:
            for path in (*(f"{self.pay_lock}-{digit:x}" for digit in range(16)), self.lock):
                held.enter_context(locks.locked(path, lock_wait, busy))
            yield

    def _convert_file(self, path: str, keep: Keep, of: str | None = None) -> None:
        data = durable.read(path)
        if (translated := self._translated(path, data)) != data:
            carts = [self._bought_cart(path, translated, of)] if of else self._unpurchased(data)[0]
            for cart in carts:
                keep(cart)
            durable.replace(path, translated)

    def _content(self, path: str, data: bytes) -> dict[str, Any]:
        return super()._content(path, self._translated(path, data))

    def _translated(self, path: str, data: bytes) -> bytes:
        """The `data` of a file of 0.1.0 as this version writes them; others as they are."""
        content = _content(path, data)
        if content.get("format") != FORMAT:
            return data
        try:
            if content["user"] != self.owner:
                raise ValueError(f"it belongs to {content['user']!r}")
            return self._encoded([old_cart(one, self.owner) for one in as_list(content["carts"])])
        except NOT_CARTS as error:
            raise safety.damaged(path, f"it does not hold carts: {error}") from None


def _version(path: str) -> object:
    """The format of the file, if it has one."""
    return _content(path, durable.read(path)).get("format")


def _content(path: str, data: bytes) -> dict[str, Any]:
    content = decode(path, data)
    return content if isinstance(content, dict) else {}
