"""Our own format, the one in which the catalogue itself is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar

from cartcli.catalog_db.rules import COLUMNS, column_names, further_columns, require
from cartcli.merchant.importing.offer import Cells, LeftOut, Offer


class Own:
    name: ClassVar[str] = "own"

    def __init__(self, columns: Sequence[str], currency: str, now: datetime) -> None:
        require(columns, *COLUMNS)
        self._further = further_columns(columns)

    @staticmethod
    def columns(header: Sequence[str]) -> list[str]:
        return column_names(header)

    @staticmethod
    def fits(columns: Collection[str]) -> bool:
        return {*COLUMNS} <= {*columns}

    def offer(self, cells: Cells) -> Offer | LeftOut:
        further = {name: cells[name] for name in self._further}
        return Offer(cells["sku"], cells["name"], cells["price"], cells["description"], further)
