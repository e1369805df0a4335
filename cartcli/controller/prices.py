"""Carts and catalogue brought together: the rules of pricing, on what is on sale now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cartcli.catalog_db import CatalogDb
from cartcli.errors import ChooseExisting
from cartcli.model.cart import Cart
from cartcli.rules import pricing
from cartcli.rules.pricing import Contents

if TYPE_CHECKING:
    from cartcli.model.changes import Changes
    from cartcli.model.quote import Quote

NewContents = Contents | Callable[[dict[str, int]], Contents]


class Prices:
    """The prices of `catalog`, in the shop's `currency`."""

    def __init__(self, catalog: CatalogDb, currency: str) -> None:
        self._catalog = catalog
        self._currency = currency

    def of_changes(self, changes: Changes) -> Changes:
        """The `changes` with the items they are about, as far as these are on sale."""
        skus = pricing.skus_of(changes)
        return pricing.with_items(changes, self._catalog.get_descriptions(skus) if skus else {})

    def quote(self, cart: Cart) -> Quote:
        """What the open `cart` comes to: at today's names and prices, or as they were put in when
        it is not in this shop's currency."""
        if cart.currency != self._currency:
            return pricing.as_put_in(cart)
        return pricing.quote(cart, self._catalog.get_descriptions(cart.contents))

    def quoted(self, cart: Cart) -> Cart:
        """`cart` as it is shown: an open one with its quote, while others carry theirs."""
        return cart._replace(today=self.quote(cart)) if cart.state == "open" else cart

    def check_currency(self, cart: Cart) -> None:
        """ReviewCart when `cart` is in another currency than the shop's."""
        pricing.check_currency(cart, self._currency)

    def with_similar(self, error: ChooseExisting) -> ChooseExisting:
        """`error`, with what was perhaps meant if it names a SKU not on sale."""
        if "sku" not in error.facts or "cart" in error.facts:
            return error
        from cartcli.suggestions import suggest

        if similar := suggest(str(error.facts["sku"]), self._catalog.search()):
            error.facts["similar"] = similar
            error.hint += f" Did you mean {' or '.join(similar)}?"
        return error
