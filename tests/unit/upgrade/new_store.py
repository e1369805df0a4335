"""What stands in the files of a store of this version, read by plain `pickle` and `json`."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

from tests.unit.upgrade.old_store import Record


def carts_in(store: Path) -> dict[str, Record]:
    """Every cart by its id, with its owner. A pending entry of a cart that was bought does not
    count."""
    found: dict[str, Record] = {}
    for path in sorted(store.glob("carts/*/open.pickle")):
        found |= {cart["id"]: cart for cart in _carts(path)}
    for path in sorted(store.glob("carts/*/purchased/*.pickle")):
        (cart,) = _carts(path)
        assert path.stem == cart["id"]
        assert found.get(cart["id"], {"state": "pending"})["state"] == "pending"
        found[cart["id"]] = cart
    return found


def answers_in(store: Path) -> dict[str, list[Record]]:
    """The answers of every cart that was answered about, by its id."""
    return dict(map(_answers, sorted(store.glob("payments/??/????????-*.json"))))


def new_cart(old: Record, owner: str) -> Record:
    """The record of this version for an `old` one of 0.1.0, in which receipt and attempt are of one
    payment."""
    new = {**old, "owner": owner, "version": 1, "requests": []}
    if attempt := old["attempt"]:
        new["attempt"] = {
            **{name: value for name, value in attempt.items() if name != "lines"},
            "quote": new_quote(attempt["lines"], attempt["amount"]),
            "processor": "embedded",
            "reference": attempt["key"],
            "waiting": None,
        }
    if receipt := old["receipt"]:
        new["receipt"] = {name: value for name, value in receipt.items() if name != "lines"}
        new["receipt"]["reference"] = receipt["key"]
    return new


def new_quote(lines: list[Any], amount: str) -> Record:
    """The quote that was charged."""
    entries = [["subtotal", "Subtotal", amount], ["total", "Total", amount]]
    return {"lines": lines, "entries": entries, "was": []}


def new_answer(old: Record, quote: Record | None = None) -> Record:
    """The answer of this version for an `old` one of 0.1.0."""
    new = {name: value for name, value in old.items() if name != "order"}
    if old["status"] == "cancelled":
        new |= {"amount": None, "currency": None}
    return {**new, "reference": old["key"], "quote": quote}


def _carts(path: Path) -> list[Record]:
    content = pickle.loads(path.read_bytes())
    assert content["format"] == 2
    return [{**cart, "owner": content["owner"]} for cart in content["carts"]]


def _answers(path: Path) -> tuple[str, list[Record]]:
    content = json.loads(path.read_bytes())
    assert content["format"] == 2
    assert path.stem == content["cart"]
    assert path.parent.name == path.stem[:2]
    return path.stem, content["answers"]
