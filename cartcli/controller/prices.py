"""Carts and catalogue brought together: the rules of pricing, on what is on sale now."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import TYPE_CHECKING, Final

from cartcli.catalog_db import CatalogDb
from cartcli.catalog_db.rules import looked_up
from cartcli.errors import ChooseExisting
from cartcli.lazily import lazily
from cartcli.model.cart import Cart
from cartcli.rules import pricing
from cartcli.rules.changes import Contents
from cartcli.rules.pricing import Items

if TYPE_CHECKING:
    from cartcli.model.changes import Changes
    from cartcli.model.quote import Quote

NewContents = Contents | Callable[[dict[str, int]], Contents]


class Looked:
    """Which `skus` were looked up in the catalogue, and the `items` that were found."""

    __slots__ = ("items", "skus")

    def __init__(self, skus: Set[str], items: Items) -> None:
        self.skus = skus
        self.items = items


_NOTHING: Final = Looked(frozenset(), {})


class Prices:
    """The prices of the catalogue that is `opened` once they are needed, and in its currency.
    `keep` lets the shop have both for good."""

    def __init__(
        self,
        opened: Callable[[], CatalogDb],
        keep: Callable[[CatalogDb], object] = lambda catalog: None,
    ) -> None:
        self._opened = opened
        self._keep = keep

    @property
    def currency(self) -> str:
        """What they are in."""
        return self._catalog.currency

    def keep(self) -> None:
        """Let the shop have them for good; to be called before anything is sold at them."""
        self._keep(self._catalog)

    def looked_up(self, changes: Changes, contents: Contents) -> Looked:
        """The items that the `changes` of a cart with these `contents` are about, or show."""
        skus = {*contents, *pricing.skus_of(changes)}
        return Looked(skus, self._items(skus))

    def quote(self, cart: Cart, looked: Looked = _NOTHING) -> Quote:
        """What the open `cart` comes to: at today's names and prices, as far as they were `looked`
        up already at those; or as they were put in when it is not in this shop's currency."""
        contents = cart.contents
        known = contents.keys() <= looked.skus or cart.currency != self.currency
        items = looked.items if known else self._items(contents.keys())
        return pricing.todays(cart, items, self.currency)

    def quoted(self, cart: Cart, looked: Looked = _NOTHING) -> Cart:
        """`cart` as it is shown: an open one with its quote, while others carry theirs."""
        return cart._replace(today=self.quote(cart, looked)) if cart.state == "open" else cart

    def check_currency(self, cart: Cart) -> None:
        """ReviewCart when `cart` is in another currency than the shop's."""
        pricing.check_currency(cart, self.currency)

    @lazily
    def _catalog(self) -> CatalogDb:
        return self._opened()

    def _items(self, skus: Set[str]) -> Items:
        return looked_up(self._catalog, skus, self.currency)

    def with_similar(self, error: ChooseExisting) -> ChooseExisting:
        """`error`, with what was perhaps meant if it names a SKU not on sale."""
        if "sku" not in error.facts or "cart" in error.facts:
            return error
        from cartcli.suggestions import suggest

        if similar := suggest(str(error.facts["sku"]), self._catalog.search()):
            error.facts["similar"] = similar
            error.hint += f" Did you mean {' or '.join(similar)}?"
        return error
