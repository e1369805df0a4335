"""What a format makes of a row, and what every format is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol

from cartcli.catalog_db.rules import require

Cells = Mapping[str, str]


class Table(NamedTuple):
    """A file as text: its header, and each row with the number by which people find it."""

    header: Sequence[str]
    rows: Iterator[tuple[int, Sequence[str] | str]]
    """Number, and as many fields as the header has, or else what is wrong with the row."""
    unit: str
    """What the numbers count: "line" or "row"."""


class Offer(NamedTuple):
    """An item as a file offers it: text that nobody has checked yet."""

    sku: str
    name: str
    price: str
    description: str
    further: Cells = {}  # noqa: RUF012 - never changed
    warning: str = ""


class LeftOut(NamedTuple):
    """A row that is well and yet no item on sale, and why."""

    why: str


class Format(Protocol):
    """One file format, made for one file: rows are given to it in the file's order."""

    name: ClassVar[str]

    def __init__(self, columns: Sequence[str], currency: str, now: datetime) -> None:
        """Ready for a file with these `columns`; ValueError when one is missing."""

    @staticmethod
    def columns(header: Sequence[str]) -> list[str]:
        """The names by which the format knows the columns that the `header` names."""

    @staticmethod
    def fits(columns: Collection[str]) -> bool:
        """Whether a file with these columns is of this format."""

    def offer(self, cells: Cells) -> Offer | LeftOut:
        """What the row of these `cells` offers; ValueError with the reason when it is faulty."""


def first_of(columns: Sequence[str], *names: str) -> str:
    """The first of `names` that is one of `columns`; ValueError when none is, or more than once."""
    for name in names:
        if name in columns:
            require(columns, name)
            return name
    raise ValueError(f"the column {' or '.join(map(repr, names))} is missing")
