"""What lines a cart gets, and at which prices: cart and catalogue brought together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cartcli.catalog_db import CatalogDb
from cartcli.errors import ChooseExisting, FixInput, GiveCard, ReviewCart
from cartcli.model import Attempt, Cart, Item, Line, Money, check_quantity

if TYPE_CHECKING:
    from cartcli.payment.card import Card

Contents = Mapping[str, int]
Change = Contents | Callable[[dict[str, int]], Contents]


class Pricing:
    """Prices carts from `catalog`, in the shop's `currency`."""

    def __init__(self, catalog: CatalogDb, currency: str) -> None:
        self._catalog = catalog
        self._currency = currency

    def changed(self, lines: Sequence[Line], contents: Change) -> list[Line]:
        """The lines that the new `contents` make of `lines`. A line whose quantity stays is kept
        as it is; of something no longer sold there can only be less.

        ChooseExisting for a SKU not on sale, FixInput for a bad quantity.
        """
        present = {line.sku: line for line in lines}
        if callable(contents):
            contents = contents({line.sku: line.quantity for line in lines})
        wanted = {
            sku: _checked(sku, quantity) for sku, quantity in contents.items() if quantity != 0
        }
        items = self._catalog.get_descriptions(wanted)
        result = []
        for sku, quantity in wanted.items():
            line = present.get(sku)
            if line and (
                line.quantity == quantity or (sku not in items and line.quantity > quantity)
            ):
                result.append(line._replace(quantity=quantity))
            elif sku in items:
                result.append(Line.of(items[sku], quantity))
            else:
                raise self.not_on_sale(sku)
        return result

    def today(self, cart: Cart) -> Cart:
        """An open `cart` at today's names and prices, with what has changed noted in its lines;
        others are as they were when frozen."""
        if cart.state != "open" or cart.currency != self._currency:
            return cart
        items = self._catalog.get_descriptions(cart.contents)
        return cart._replace(lines=tuple(_today(line, items.get(line.sku)) for line in cart.lines))

    def attempt(
        self, cart: Cart, card: Card | None, expect_total: Money | None, now: datetime
    ) -> Attempt:
        """What a checkout of `cart` charges, frozen. Every reason not to charge is found here:
        ReviewCart when the cart is empty, holds something no longer sold, or comes to another
        amount than `expect_total`; GiveCard when there is no card.
        """
        self.check_currency(cart)
        cart = self.today(cart)
        if not cart.lines:
            raise ReviewCart(f"cart {cart.short_id} is empty", "This command charged nothing.")
        for line in cart.lines:
            if not line.sold:
                raise ReviewCart(
                    f"{line.name} ({line.sku}) is no longer sold",
                    "This command charged nothing."
                    f" Take it out:\n  cart remove {cart.short_id} {line.sku}",
                )
        if expect_total is not None and expect_total != cart.total:
            raise ReviewCart(
                f"cart {cart.short_id} comes to {cart.total}, not to {expect_total}",
                "This command charged nothing. Look at the cart again: cart carts",
            )
        if card is None:
            raise GiveCard(
                f"cart {cart.short_id} comes to {cart.total} and no card was given",
                "This command charged nothing. Give the card's number with --card.",
            )
        key = os.urandom(16).hex()
        lines = tuple(line._replace(was=None) if line.was else line for line in cart.lines)
        return Attempt(key, cart.id, lines, cart.total, card.brand, card.last4, now)

    def check_currency(self, cart: Cart) -> None:
        """ReviewCart when `cart` is in another currency than the shop's."""
        if cart.currency != self._currency:
            raise ReviewCart(
                f"cart {cart.short_id} is in {cart.currency}, the shop sells in {self._currency}",
                f"Nothing was changed. Use --currency {cart.currency}, or start a new cart.",
            )

    def not_on_sale(self, sku: str) -> ChooseExisting:
        """The error for a SKU that the catalogue has not, with those that were perhaps meant."""
        from cartcli.suggestions import suggest

        hints = suggest(sku, self._catalog.search())
        return ChooseExisting(
            f"no item has the SKU {sku!r}",
            "Nothing was changed. "
            + (f"Did you mean {' or '.join(hints)}?" if hints else "See all with: cart catalog"),
        )


def _today(line: Line, item: Item | None) -> Line:
    if item is None:
        return line._replace(sold=False)
    if (line.name, line.price) == (item.name, item.price):
        return line
    return Line.of(item, line.quantity)._replace(
        was=line.price if line.price != item.price else None
    )


def _checked(sku: str, quantity: int) -> int:
    try:
        return check_quantity(quantity)
    except ValueError as error:
        raise FixInput(f"{sku}: {error}", "Nothing was changed.") from None
