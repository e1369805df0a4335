"""Which of a catalogue's items are found, in which order, and a page of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from cartcli.catalog_db import Sort
from cartcli.errors import ChooseExisting
from cartcli.model.lines import Item
from cartcli.model.money import Money

# Unicode's Combining Diacritical Marks: accents of Latin, Greek and Cyrillic letters.
_FIRST: Final = "\u0300"
_LAST: Final = "\u036f"


def search(
    items: Iterable[Item],
    words: Sequence[str] = (),
    *,
    sort: Sort | None = None,
    min_price: Money | None = None,
    max_price: Money | None = None,
    after: str = "",
    limit: int | None = None,
) -> list[Item]:
    """What `CatalogDb.search` finds in `items`, all those of a catalogue in its order."""
    folded = [_folded(word) for word in words]
    # The item to go on after has its place in the order, whether it is found or not.
    found = [
        item
        for item in items
        if item.sku == after
        or (
            (min_price is None or not item.price < min_price)
            and (max_price is None or not max_price < item.price)
            and _has_words(item, folded)
        )
    ]
    if sort == "name":
        found.sort(key=lambda item: item.name.casefold())
    elif sort:
        found.sort(key=lambda item: item.price.amount, reverse=sort == "-price")
    first = _place(after, found) + 1 if after else 0
    return found[first:][:limit]


def _has_words(item: Item, folded: Sequence[str]) -> bool:
    """Whether the item has all these words, which are case-folded."""
    if not folded:
        return True
    text = _folded(f"{item.sku} {item.name} {item.description}")
    return all(word in text for word in folded)


def _folded(text: str) -> str:
    """`text` in one case and one width, without accents, however it was typed."""
    if text.isascii():
        return text.lower()
    from unicodedata import normalize

    apart = normalize("NFKD", text).casefold()
    # Composed again: what marks are left, as those of Japanese letters, are no accents.
    return normalize("NFC", "".join(char for char in apart if not _FIRST <= char <= _LAST))


def _place(sku: str, items: Sequence[Item]) -> int:
    """Where the item with this SKU stands; ChooseExisting when there is none."""
    for place, item in enumerate(items):
        if item.sku == sku:
            return place
    raise ChooseExisting(
        f"no item has the SKU {sku!r}, so none comes after it",
        "Nothing was changed. Begin with the first item again.",
        sku=sku,
    )
