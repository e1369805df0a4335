"""The embedded processor's answers, on files:

    payments/<2 hex>/<cart>.json    all answers that were given for the cart; replaced whole
    payments/<2 hex>/lock           LEDGER, one of 256

Nothing is ever taken off a list, and no file points to another: a copy of the folder holds the
answers for a cart, or none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from cartcli.errors import RestoreData
from cartcli.files import durable, layout, locks, names, safety, sealed
from cartcli.model.ids import is_cart_id
from cartcli.payment import Refused
from cartcli.payment.local.ledger import Answer, Answers
from cartcli.payment.local.records import NO_ANSWERS, answers_of, answers_record

# What moves no money is small, and always finds room: a charge that is refused can be cancelled.
_MOST_CHARGED: Final = durable.MAX_SIZE - (1 << 20)
_SUFFIX: Final = ".json"


class FileLedger:
    """The answers in the folder `store`. Nobody waits longer than `lock_wait` seconds."""

    def __init__(self, store: str, lock_wait: float) -> None:
        self._store = store
        self._payments = os.path.join(store, names.PAYMENTS)
        self._lock_wait = lock_wait

    def answers(self, cart: str) -> Answers:
        known = self._read(self.file(cart), cart)
        if known:
            # Whoever wrote them may have been killed before their name was durable.
            durable.sync_folder(self._folder(cart))
        return known

    def add(self, answer: Answer, after: Answers) -> bool:
        path = self.file(answer.cart)
        with locks.locked(self._lock(answer.cart), self._lock_wait):
            if self._read(path, answer.cart) != after:
                return False
            durable.replace(path, _sealed(answer.cart, (*after, answer)))
        return True

    def everything(self) -> Iterator[Answers | RestoreData]:
        try:
            for folder in names.listed(self._payments):
                yield from self._in(f"{self._payments}/{folder}")
        except OSError as error:
            yield safety.unread(self._payments, error)

    def _in(self, folder: str) -> Iterator[Answers | RestoreData]:
        try:
            found = names.listed(folder)
        except OSError as error:
            yield safety.unread(folder, error)
            return
        for name in found:
            cart = name.removesuffix(_SUFFIX)
            if cart != name and is_cart_id(cart):
                yield self._checked(f"{folder}/{name}", cart)

    def _checked(self, path: str, cart: str) -> Answers | RestoreData:
        """What the file `path` holds for the cart after which it is called."""
        if path != self.file(cart):
            return _told(safety.damaged(path, "it is in the wrong folder"), cart)
        try:
            return self._read(path, cart)
        except RestoreData as error:
            return error
        except OSError as error:
            return _told(safety.unread(path, error), cart)

    def _read(self, path: str, cart: str) -> Answers:
        """The answers in the file `path`, which has to be the one of this cart."""
        try:
            return answers_of(sealed.read(path, known=layout.FORMAT), cart)
        except FileNotFoundError:
            return ()
        except RestoreData as error:
            raise _told(error, cart) from None
        except NO_ANSWERS as error:
            told = safety.damaged(path, f"it does not hold the answers for its cart: {error}")
            raise _told(told, cart) from None

    def _lock(self, cart: str) -> str:
        """The lock LEDGER of the cart."""
        path = f"{self._folder(cart)}/lock"
        if not os.path.lexists(path):
            layout.claim(self._store)
        return path

    def file(self, cart: str) -> str:
        """Where the answers for the cart are."""
        return f"{self._folder(cart)}/{cart}{_SUFFIX}"

    def _folder(self, cart: str) -> str:
        return f"{self._payments}/{cart[:2]}"


def _sealed(cart: str, answers: Answers) -> bytes:
    """What stands in the file of the cart; Refused when it could not be read again."""
    data = sealed.seal(answers_record(cart, answers), version=layout.FORMAT)
    charges = answers[-1].status in ("charged", "waiting")
    if len(data) > (_MOST_CHARGED if charges else durable.MAX_SIZE):
        raise Refused(
            f"the record of this payment would take {len(data) >> 20} MiB, which is more than can"
            " be kept",
            "This call charged nothing. Remove lines from the cart.",
            cart=cart,
        )
    return data


def _told(error: RestoreData, cart: str) -> RestoreData:
    """The `error`, which also names the cart."""
    error.facts["cart"] = cart
    return error
