"""CSV and TSV, for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from cartcli import texts

# TSV has no quotes, so that a line is a record and `cut` finds its fields: what would end one of
# them is written as in the Linear TSV format.
_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def delimited(rows: Iterable[Iterable[Any]], output: str) -> str:
    """The `rows` as `csv` or `tsv`: what `output` says. None is an empty field, and true and false
    are written as in JSON."""
    plain = (map(_plain, row) for row in rows)
    if output == "tsv":
        return "".join("\t".join(map(_escaped, row)) + "\n" for row in plain)
    return "".join(texts.csv_lines(plain))


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _escaped(value: Any) -> str:
    return "" if value is None else str(value).translate(_ESCAPES)
