"""Product files as the shops' own programs write them: their whole header rows, and rows that have
been a trouble to somebody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from cartcli.catalog_db import CatalogDb, catalog_of, open_catalog_db
from cartcli.merchant.importing.plan import Plan
from cartcli.merchant.importing.source import open_source
from tests.helpers import write_long_ago

NOW: Final = datetime(2026, 6, 15, 12, tzinfo=UTC)


def _names(header: str) -> list[str]:
    return header.split(",")


SHOPIFY_OLD: Final = _names(
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,"
    "Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,"
    "Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,"
    "Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,"
    "Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,"
    "Google Shopping / Google Product Category,Google Shopping / Gender,"
    "Google Shopping / Age Group,Google Shopping / MPN,Google Shopping / AdWords Grouping,"
    "Google Shopping / AdWords Labels,Google Shopping / Condition,"
    "Google Shopping / Custom Product,Google Shopping / Custom Label 0,"
    "Google Shopping / Custom Label 1,Google Shopping / Custom Label 2,"
    "Google Shopping / Custom Label 3,Google Shopping / Custom Label 4,Variant Image,"
    "Variant Weight Unit,Variant Tax Code,Cost per item,Status"
)

SHOPIFY_NEW: Final = _names(
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,"
    "Status,SKU,Barcode,Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,"
    "Option2 Linked To,Option3 name,Option3 value,Option3 Linked To,Price,Compare-at price,"
    "Cost per item,Charge tax,Tax code,Unit price total measure,Unit price total measure unit,"
    "Unit price base measure,Unit price base measure unit,Inventory tracker,Inventory quantity,"
    "Continue selling when out of stock,Weight value (grams),Weight unit for display,"
    "Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,"
    "Variant image URL,Gift card,SEO title,SEO description,"
    "Color (product.metafields.shopify.color-pattern),"
    "Google Shopping / Google product category,Google Shopping / Gender"
)

GOOGLE: Final = _names(
    "id,title,description,link,image_link,availability,price,sale_price,"
    "sale_price_effective_date,brand,gtin,condition"
)
GOOGLE_SPACED: Final = _names("id,title,description,price,condition,link,availability,image link")
GOOGLE_BRACKETS: Final = _names(
    "ID [id],Title [title],Description [description],Price [price],Condition [condition],"
    "Link [link],Availability [availability],Image link [image_link]"
)

WOOCOMMERCE: Final = _names(
    "ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Short description,Description,"
    "Date sale price starts,Date sale price ends,Tax status,Tax class,In stock?,Stock,"
    "Low stock amount,Backorders allowed?,Sold individually?,Weight (kg),Length (cm),Width (cm),"
    "Height (cm),Allow customer reviews?,Purchase note,Sale price,Regular price,Categories,Tags,"
    "Shipping class,Images,Download limit,Download expiry days,Parent,Grouped products,Upsells,"
    "Cross-sells,External URL,Button text,Position,Attribute 1 name,Attribute 1 value(s),"
    "Attribute 1 visible,Attribute 1 global,Attribute 2 name,Attribute 2 value(s),"
    "Attribute 2 visible,Attribute 2 global,Meta: _wpcom_is_markdown"
)


def delimited(header: list[str], *rows: Mapping[str, str], delimiter: str = ",") -> str:
    """A file of `rows` under the whole `header`; what a row does not name is empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


class Imported(NamedTuple):
    """What became of a file."""

    format: str
    items: list[dict[str, str]]
    faults: list[str]
    left_out: dict[str, int]
    warnings: list[str]

    @property
    def item(self) -> dict[str, str]:
        """The only item."""
        (item,) = self.items
        return item

    def facts(self, *columns: str) -> list[tuple[str, ...]]:
        """These columns of every item."""
        return [tuple(item[column] for column in columns) for item in self.items]


def stock_of(store: Path, currency: str = "USD") -> CatalogDb:
    """The catalogue of the store itself, which waits for nobody."""
    return open_catalog_db(catalog_of(str(store)), currency)


@contextmanager
def planned(
    folder: Path, data: str | bytes, forced: str | None = None, *, merge: bool = False, **more: Any
) -> Iterator[Plan]:
    """The plan of a file with this content."""
    currency = more.get("currency", "USD")
    path = write_long_ago(folder / "file", data)
    with (
        open_source(str(path)) as source,
        Plan(stock_of(folder, currency), currency, merge=merge) as plan,
    ):
        plan.read(source, forced, more.get("now", NOW))
        yield plan


def imported(
    folder: Path, data: str | bytes, forced: str | None = None, *, merge: bool = False, **more: Any
) -> Imported:
    """Import a file with this content into the store at `folder`, whatever is faulty in it."""
    with planned(folder, data, forced, merge=merge, **more) as plan:
        items = []
        if plan.items:
            plan.write()
            items = catalog_rows(folder)
        faults = [*plan.faults()]
        return Imported(plan.format, items, faults, dict(plan.left_out), plan.warnings)


def catalog_rows(store: Path) -> list[dict[str, str]]:
    """The rows of the catalogue in `store`."""
    with open(catalog_of(str(store)), encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file, strict=True)]
