"""Shopify's product CSV, with either generation of headers.

A product takes one row a variant and one a further image; its title, text and status stand in the
first of them only. The file names no currency: it is the shop's.

Columns: https://help.shopify.com/en/manual/products/import-export/using-csv
Statuses: https://shopify.dev/docs/api/admin-graphql/latest/enums/ProductStatus
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar, Final

from cartcli.catalog_db.rules import require
from cartcli.merchant.importing.markup import text_of
from cartcli.merchant.importing.offer import Cells, LeftOut, Offer, first_of

_IMAGES: Final = ("image src", "variant image", "product image url", "variant image url")
_NOT_SOLD: Final = ("draft", "archived", "unlisted")  # unlisted: for those who know the address
_NO_OPTION: Final = "default title"


class Shopify:
    name: ClassVar[str] = "shopify"

    def __init__(self, columns: Sequence[str], currency: str, now: datetime) -> None:
        require(columns, "title")
        self._handle = first_of(columns, "handle", "url handle")
        self._sku = first_of(columns, "variant sku", "sku")
        self._price = first_of(columns, "variant price", "price")
        self._product: Cells = {}

    @staticmethod
    def columns(header: Sequence[str]) -> list[str]:
        return [name.strip().casefold() for name in header]

    @staticmethod
    def fits(columns: Collection[str]) -> bool:
        return "title" in columns and ("handle" in columns or "url handle" in columns)

    def offer(self, cells: Cells) -> Offer | LeftOut:
        options = [cells.get(f"option{n} value", "") for n in (1, 2, 3)]
        empty = not (cells["title"] or cells[self._sku] or cells[self._price] or any(options))
        if empty and any(cells.get(column) for column in _IMAGES):
            return LeftOut("image only")
        product = self._product_of(cells)
        if why := _left_out(product):
            return LeftOut(why)
        options = [option for option in options if option and option.casefold() != _NO_OPTION]
        sku, warning = cells[self._sku], ""
        if not sku:
            sku = _made_up_sku(cells[self._handle], options)
            warning = f"no SKU, sold as {sku}"
        stock = cells.get("variant inventory qty") or cells.get("inventory quantity", "")
        return Offer(
            sku,
            " - ".join(filter(None, (product["title"], " / ".join(options)))),
            cells[self._price],
            text_of(product.get("body (html)") or product.get("description", "")),
            {"inventory": stock},
            warning,
        )

    def _product_of(self, cells: Cells) -> Cells:
        """The first row of the product that the row of `cells` belongs to."""
        handle = cells[self._handle]
        if handle != self._product.get(self._handle) or not handle:
            self._product = cells
        if not self._product["title"]:
            raise ValueError(f"the title is empty, and no row above has one for {handle!r}")
        return self._product


def _left_out(product: Cells) -> str:
    """Why `product` is not sold; nothing when it is."""
    status = product.get("status", "").casefold()
    if status in _NOT_SOLD:
        return status
    if status not in ("", "active"):
        raise ValueError(f"the status {product['status']!r} is not one of Shopify's")
    published = product.get("published") or product.get("published on online store", "")
    if published.casefold() not in ("", "true", "false"):
        raise ValueError(f"published is {published!r}, neither TRUE nor FALSE")
    return "unpublished" if published.casefold() == "false" else ""


def _made_up_sku(handle: str, options: Collection[str]) -> str:
    if not handle:
        raise ValueError("the SKU and the handle are empty")
    words = (re.sub(r"[\W_]+", "-", option.casefold()).strip("-") for option in options)
    return "-".join(filter(None, (handle, *words)))
