"""What an import changes, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cartcli.model.imports import Counts, Difference

DIFFERENCE_FIELDS: Final = ("change", "sku", "name", "old_price", "new_price", "currency")


def difference_dict(difference: Difference, currency: str) -> dict[str, Any]:
    """One difference between two catalogues in this currency."""
    return dict(zip(DIFFERENCE_FIELDS, (*difference, currency), strict=True))


def import_dict(
    kind: str, items: int, counts: Counts, left_out: Mapping[str, int], faulty: int
) -> dict[str, Any]:
    """The result of an import of a file in the format `kind`: how many `items` it has, how the
    catalogue differs from the one before, what was left out and why, how many rows are faulty."""
    return {
        "format": kind,
        "items": items,
        **counts._asdict(),
        "left_out": dict(left_out),
        "faulty": faulty,
    }
