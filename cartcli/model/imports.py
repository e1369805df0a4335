"""What an import changes in a catalogue."""

from typing import NamedTuple


class Difference(NamedTuple):
    """One difference between two catalogues. What is added has no old price, what is removed no
    new one; of something changed it may be name or description, at the same price."""

    kind: str
    sku: str
    name: str
    old_price: str | None
    new_price: str | None


class Counts(NamedTuple):
    """How the new catalogue differs from the old one; `repriced` of the changed items have another
    price, the others another name or description."""

    added: int
    changed: int
    repriced: int
    removed: int
