"""A whole catalogue at one time."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cartcli.model.lines import Item


class Entry(NamedTuple):
    """An item of a catalogue, and the texts of its `further` columns by their names."""

    item: Item
    further: Mapping[str, str]


class Snapshot(NamedTuple):
    """A whole catalogue at one time."""

    version: str
    """Another one whenever anything in it is another; "" while there is no catalogue."""
    at_most: int
    """No more entries than this, for who shows how far it has come; 0 if nobody knows."""
    entries: Iterator[Entry]
    """In the catalogue's order, every SKU once. May be taken once, and raises FixInput when the
    catalogue breaks a rule, VersionConflict when it is not at this version any more."""
