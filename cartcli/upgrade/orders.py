"""The folder `orders` of 0.1.0, and the plain file of this version that takes its place.

    orders/<2 hex>/<cart>     the key under which the cart was last about to be captured
    orders/<2 hex>/lock       the lock LEDGER of 0.1.0, one of 256

A folder cannot become a file in one step. It is put aside, as `orders-0.1.0.<n>`, and the file is
made; between the two the store has no `orders`, is still taken for outdated, and a running process
of 0.1.0 that is about to charge makes the folder anew. Then there is one more to put aside.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from cartcli.files import durable, layout, names, safety, sealed
from cartcli.model.ids import is_cart_id, is_key
from cartcli.payment.local.ledger import Answer
from cartcli.upgrade.old_answers import OldAnswers

_ASIDE: Final = re.compile(r"orders-0\.1\.0\.[0-9]+", re.ASCII)
_PREFIX: Final = re.compile(r"[0-9a-f]{2}", re.ASCII)


class Orders:
    """What stands in the folder `store` under `orders`, or did."""

    def __init__(self, store: str) -> None:
        self._store = store
        self._path = os.path.join(store, names.ORDERS)

    def aside(self) -> list[str]:
        """The folders that were put aside."""
        paths = [
            f"{self._store}/{name}" for name in names.listed(self._store) if _ASIDE.fullmatch(name)
        ]
        return [path for path in paths if os.path.isdir(path)]

    def left_aside(self) -> bool:
        """Whether there is anything that `remove_aside` removes."""
        return any(
            [*_of_old(folder)] or any(map(_is_empty, _with_buckets(folder)))
            for folder in self.aside()
        )

    def ledger_locks(self, cart_id: str) -> list[str]:
        """The lock LEDGER that 0.1.0 needs to answer about the cart, as long as it still can."""
        return [f"{self._path}/{cart_id[:2]}/lock"] if os.path.isdir(self._path) else []

    def check_pointer(self, old: OldAnswers, capture: Answer) -> None:
        """RestoreData unless the cart of the `capture` points to one, as 0.1.0 needs it. Where it
        can charge no more, this was checked before, and the pointers may be gone."""
        if layout.age(self._store) == "current":
            return
        for folder in (self._path, *self.aside()):
            path = f"{folder}/{capture.cart[:2]}/{capture.cart}"
            if os.path.lexists(path) and _points_to_capture(path, old, capture.cart):
                return
        path = old.file(capture.key)
        raise safety.damaged(path, "its order does not point to any capture")

    def make_file(self) -> bool:
        """Put the plain file in place of the folder: from then on the store is one of this version.
        False when a process of 0.1.0 made the folder anew."""
        if os.path.isdir(self._path):
            os.rename(self._path, self._free_name())
        try:
            durable.replace(self._path, b"")
        except IsADirectoryError:
            if os.path.isdir(self._path):
                return False
            raise
        return True

    def remove_aside(self) -> None:
        """Remove the folders that were put aside, with what 0.1.0 puts there. What anybody else has
        laid down is not ours to remove."""
        for folder in self.aside():
            for path in _of_old(folder):
                os.unlink(path)
            for path in _with_buckets(folder):
                if _is_empty(path):
                    os.rmdir(path)
        durable.sync_folder(self._store)

    def _free_name(self) -> str:
        number = 1
        while os.path.lexists(f"{self._path}-0.1.0.{number}"):
            number += 1
        return f"{self._path}-0.1.0.{number}"


def _points_to_capture(path: str, old: OldAnswers, cart_id: str) -> bool:
    """Whether the pointer in the file `path` leads to a capture of this cart; RestoreData when it
    leads astray. A pointer to a key without a capture means nothing."""
    pointer = sealed.read(path)
    key = sealed.text_field(path, pointer, "key")
    if pointer.get("order") != cart_id or not is_key(key):
        raise safety.damaged(path, "it does not point from this order to a payment")
    if not os.path.lexists(old.file(key)):
        return False
    answer = old.answer(key)
    if answer.cart != cart_id:
        raise safety.damaged(path, "it points to the payment of another order")
    return answer.status == "charged"


def _of_old(folder: str) -> Iterator[str]:
    """The files in the `folder` that 0.1.0 puts there."""
    for bucket in names.listed(folder):
        if _PREFIX.fullmatch(bucket):
            for name in names.listed(f"{folder}/{bucket}"):
                if name == "lock" or is_cart_id(name.removesuffix(".tmp")):
                    yield f"{folder}/{bucket}/{name}"


def _with_buckets(folder: str) -> Iterator[str]:
    """The folders in the `folder`, and then that itself."""
    yield from (f"{folder}/{bucket}" for bucket in names.listed(folder))
    yield folder


def _is_empty(folder: str) -> bool:
    return os.path.isdir(folder) and not os.path.islink(folder) and not os.listdir(folder)
