"""The embedded processor's answers as version 0.1.0 stored them:

    payments/<2 hex>/<key>.json     the final answer for a key, created whole and never changed

The answers of today, a file a cart, stand in the same folders and are no concern of this module.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Final, cast, get_args

from cartcli.files import names, safety, sealed
from cartcli.model.ids import is_cart_id, is_key
from cartcli.model.money import Money
from cartcli.model.times import parse_time
from cartcli.payment import Status
from cartcli.payment.local.ledger import Answer

_LAST4: Final = re.compile(r"([0-9]{4})?", re.ASCII)
_SUFFIX: Final = ".json"


class OldAnswers:
    """Those in the folder `store`. What was found is known by its keys only, so that the memory it
    takes is small."""

    def __init__(self, store: str) -> None:
        self._payments = os.path.join(store, names.PAYMENTS)
        self._found: dict[str, str] = {}  # the cart, by the key
        self._keys: dict[str, list[str]] = {}  # by the cart

    def find_more(self) -> list[str]:
        """The carts that were answered about since the last call, in order. RestoreData for an
        answer that is damaged."""
        carts = set()
        for key in [key for key in self.keys() if key not in self._found]:
            cart_id = self._found[key] = self.answer(key).cart
            self._keys.setdefault(cart_id, []).append(key)
            carts.add(cart_id)
        return sorted(carts)

    def found(self) -> Collection[str]:
        """The keys of what was found."""
        return self._found

    def of(self, cart_id: str, key: str = "") -> list[Answer]:
        """What was found about the cart, in the order in which it was answered; and the answer to
        `key`, even if it has come since."""
        answers = [self.answer(key) for key in self._keys.get(cart_id, ())]
        if key and key not in self._found and os.path.lexists(self.file(key)):
            answers.append(self.answer(key))
        return sorted(
            (answer for answer in answers if answer.cart == cart_id),
            key=lambda answer: (answer.created, answer.key),
        )

    def keys(self) -> Iterator[str]:
        """The keys of all that are there by now, in order."""
        for folder in names.listed(self._payments):
            for name in names.listed(f"{self._payments}/{folder}"):
                key = name.removesuffix(_SUFFIX)
                if key != name and is_key(key):
                    yield key

    def answer(self, key: str) -> Answer:
        """The answer to `key`, which is there. RestoreData when it is damaged."""
        path = self.file(key)
        try:
            record = sealed.read(path)
        except FileNotFoundError:
            raise safety.damaged(path, "it is in the wrong folder") from None
        texts = {field: sealed.text_field(path, record, field) for field in record}
        try:
            answer = _answer(**texts)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise safety.damaged(path, f"it is not a payment: {error}") from None
        if answer.key != key:
            raise safety.damaged(path, "it is the record of another key")
        return answer

    def file(self, key: str) -> str:
        """Where the answer to `key` is."""
        return f"{self._payments}/{key[:2]}/{key}{_SUFFIX}"


def _answer(
    *,
    key: str,
    id: str,  # noqa: A002 - as the file calls it
    order: str,
    status: str,
    amount: str,
    currency: str,
    brand: str,
    last4: str,
    created: str,
    reason: str,
) -> Answer:
    """The answer that has these fields; TypeError, ValueError or ArithmeticError when none can."""
    moved = None
    if status != "cancelled":
        moved = Money(amount, currency)
    elif currency != "XXX" or Decimal(amount):
        raise ValueError(f"{amount} {currency} was cancelled, which cannot be an amount")
    shapes = is_key(key), is_cart_id(order), _LAST4.fullmatch(last4), status in get_args(Status)
    if not all(shapes):
        raise ValueError("it has not the shape of one")
    when = parse_time(created)
    return Answer(
        key, id, order, key, cast(Status, status), moved, brand, last4, when, reason, None
    )
