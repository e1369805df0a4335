"""A store that the released version 0.1.0 itself has made, as files, and what it said is in it.

`made_by_0_1_0/store` has the carts of four owners: open, empty, never charged, charged with the
answer lost, declined, cancelled, and purchased at once, after all of these, for nothing, and in
another currency. `expected.json` tells the carts and the answers as 0.1.0 read them, and which cart
is which.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Final

from tests.unit.upgrade.old_store import Record

_MADE: Final = Path(__file__).with_name("made_by_0_1_0")
EXPECTED: Final[Record] = json.loads((_MADE / "expected.json").read_text("utf-8"))
NAMES: Final[dict[str, str]] = EXPECTED["names"]


def real_store(folder: Path) -> Path:
    """A copy of it, as private as a store is."""
    store = Path(shutil.copytree(_MADE / "store", folder))
    for path in (store, *store.rglob("*")):
        os.chmod(path, 0o700 if path.is_dir() else 0o600)
    return store


def old_carts() -> list[tuple[Record, str]]:
    """The carts as 0.1.0 stored them, each with its owner."""
    return [(_stored(cart), cart["user"]) for cart in EXPECTED["carts"].values()]


def old_answers() -> list[Record]:
    """The answers as 0.1.0 stored them, oldest first."""
    answers = (
        {**answer, "key": key, "order": answer["cart"]}
        for key, answer in EXPECTED["answers"].items()
    )
    stored = [_nothing_as_it_was(answer) for answer in answers]
    return sorted(stored, key=lambda answer: str(answer["created"]))


def _nothing_as_it_was(answer: Record) -> Record:
    if answer["status"] == "cancelled":
        answer |= {"amount": "0.00", "currency": "XXX"}
    return _picked(answer, "key id order status amount brand last4 created reason currency")


def _stored(cart: Record) -> Record:
    record = _picked(cart, "id state lines currency created updated attempt receipt")
    if cart["attempt"]:
        names = "key lines amount brand last4 created"
        record["attempt"] = _picked(cart["attempt"], names)
    if cart["receipt"]:
        names = "payment key amount brand last4 lines purchased"
        record["receipt"] = _picked(cart["receipt"], names)
    return record


def _picked(record: Record, names: str) -> Record:
    return {name: record[name] for name in names.split()}
