"""Carts and catalogue brought together: the rules of pricing, on what is on sale now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cartcli.catalog_db import CatalogDb
from cartcli.errors import ChooseExisting
from cartcli.model.cart import Cart
from cartcli.model.lines import Line
from cartcli.rules import pricing
from cartcli.rules.pricing import Contents

NewContents = Contents | Callable[[dict[str, int]], Contents]


class Prices:
    """The prices of `catalog`, in the shop's `currency`."""

    def __init__(self, catalog: CatalogDb, currency: str) -> None:
        self._catalog = catalog
        self._currency = currency

    def changed_lines(self, lines: Sequence[Line], contents: NewContents) -> tuple[Line, ...]:
        """The lines that the new `contents`, or a function from the present ones to new ones, make
        of `lines`. ChooseExisting for a SKU not on sale, FixInput for a bad quantity."""
        if callable(contents):
            contents = contents({line.sku: line.quantity for line in lines})
        wanted = pricing.wanted(contents)
        items = self._catalog.get_descriptions(wanted)
        try:
            return pricing.changed_lines(lines, wanted, items)
        except ChooseExisting as error:
            raise self.with_similar(error) from None

    def today(self, cart: Cart) -> Cart:
        """An open `cart` of this shop's currency at today's names and prices; others are as they
        were."""
        if cart.state != "open" or cart.currency != self._currency:
            return cart
        return pricing.todays(cart, self._catalog.get_descriptions(cart.contents))

    def check_currency(self, cart: Cart) -> None:
        """ReviewCart when `cart` is in another currency than the shop's."""
        pricing.check_currency(cart, self._currency)

    def with_similar(self, error: ChooseExisting) -> ChooseExisting:
        """`error`, which names a SKU not on sale, with those that were perhaps meant."""
        from cartcli.suggestions import suggest

        if similar := suggest(str(error.facts["sku"]), self._catalog.search()):
            error.facts["similar"] = similar
            error.hint += f" Did you mean {' or '.join(similar)}?"
        return error
