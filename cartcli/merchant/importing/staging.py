"""Items on their way into a catalogue, in a temporary SQLite database: on disk, so that a million
take little memory, and gone with the process however it ends."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Final

from cartcli.catalog_db.rules import look_of_sku
from cartcli.catalog_db.snapshot import Entry
from cartcli.merchant.importing.offer import Cells
from cartcli.model.imports import Difference
from cartcli.model.lines import Item
from cartcli.model.money import Money

_SCHEMA: Final = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -65536;
    CREATE TABLE new (id INTEGER PRIMARY KEY, look TEXT NOT NULL UNIQUE, sku TEXT, place INTEGER,
                      name TEXT, price TEXT, description TEXT, further TEXT);
    CREATE TABLE old (id INTEGER PRIMARY KEY, look TEXT NOT NULL UNIQUE, sku TEXT,
                      name TEXT, price TEXT, description TEXT, further TEXT);
    CREATE TABLE differences (kind TEXT, sku TEXT, name TEXT, old_price TEXT, new_price TEXT);
    CREATE TABLE faults (place INTEGER, reason TEXT);
    BEGIN;
"""
_ADD: Final = """
    INSERT INTO new (look, sku, name, price, description, further, place)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_ADD_OLD: Final = """
    INSERT INTO old (look, sku, name, price, description, further) VALUES (?, ?, ?, ?, ?, ?)
"""
_NEW: Final = "SELECT sku, name, price, description, '{}', further FROM new"
_SAME: Final = "old.look = new.look AND old.sku = new.sku"
_ADDED: Final = f"NOT EXISTS (SELECT * FROM old WHERE {_SAME}) ORDER BY new.id"
_MERGED: Final = f"""
    SELECT coalesce(new.sku, old.sku), coalesce(new.name, old.name), coalesce(new.price, old.price),
           coalesce(new.description, old.description), old.further, coalesce(new.further, '{{}}')
    FROM old LEFT JOIN new ON {_SAME} ORDER BY old.id
"""
_NONE: Final = "{}"  # no further columns, as most items have
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


class Staging:
    """The items of the `new` catalogue and of the `old` one, and the faults of the new one."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # "" is a temporary file
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def add(self, item: Item, place: int, further: Cells) -> tuple[str, int] | None:
        """Keep a new `item`, found at `place`; if there is one already whose SKU looks like its
        own, the SKU and the place of that."""
        if self._db.execute(_ADD, (*_texts(item, further), place)).rowcount:
            return None
        query = "SELECT sku, place FROM new WHERE look = ?"
        sku, other = self._db.execute(query, (look_of_sku(item.sku),)).fetchone()
        return str(sku), int(other)

    def add_old(self, item: Item, further: Cells) -> Difference | None:
        """Keep an old `item`, whose SKU no other one has, and tell how it differs from the new."""
        look, sku, name, price, description, _ = texts = _texts(item, further)
        self._db.execute(_ADD_OLD, texts)
        query = "SELECT sku, name, price, description FROM new WHERE look = ? AND sku = ?"
        new = self._db.execute(query, (look, sku)).fetchone()
        if new == (sku, name, price, description):
            return None
        if new:
            difference = Difference("changed", new[0], new[1], price, new[2])
        else:
            difference = Difference("removed", item.sku, name, price, None)
        self._db.execute("INSERT INTO differences VALUES (?, ?, ?, ?, ?)", difference)
        return difference

    def look_alike(self) -> tuple[str, int, str] | None:
        """A new item's SKU, its place, and the SKU of an old item that it looks like, if there is
        such a pair."""
        query = "SELECT new.sku, place, old.sku FROM new JOIN old USING (look)"
        found = self._db.execute(f"{query} WHERE new.sku <> old.sku ORDER BY new.id").fetchone()
        return (str(found[0]), int(found[1]), str(found[2])) if found else None

    def has(self, sku: str, *, merge: bool) -> bool:
        """Whether there is a new item with this SKU, or with `merge` an old one."""
        tables = ("new", "old") if merge else ("new",)
        queries = (f"SELECT 1 FROM {table} WHERE look = ? AND sku = ?" for table in tables)
        texts = (look_of_sku(sku), sku)
        return any(self._db.execute(query, texts).fetchone() for query in queries)

    def forget_old(self) -> None:
        """As if there had been no old item."""
        self._db.execute("DELETE FROM old")
        self._db.execute("DELETE FROM differences")

    def add_fault(self, place: int, reason: str) -> None:
        self._db.execute("INSERT INTO faults VALUES (?, ?)", (place, reason))

    def faults(self) -> Iterator[tuple[int, str]]:
        """Each faulty row's place, and what is wrong."""
        yield from self._db.execute("SELECT place, reason FROM faults ORDER BY rowid")

    def differences(self, kind: str) -> Iterator[Difference]:
        """The differences of one kind: changed, added or removed."""
        query = "SELECT * FROM differences WHERE kind = ? ORDER BY rowid"
        if kind == "added":
            query = f"SELECT ?, sku, name, NULL, price FROM new WHERE {_ADDED}"
        yield from map(Difference._make, self._db.execute(query, (kind,)))

    def entries(self, currency: str, *, merge: bool) -> Iterator[Entry]:
        """The catalogue to be: the new items, and if it is to `merge` also the old ones that the
        new ones do not replace, each in its old place."""
        queries = (_MERGED, f"{_NEW} WHERE {_ADDED}") if merge else (f"{_NEW} ORDER BY id",)
        for query in queries:
            for sku, name, price, description, old, new in self._db.execute(query):
                item = Item(sku, name, Money(price, currency), description)
                yield Entry(item, {**_decoded(old), **_decoded(new)})


def _texts(item: Item, further: Cells) -> tuple[str, str, str, str, str, str]:
    sku, name, price, description = item
    rest = _encode(further) if further else _NONE
    return look_of_sku(sku), sku, name, price.decimal, description, rest


def _decoded(further: str) -> dict[str, str]:
    return {} if further == _NONE else json.loads(further)
