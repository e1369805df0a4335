"""What a catalogue must be, wherever it comes from: its items, and the header of our own format.

That is `sku,name,price,description`, each of them once and in any order and case, among any further
columns. An unnamed first column is the SKU unless another is called so, as in the catalogue of the
original demonstration.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from cartcli.errors import FixInput
from cartcli.model.lines import Item, same_sku
from cartcli.model.money import Money, most_in

if TYPE_CHECKING:
    from cartcli.catalog_db import CatalogDb

COLUMNS: Final = ("sku", "name", "price", "description")

# In characters. A cart keeps SKUs and names, and what it may hold is counted with the longest.
MAX_SKU: Final = 255
MAX_NAME: Final = 500
_MAX_DESCRIPTION: Final = 100_000  # less than a field of CSV may have
_MOST_REMEMBERED: Final = 1_000
_remembered: Final[dict[int, tuple[Item, Item]]] = {}  # by the first one's id: it in plain values


def checked_item(sku: str, name: str, price: str, description: str, currency: str) -> Item:
    """The item of these texts, its SKU in NFC; ValueError with the reason when they break a
    rule."""
    if not sku:
        raise ValueError("the SKU is empty")
    if not name:
        raise ValueError("the name is empty")
    if len(sku) > MAX_SKU:
        raise _too_long("SKU", sku, MAX_SKU)
    if "\0" in sku or not sku.isprintable():
        raise ValueError(f"the SKU {sku!r} contains a control character")
    if len(name) > MAX_NAME:
        raise _too_long(f"name of {sku}", name, MAX_NAME)
    if len(description) > _MAX_DESCRIPTION:
        raise _too_long(f"description of {sku}", description, _MAX_DESCRIPTION)
    try:
        return Item(same_sku(sku), name, _chargeable(Money.parse(price, currency)), description)
    except ValueError as error:
        raise ValueError(f"price of {sku}: {error}") from None


class SeenSkus:
    """Which SKUs of a file were met where; its rows are found by their `unit` and a number."""

    def __init__(self, unit: str) -> None:
        self.skus: dict[str, int] = {}  # by what they look like
        self._unit = unit
        self._spelt: dict[int, str] = {}  # those that are not their look themselves

    def add(self, sku: str, place: int) -> None:
        """The `sku` is at the `place`. ValueError when one that looks like it was met before."""
        look = look_of_sku(sku)
        if look != sku:
            self._spelt[place] = sku
        if (other := self.skus.setdefault(look, place)) != place:
            raise met_before(sku, self._spelt.get(other, look), f"{self._unit} {other}")


def look_of_sku(sku: str) -> str:
    """One text for all SKUs that look like this one."""
    if sku.isascii() and "  " not in sku and "`" not in sku:
        return sku
    from cartcli.model.looks import look_of  # few SKUs need a table

    return look_of(sku)


def met_before(sku: str, other: str, where: str) -> ValueError:
    """The error for a `sku` that looks like the `other` one, which is there already."""
    if sku == other:
        return ValueError(f"the SKU {sku!r} is also in {where}")
    return ValueError(f"the SKU {sku!r} looks like {other!r} in {where}: one of them is misspelt")


def looked_up(catalog: CatalogDb, skus: Collection[str], currency: str) -> dict[str, Item]:
    """The items of those `skus` that are on sale in `catalog`, by SKU. FixInput when one of them
    breaks a rule, or is not in this `currency`, whoever keeps that catalogue: what is put into a
    cart must be read again."""
    found = catalog.get_descriptions(skus) if skus else {}
    return {sku: _plain(sku, found[sku], currency) for sku in skus if sku in found}


def _plain(sku: str, item: Item, currency: str) -> Item:
    """As `_checked`, but once for each `item`."""
    first, plain = _remembered.get(id(item), (None, item))
    if first is item and plain.sku == sku and plain.price.currency == currency:
        return plain
    plain = _checked(sku, item, currency)
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[id(item)] = item, plain
    return plain


def _checked(sku: str, item: Item, currency: str) -> Item:
    """The `item` of this `sku` in plain values; FixInput when it could be none of a catalogue."""
    try:
        texts = [item.sku, item.name, item.description]
        if not all(isinstance(text, str) for text in texts) or not isinstance(item.price, Money):
            raise ValueError("it is not of texts and a price")
        if same_sku(item.sku) != same_sku(sku) or item.price.currency != currency:
            raise ValueError(f"it is {item.sku!r}, at a price in {item.price.currency}")
        "".join(texts).encode()  # half of a surrogate pair is no text
        sku, name, description = map(str.__str__, texts)
        return checked_item(sku, name, item.price.decimal, description, currency)
    except ValueError as error:
        raise FixInput(
            f"the catalogue's item {sku!r} is refused: {error}",
            "Nothing was changed. Correct the catalogue.",
            sku=sku,
        ) from None


def _too_long(what: str, text: str, most: int) -> ValueError:
    return ValueError(f"the {what} has {len(text):,} characters, and at most {most:,} are taken")


def _chargeable(price: Money) -> Money:
    """`price`, if one of it can be charged."""
    if (most := most_in(price.currency)).amount < price.amount:
        raise ValueError(f"{price} is more than can be charged, {most}")
    return price


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
