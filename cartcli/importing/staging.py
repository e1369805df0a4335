"""Items on their way into a catalogue, in a temporary SQLite database: on disk, so that a million
take little memory, and gone with the process however it ends."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from cartcli.importing.offer import Cells
from cartcli.model import Item, Money

Side = Literal["new", "old"]
Fact = tuple[str, str, str, str, Cells]  # SKU, name, price, description, further columns

_SETTINGS: Final = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32768;"
_ITEMS: Final = """
    CREATE TABLE {} (id INTEGER PRIMARY KEY, sku TEXT UNIQUE, place INTEGER,
                     name TEXT, price TEXT, description TEXT, further TEXT);
"""
_INSERT: Final = """
    INSERT INTO {} (sku, place, name, price, description, further)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_FACTS: Final = "SELECT sku, name, price, description, further FROM {} ORDER BY id"
_MERGED: Final = """
    SELECT sku, coalesce(new.name, old.name), coalesce(new.price, old.price),
           coalesce(new.description, old.description), old.further, coalesce(new.further, '{}')
    FROM old LEFT JOIN new USING (sku) ORDER BY old.id
"""
_NEW_ONLY: Final = """
    SELECT sku, name, price, description, further FROM new
    WHERE sku NOT IN (SELECT sku FROM old) ORDER BY id
"""
# Each kind of change: SKU, name, old price, new price.
_CHANGES: Final = {
    "changed": """
        SELECT sku, new.name, old.price, new.price FROM new JOIN old USING (sku)
        WHERE (old.price, old.name, old.description) <> (new.price, new.name, new.description)
        ORDER BY new.id""",
    "added": """
        SELECT sku, name, NULL, price FROM new
        WHERE sku NOT IN (SELECT sku FROM old) ORDER BY id""",
    "removed": """
        SELECT sku, name, price, NULL FROM old
        WHERE sku NOT IN (SELECT sku FROM new) ORDER BY id""",
}


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
        self._db.executescript(_SETTINGS + _ITEMS.format("new") + _ITEMS.format("old"))
        self._db.execute("CREATE TABLE faults (place INTEGER, reason TEXT)")
        self._db.execute("BEGIN")

    def close(self) -> None:
        self._db.close()

    def add(self, side: Side, place: int, item: Item, further: Cells) -> int | None:
        """Keep `item`, found at `place`; if its SKU is there already, the place of that one."""
        price = Money(item.price.amount.normalize(), item.price.currency).decimal
        rest = json.dumps(further, ensure_ascii=False)
        values = (item.sku, place, item.name, price, item.description, rest)
        if self._db.execute(_INSERT.format(side), values).rowcount:
            return None
        found = self._db.execute(f"SELECT place FROM {side} WHERE sku = ?", (item.sku,))
        return int(found.fetchone()[0])

    def forget(self, side: Side) -> None:
        self._db.execute(f"DELETE FROM {side}")

    def add_fault(self, place: int, reason: str) -> None:
        self._db.execute("INSERT INTO faults VALUES (?, ?)", (place, reason))

    def faults(self) -> Iterator[tuple[int, str]]:
        """Each faulty row's place, and what is wrong."""
        yield from self._db.execute("SELECT place, reason FROM faults ORDER BY rowid")

    def changes(self, kind: str) -> Iterator[Change]:
        """The differences of one kind: changed, added or removed."""
        for row in self._db.execute(_CHANGES[kind]):
            yield Change(kind, *row)

    def count(self, kind: str) -> int:
        return self._number(f"SELECT count(*) FROM ({_CHANGES[kind]})")

    def count_repriced(self) -> int:
        """How many of the changed items have another price."""
        return self._number(
            "SELECT count(*) FROM new JOIN old USING (sku) WHERE old.price <> new.price"
        )

    def facts(self, *, merge: bool) -> Iterator[Fact]:
        """The catalogue to be: the new items, and if it is to `merge` also the old ones that the
        new ones do not replace, each in its old place."""
        if not merge:
            yield from self._facts(_FACTS.format("new"))
            return
        for *texts, old, new in self._db.execute(_MERGED):
            yield (*texts, json.loads(old) | json.loads(new))
        yield from self._facts(_NEW_ONLY)

    def _facts(self, query: str) -> Iterator[Fact]:
        for *texts, further in self._db.execute(query):
            yield (*texts, json.loads(further))

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])
