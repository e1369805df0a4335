"""Google Merchant Center's product feed, tab-separated. An attribute's name is written with spaces
or underscores, or in brackets after what people call it: `Image link [image_link]`.

Attributes: https://support.google.com/merchants/answer/7052112
Delimited files, and quoting in them: https://support.google.com/merchants/answer/160588
https://support.google.com/merchants/answer/14998273
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar

from cartcli.catalog_db.rules import require
from cartcli.merchant.importing.offer import Cells, LeftOut, Offer


class Google:
    name: ClassVar[str] = "google"

    def __init__(self, columns: Sequence[str], currency: str, now: datetime) -> None:
        require(columns, "id", "title", "price", "description")
        self._currency = currency
        self._now = now

    @staticmethod
    def columns(header: Sequence[str]) -> list[str]:
        return [_attribute(name.strip().casefold()) for name in header]

    @staticmethod
    def fits(columns: Collection[str]) -> bool:
        return {"id", "title", "price", "description"} <= {*columns}

    def offer(self, cells: Cells) -> Offer | LeftOut:
        price = cells["price"]
        if cells.get("sale price") and self._is_on(cells.get("sale price effective date", "")):
            price = cells["sale price"]
        return Offer(
            cells["id"],
            cells["title"],
            self._amount(price),
            cells["description"],
            {"availability": cells.get("availability", "")},
        )

    def _amount(self, price: str) -> str:
        """The number of `15.00 USD`."""
        amount, _, currency = price.partition(" ")
        if not currency:
            raise ValueError(f"the price {price!r} is not an amount and a currency: 15.00 USD")
        if currency.strip() != self._currency:
            raise ValueError(f"the price {price!r} is not in {self._currency}, the shop's currency")
        return amount

    def _is_on(self, span: str) -> bool:
        """Whether the sale of `span`, two times with a slash between them, is on; always when
        there is none."""
        if not span:
            return True
        try:
            start, end = (datetime.fromisoformat(time) for time in span.split("/"))
            return start <= self._now <= end
        except (ValueError, TypeError):
            raise ValueError(f"the sale's dates {span!r} are not two times with zones") from None


def _attribute(name: str) -> str:
    """The attribute that a column is called after."""
    if name.endswith("]") and "[" in name:
        name = name[name.index("[") + 1 : -1]
    return " ".join(name.removeprefix("g:").replace("_", " ").split())
