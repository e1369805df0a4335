"""How much of a supplier's file is taken at a time: no file, however small, fills the memory, and
none takes longer than a large one would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cartcli.merchant.importing.source import Source

LINE: Final = 1 << 20  # bytes of one line of a delimited file, or of one cell as XML
FIELD: Final = 1 << 17  # characters; what `csv` takes as well
COLUMNS: Final = 16_384  # as many as Excel has
ROWS: Final = 1_048_576  # of a spreadsheet: as many as Excel has
ROW: Final = 16 << 20  # bytes of one row of a spreadsheet, as XML
TEXTS: Final = 2_000_000  # different ones of a spreadsheet, which are all held at once
TEXT_BYTES: Final = 128 << 20  # of all of those, as XML
HELD: Final = 2_200_000  # elements of XML that are held at once
PARTS: Final = 10_000  # of a spreadsheet
UNPACKED: Final = 512 << 20  # bytes of a packed file's content, and characters of all its rows
DESCRIPTION: Final = 16 << 20  # bytes of the parts of a spreadsheet that are held whole
FIELDS: Final = 16_000  # of Parquet at a time: more take no less time


def unpacked(
    source: Source, rows: Iterator[tuple[int, Sequence[str] | str]]
) -> Iterator[tuple[int, Sequence[str] | str]]:
    """The `rows` of a packed file, in which a text of many rows may be stored once. FixInput when
    they come to more than what can be taken; a row with too long a field is faulty."""
    taken = 0
    for number, row in rows:
        if isinstance(row, str):
            yield number, row
            continue
        taken += sum(map(len, row))
        if taken > UNPACKED:
            raise source.refused(
                f"row {number}: by then it has {taken:,} characters, and at most {UNPACKED:,} are"
                " taken"
            )
        too_long = max(map(len, row), default=0) > FIELD
        yield number, f"it has a field of more than {FIELD:,} characters" if too_long else row
