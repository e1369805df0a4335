"""Writes stores as version 0.1.0 did: by its documented format, through none of its code."""

from __future__ import annotations

import io
import itertools
import json
import os
import pickle
import zlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

Record = dict[str, Any]
LINES: Final = (["MUG", "Mug, large", "8.90", 2], ["TEA-玉露", "玉露 green tea", "12.345", 3])
_BEGIN: Final = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)


class OldStore:
    """A store to be written to `folder`. Carts and answers are the records that will stand in its
    files; they can be changed until then."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.folder = folder
        self.carts: dict[str, list[Record]] = defaultdict(list)
        self.answers: list[Record] = []
        self._random = Random(seed)
        self._minutes = itertools.count()

    def open(
        self, owner: str = "alice", lines: Sequence[list[Any]] = LINES, currency: str = "EUR"
    ) -> Record:
        """An open cart."""
        now = self.now()
        cart = {
            "id": str(UUID(int=self._random.getrandbits(128), version=4)),
            "state": "open",
            "lines": [*lines],
            "currency": currency,
            "created": now,
            "updated": now,
            "attempt": None,
            "receipt": None,
        }
        self.carts[owner].append(cart)
        return cart

    def pending(self, owner: str = "alice", *, charged: bool = True, **options: Any) -> Record:
        """A pending cart, of which the answer was lost, or which was not asked for."""
        cart = self.open(owner, **options)
        cart["state"] = "pending"
        cart["attempt"] = self.attempt(cart)
        if charged:
            self.answer(cart, "charged")
        return cart

    def bought(self, owner: str = "alice", **options: Any) -> Record:
        """A purchased cart."""
        cart = self.pending(owner, **options)
        capture = self.answers[-1]
        cart["state"] = "purchased"
        cart["receipt"] = {
            "payment": capture["id"],
            **{name: capture[name] for name in ("key", "amount", "brand", "last4")},
            "lines": cart["lines"],
            "purchased": capture["created"],
        }
        return cart

    def attempt(self, cart: Record) -> Record:
        """What is frozen when the cart is marked."""
        return {
            "key": self.key(),
            "lines": cart["lines"],
            "amount": total(cart["lines"]),
            "brand": "visa",
            "last4": "4242",
            "created": self.now(),
        }

    def answer(self, cart: Record, status: str, **fields: str) -> Record:
        """An answer about the cart: to its attempt, or under a new key."""
        attempt = cart["attempt"] or self.attempt(cart)
        answer = {
            "key": attempt["key"],
            "id": f"pay_{self.key()[:24]}",
            "order": cart["id"],
            "status": status,
            "amount": attempt["amount"],
            "brand": attempt["brand"],
            "last4": attempt["last4"],
            "created": self.now(),
            "reason": "the card was declined" if status == "declined" else "",
            "currency": cart["currency"],
            **fields,
        }
        if status == "cancelled":
            answer |= {"amount": "0.00", "currency": "XXX", "brand": "", "last4": ""}
        self.answers.append(answer)
        return answer

    def key(self) -> str:
        """Another idempotency key."""
        return f"{self._random.getrandbits(128):032x}"

    def now(self) -> str:
        """A minute later."""
        now = _BEGIN + timedelta(minutes=next(self._minutes))
        return now.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def write(self) -> Path:
        """Put everything on the disk."""
        for owner in self.carts:
            self.write_owner(owner)
        for answer in self.answers:
            self.write_answer(answer)
        return self.folder

    def write_owner(self, owner: str) -> None:
        """Write the files of one owner. The last cart bought still stands among the others, as
        pending as it was before."""
        folder = self.owner_folder(owner)
        waiting = [cart for cart in self.carts[owner] if cart["state"] != "purchased"]
        bought = [cart for cart in self.carts[owner] if cart["state"] == "purchased"]
        for cart in bought:
            self._put_carts(folder / "purchased" / f"{cart['id']}.pickle", owner, [cart])
            _put(folder / "purchased" / f"pay-{cart['id'][0]}", b"")
        for cart in bought[-1:]:
            waiting.append({**cart, "state": "pending", "receipt": None})
        self._put_carts(folder / "open.pickle", owner, waiting)
        _put(folder / "lock", b"")

    def write_answer(self, answer: Record) -> None:
        """Write an answer, and what points to it if it is a capture."""
        folder = self.folder / "orders" / answer["order"][:2]
        _put(folder / "lock", b"")
        if answer["status"] == "charged":
            pointer = {"order": answer["order"], "key": answer["key"]}
            _put(folder / answer["order"], sealed_json(pointer))
        _put(self.answer_file(answer), sealed_json(answer))

    def owner_folder(self, owner: str) -> Path:
        """Where the files of the owner are."""
        return self.folder / "carts" / file_name(owner)

    def answer_file(self, answer: Record) -> Path:
        """Where the answer is."""
        key: str = answer["key"]
        return self.folder / "payments" / key[:2] / f"{key}.json"

    @staticmethod
    def _put_carts(path: Path, owner: str, carts: list[Record]) -> None:
        _put(path, sealed_pickle({"format": 1, "user": owner, "carts": carts}))


def file_name(owner: str) -> str:
    """What the folder of the owner is called."""
    name = "".join(f"%{ord(char):02X}" if char in ".~" else char for char in quote(owner, safe="@"))
    escaped = name.split("%")
    return "%".join([escaped[0], *(part[:2].lower() + part[2:] for part in escaped[1:])])


def total(lines: Sequence[list[Any]]) -> str:
    """What the lines come to, in cents."""
    exact = sum((Decimal(price) * quantity for _, _, price, quantity in lines), Decimal())
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def sealed_pickle(value: object) -> bytes:
    """A plain pickle with its checksum."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=2)
    pickler.fast = True
    pickler.dump(value)
    return buffer.getvalue() + b"\ncartcli:%08x\n" % zlib.crc32(buffer.getvalue())


def sealed_json(record: Record) -> bytes:
    """A line of JSON with its checksum."""
    body = json.dumps({"format": 1, **record}).encode()[:-1]
    return body + b', "crc32": "%08x"}\n' % zlib.crc32(body)


def _put(path: Path, data: bytes) -> None:
    os.makedirs(path.parent, mode=0o700, exist_ok=True)
    path.write_bytes(data)
