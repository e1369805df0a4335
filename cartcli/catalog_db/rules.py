"""What a catalogue must be, wherever it comes from: its items, and the header of our own format.

That is `sku,name,price,description`, each of them once and in any order and case, among any further
columns. An unnamed first column is the SKU unless another is called so, as in the catalogue of the
original demonstration.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cartcli.model.lines import Item
from cartcli.model.money import Money

COLUMNS: Final = ("sku", "name", "price", "description")


def checked_item(sku: str, name: str, price: str, description: str, currency: str) -> Item:
    """The item of these texts; ValueError with the reason when they break a rule."""
    if not sku:
        raise ValueError("the SKU is empty")
    if not name:
        raise ValueError("the name is empty")
    if "\0" in sku or not sku.isprintable():
        raise ValueError(f"the SKU {sku!r} contains a control character")
    try:
        return Item(sku, name, Money.parse(price, currency), description)
    except ValueError as error:
        raise ValueError(f"price of {sku}: {error}") from None


def column_names(header: Sequence[str]) -> list[str]:
    """The names of the columns: the four in lower case, further ones as they are written."""
    names = [name.strip() for name in header]
    names = [known if (known := name.casefold()) in COLUMNS else name for name in names]
    if names[:1] == [""] and "sku" not in names:
        names[0] = "sku"
    return names


def require(names: Sequence[str], *wanted: str) -> None:
    """ValueError unless each of `wanted` is one of `names`, and once."""
    for name in wanted:
        if (count := names.count(name)) != 1:
            problem = "is missing" if not count else f"is there {count} times"
            raise ValueError(f"the column {name!r} {problem}")


def further_columns(names: Sequence[str]) -> list[str]:
    """Those of `names` that are kept beside the four; ValueError when one is there twice. Unnamed
    ones are not kept."""
    further = [name for name in names if name and name not in COLUMNS]
    require(names, *further)
    return further
