"""What was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Final

from cartcli.model.lines import Item

_MOST: Final = 3
_MOST_COMPARED: Final = 5_000  # comparing letter by letter is slow; near ones share their start


def suggest(sku: str, items: Sequence[Item]) -> list[str]:
    """Up to three SKUs of `items` that look like `sku`, or whose item's name contains it."""
    wanted = sku.casefold()
    skus = [item.sku for item in items]
    if len(skus) > _MOST_COMPARED:
        skus = [known for known in skus if known[:2].casefold() == wanted[:2]][:_MOST_COMPARED]
    folded = {known.casefold(): known for known in skus}
    near = [folded[match] for match in get_close_matches(wanted, folded, _MOST)]
    named = (item.sku for item in items if wanted and wanted in item.name.casefold())
    return near or list(islice(named, _MOST))


def near(name: str, names: Iterable[str]) -> list[str]:
    """Up to three of these `names` that look like `name`."""
    folded = {known.casefold(): known for known in names}
    return [folded[match] for match in get_close_matches(name.casefold(), folded, _MOST)]
