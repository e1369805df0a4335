"""The embedded processor's answers, on files:

    payments/<2 hex>/<key>.json     the final answer for a key; created whole, once, never changed
    orders/<2 hex>/<cart>           the key under which the cart was last about to be captured
    orders/<2 hex>/lock             LEDGER, one of 256

A cart points to its key before the key's record says "charged", so a capture is always found
from its cart. A pointer to a key without a capture means nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Final, get_args

from cartcli.errors import RestoreData
from cartcli.files import durable, locks, names, safety, sealed
from cartcli.model.ids import is_cart_id, is_key
from cartcli.model.money import Money
from cartcli.model.times import parse_time, rfc3339
from cartcli.payment import Payment, Status

_LAST4: Final = re.compile(r"([0-9]{4})?", re.ASCII)


class FileLedger:
    """The answers in the folder `store`. Nobody waits longer than `lock_wait` seconds."""

    def __init__(self, store: str, lock_wait: float) -> None:
        self._payments = os.path.join(store, names.PAYMENTS)
        self._orders = os.path.join(store, names.ORDERS)
        self._lock_wait = lock_wait

    def held(self, key: str, cart_id: str) -> AbstractContextManager[None]:
        durable.make_folder(os.path.dirname(self._payment_file(key)))
        return locks.locked(f"{self._orders}/{cart_id[:2]}/lock", self._lock_wait)

    def known(self, key: str, cart_id: str) -> Payment | None:
        payment = self._recorded(key) or self._capture_of(cart_id)
        if payment is not None:
            # Whoever wrote it may have been killed before its name was durable.
            durable.sync_folder(os.path.dirname(self._payment_file(payment.key)))
        return payment

    def record(self, payment: Payment) -> None:
        if payment.status == "charged":  # first, or a capture could be there that no cart points to
            pointer = sealed.seal({"order": payment.cart, "key": payment.key})
            durable.replace(self._order_file(payment.cart), pointer)
        durable.create(self._payment_file(payment.key), sealed.seal(_record_of(payment)))

    def payments(self) -> Iterator[Payment | RestoreData]:
        for folder in _listed(self._payments):
            for name in _listed(os.path.join(self._payments, folder)):
                key = name.removesuffix(".json")
                if is_key(key):
                    yield self._checked(key)

    def _checked(self, key: str) -> Payment | RestoreData:
        """The record of `key`, if a capture's is also found from its cart."""
        path = self._payment_file(key)
        try:
            payment = self._recorded(key)
            if payment is None:
                return safety.damaged(path, "it is in the wrong folder")
            if payment.status == "charged" and not self._capture_of(payment.cart):
                return safety.damaged(path, "its order does not point to any capture")
        except RestoreData as error:
            return error
        return payment

    def _capture_of(self, cart_id: str) -> Payment | None:
        path = self._order_file(cart_id)
        try:
            pointer = sealed.read(path)
        except FileNotFoundError:
            return None
        key = sealed.text_field(path, pointer, "key")
        if pointer.get("order") != cart_id or not is_key(key):
            raise safety.damaged(path, "it does not point from this order to a payment")
        payment = self._recorded(key)
        if payment and payment.cart != cart_id:
            raise safety.damaged(path, "it points to the payment of another order")
        return payment if payment and payment.status == "charged" else None

    def _recorded(self, key: str) -> Payment | None:
        path = self._payment_file(key)
        try:
            payment = payment_of(path, sealed.read(path))
        except FileNotFoundError:
            return None
        if payment.key != key:
            raise safety.damaged(path, "it is the record of another key")
        return payment

    def _payment_file(self, key: str) -> str:
        return f"{self._payments}/{key[:2]}/{key}.json"

    def _order_file(self, cart_id: str) -> str:
        return f"{self._orders}/{cart_id[:2]}/{cart_id}"


def _listed(folder: str) -> list[str]:
    """The names in `folder` in order; none when it is not there."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _record_of(payment: Payment) -> dict[str, Any]:
    """`payment` as it is stored, where its cart has always been called its order."""
    return {
        "key": payment.key,
        "id": payment.id,
        "order": payment.cart,
        "status": payment.status,
        "amount": payment.amount.decimal,
        "brand": payment.brand,
        "last4": payment.last4,
        "created": rfc3339(payment.created),
        "reason": payment.reason,
        "currency": payment.amount.currency,
    }


def payment_of(path: str, record: dict[str, Any]) -> Payment:
    """The payment in the `record` of the file `path`; RestoreData when it is none."""
    fields: dict[str, Any] = {field: sealed.text_field(path, record, field) for field in record}
    try:
        fields["cart"] = fields.pop("order")
        fields["amount"] = Money(fields["amount"], fields.pop("currency"))
        fields["created"] = parse_time(fields["created"])
        payment = Payment(**fields)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise safety.damaged(path, f"it is not a payment: {error}") from None
    shapes = is_key(payment.key), is_cart_id(payment.cart), _LAST4.fullmatch(payment.last4)
    if payment.status not in get_args(Status) or not all(shapes):
        raise safety.damaged(path, "it is not a payment")
    return payment
