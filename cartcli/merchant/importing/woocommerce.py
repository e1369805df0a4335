"""WooCommerce's product CSV, as its own exporter writes it.

A variable product is no item: its variations, which follow it, are. A sale price is charged in
place of the regular one while its dates allow. Prices may have a decimal comma: the exporter
writes them as the shop shows them.

Columns: https://github.com/woocommerce/woocommerce/wiki/Product-CSV-Import-Schema
Exporter: plugins/woocommerce/includes/export/class-wc-product-csv-exporter.php there; `\\n` for a
line break in a text, `'` before =, +, - and @ at the beginning of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import ClassVar, Final

from cartcli.catalog_db.rules import require
from cartcli.merchant.importing.markup import text_of
from cartcli.merchant.importing.offer import Cells, LeftOut, Offer

_NOT_SOLD: Final = ("variable", "grouped", "external")
_ESCAPED: Final = ("'=", "'+", "'-", "'@")
_UNPUBLISHED: Final = {"0": "private", "-1": "draft", "2": "pending"}


class WooCommerce:
    name: ClassVar[str] = "woocommerce"

    def __init__(self, columns: Sequence[str], currency: str, now: datetime) -> None:
        require(columns, "sku", "name", "regular price")
        self._today = now.date()
        self._parents: dict[str, tuple[str, str]] = {}

    @staticmethod
    def columns(header: Sequence[str]) -> list[str]:
        return [name.strip().casefold() for name in header]

    @staticmethod
    def fits(columns: Collection[str]) -> bool:
        return {"sku", "name", "regular price"} <= {*columns}

    def offer(self, cells: Cells) -> Offer | LeftOut:
        cells = {name: _unescaped(cell) for name, cell in cells.items()}
        name, why = cells["name"], _unpublished(cells)
        kinds = {kind.strip().casefold() for kind in cells.get("type", "").split(",")}
        if "variable" in kinds:
            for parent in (cells["sku"], f"id:{cells.get('id')}"):
                self._parents[parent] = name, why
        if not_sold := [kind for kind in _NOT_SOLD if kind in kinds]:
            return LeftOut(why or f"{not_sold[0]} product")
        if "variation" in kinds and cells.get("parent") in self._parents:
            parent_name, parent_why = self._parents[cells["parent"]]
            name = name or _variation(parent_name, cells)
            why = why or parent_why
        if why:
            return LeftOut(why)
        text = cells.get("description") or cells.get("short description", "")
        further = {"inventory": cells.get("stock", "")}
        return Offer(cells["sku"], name, self._price(cells), text_of(_lines(text)), further)

    def _price(self, cells: Cells) -> str:
        sale = cells.get("sale price")
        on = _day(cells, "date sale price starts", date.min) <= self._today
        on = on and self._today <= _day(cells, "date sale price ends", date.max)
        price = sale if sale and on else cells["regular price"]
        return re.sub(r"^([0-9]+),([0-9]+)$", r"\1.\2", price)


def _variation(parent: str, cells: Cells) -> str:
    values = [cells.get(f"attribute {n} value(s)", "") for n in range(1, 10)]
    return " - ".join(filter(None, (parent, ", ".join(filter(None, values)))))


def _unpublished(cells: Cells) -> str:
    """Why the row is not sold; nothing when it is."""
    published = cells.get("published", "1")
    if published in ("", "1"):
        return ""
    if published not in _UNPUBLISHED:
        raise ValueError(f"published is {published!r}, not one of 1, 0, -1 and 2")
    return _UNPUBLISHED[published]


def _day(cells: Cells, column: str, default: date) -> date:
    text = cells.get(column)
    try:
        return datetime.fromisoformat(text).date() if text else default
    except ValueError:
        raise ValueError(f"{column} is {text!r}, not a date such as 2026-12-24") from None


def _unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith(_ESCAPED) else cell


def _lines(text: str) -> str:
    """`text` with the exporter's `\\n` as line breaks again."""
    return re.sub(r"\\(\\n|n)", lambda found: "\n" if found[1] == "n" else found[1], text)
