"""Our own format, `sku,name,price,description` and any further columns, which are kept. An unnamed
first column is the SKU, as in the original demonstration's catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar, Final

from cartcli.merchant.importing.offer import Cells, LeftOut, Offer, require

COLUMNS: Final = ("sku", "name", "price", "description")


class Own:
    name: ClassVar[str] = "own"

    def __init__(self, columns: Sequence[str], currency: str, now: datetime) -> None:
        if "sku" not in columns and "" in columns:
            self._sku = ""
        else:
            self._sku = "sku"
        require(columns, self._sku, *COLUMNS[1:])
        self._further = [name for name in columns if name and name not in COLUMNS]
        require(columns, *self._further)

    @staticmethod
    def column(name: str) -> str:
        known = name.casefold()
        return known if known in COLUMNS else name

    @staticmethod
    def fits(columns: Collection[str]) -> bool:
        return {*COLUMNS[1:]} <= {*columns} and ("sku" in columns or "" in columns)

    def offer(self, cells: Cells) -> Offer | LeftOut:
        return Offer(
            cells[self._sku],
            cells["name"],
            cells["price"],
            cells["description"],
            {name: cells[name] for name in self._further},
        )
