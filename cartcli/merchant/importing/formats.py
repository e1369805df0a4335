"""The formats, and which of them a file is in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cartcli.merchant.importing.google import Google
from cartcli.merchant.importing.offer import Format
from cartcli.merchant.importing.own import Own
from cartcli.merchant.importing.shopify import Shopify
from cartcli.merchant.importing.woocommerce import WooCommerce

FORMATS: Final[dict[str, type[Format]]] = {
    kind.name: kind for kind in (Own, Shopify, Google, WooCommerce)
}


def choose(
    header: Sequence[str], forced: str | None, currency: str, now: datetime
) -> tuple[Format, list[str]]:
    """The format of a file with this `header`, or the `forced` one, and its names of the columns.

    ValueError when no format fits, a column is missing, or one that counts is there twice.
    """
    kinds = [FORMATS[forced]] if forced else [*FORMATS.values()]
    for kind in kinds:
        columns = kind.columns(header)
        if forced or kind.fits(columns):
            return kind(columns, currency, now), columns
    raise ValueError(
        "the header is of none of the known formats: it has the columns "
        + ", ".join(repr(name) for name in header[:12])
        + (" and more" if len(header) > 12 else "")
    )
