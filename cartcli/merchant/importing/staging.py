"""Items on their way into a catalogue, in a temporary SQLite database: on disk, so that a million
take little memory, and gone with the process however it ends."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from cartcli.merchant.importing.offer import Cells
from cartcli.model.lines import Item
from cartcli.model.money import Money

Fact = tuple[str, str, str, str, Cells]  # SKU, name, price, description, further columns

_SCHEMA: Final = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -65536;
    CREATE TABLE new (id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, place INTEGER,
                      name TEXT, price TEXT, description TEXT, further TEXT);
    CREATE TABLE old (id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, place INTEGER,
                      name TEXT, price TEXT, description TEXT, further TEXT);
    CREATE TABLE changes (kind TEXT, sku TEXT, name TEXT, old_price TEXT, new_price TEXT);
    CREATE TABLE faults (place INTEGER, reason TEXT);
    BEGIN;
"""
_INSERT: Final = """
    INSERT INTO {} (sku, place, name, price, description, further)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_INSERTS: Final = {"new": _INSERT.format("new"), "old": _INSERT.format("old")}
_FACTS: Final = "SELECT sku, name, price, description, further FROM new"
_ADDED: Final = "NOT EXISTS (SELECT * FROM old WHERE old.sku = new.sku) ORDER BY new.id"
_MERGED: Final = """
    SELECT sku, coalesce(new.name, old.name), coalesce(new.price, old.price),
           coalesce(new.description, old.description), old.further, coalesce(new.further, '{}')
    FROM old LEFT JOIN new USING (sku) ORDER BY old.id
"""
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


class Change(NamedTuple):
    """One difference between two catalogues. What is added has no old price, what is removed no
    new one; of something changed it may be name or description, at the same price."""

    kind: str
    sku: str
    name: str
    old_price: str | None
    new_price: str | None


class Staging:
    """The items of the `new` catalogue and of the `old` one, and the faults of the new one."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # "" is a temporary file
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def add(self, item: Item, place: int, further: Cells) -> int | None:
        """Keep a new `item`, found at `place`; if its SKU is there already, the place of that."""
        return self._add("new", item, _canonical(item.price), place, further)

    def add_old(self, item: Item, place: int, further: Cells) -> tuple[int | None, Change | None]:
        """Keep an old `item`, as `add` does, and tell how it differs from the new one."""
        price = _canonical(item.price)
        other = self._add("old", item, price, place, further)
        query = "SELECT name, price, description FROM new WHERE sku = ?"
        new = self._db.execute(query, (item.sku,)).fetchone()
        if new == (item.name, price, item.description):
            return other, None
        if new:
            change = Change("changed", item.sku, new[0], price, new[1])
        else:
            change = Change("removed", item.sku, item.name, price, None)
        self._db.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?)", change)
        return other, change

    def forget_old(self) -> None:
        """As if there had been no old item."""
        self._db.execute("DELETE FROM old")
        self._db.execute("DELETE FROM changes")

    def add_fault(self, place: int, reason: str) -> None:
        self._db.execute("INSERT INTO faults VALUES (?, ?)", (place, reason))

    def faults(self) -> Iterator[tuple[int, str]]:
        """Each faulty row's place, and what is wrong."""
        yield from self._db.execute("SELECT place, reason FROM faults ORDER BY rowid")

    def changes(self, kind: str) -> Iterator[Change]:
        """The differences of one kind: changed, added or removed."""
        query = "SELECT * FROM changes WHERE kind = ? ORDER BY rowid"
        if kind == "added":
            query = f"SELECT ?, sku, name, NULL, price FROM new WHERE {_ADDED}"
        yield from map(Change._make, self._db.execute(query, (kind,)))

    def facts(self, *, merge: bool) -> Iterator[Fact]:
        """The catalogue to be: the new items, and if it is to `merge` also the old ones that the
        new ones do not replace, each in its old place."""
        rest = _FACTS + " ORDER BY id"
        if merge:
            for *texts, old, new in self._db.execute(_MERGED):
                yield (*texts, json.loads(old) | json.loads(new))
            rest = f"{_FACTS} WHERE {_ADDED}"
        for *texts, further in self._db.execute(rest):
            yield (*texts, json.loads(further))

    def _add(
        self, side: Literal["new", "old"], item: Item, price: str, place: int, further: Cells
    ) -> int | None:
        rest = _encode(further) if further else "{}"
        values = (item.sku, place, item.name, price, item.description, rest)
        if self._db.execute(_INSERTS[side], values).rowcount:
            return None
        found = self._db.execute(f"SELECT place FROM {side} WHERE sku = ?", (item.sku,))
        return int(found.fetchone()[0])


def _canonical(price: Money) -> str:
    """One text for equal prices: 8.90 for 8.9 and for 8.900."""
    text = price.decimal
    return Money(price.amount.normalize(), price.currency).decimal if text[-1] == "0" else text
