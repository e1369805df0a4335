"""A small shop in which anything can be sold at any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from cartcli import Cart, CartError, Controller, Identity, Receipt
from cartcli.cart_db import Which
from cartcli.files import names, sealed
from tests.helpers import CARD, LOST_ANSWER_CARD, Clock, shop_in, write_catalog

if TYPE_CHECKING:
    import pandas

ITEMS: Final = (
    ("MUG", "Mug", "8.90", ""),
    ("TEA", "煎茶 Tea", "12.80", ""),
    ("FUEL", "Fuel", "1.009", ""),
)


class Till:
    """Sells on the store in `folder`, at the times it is told, in UTC: "2026-01-02T10:00"."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "store"
        self._catalog = folder / "items.csv"
        self._clock = Clock()
        self.offer(*ITEMS)

    def offer(self, *items: tuple[str, str, str, str]) -> None:
        """Put these items on sale, instead of the others."""
        write_catalog(self._catalog, items)

    def shop(self, currency: str = "USD") -> Controller:
        """The shop, in whichever currency: one of an older version did not know its own."""
        if (terms := self.store / names.SHOP).exists():
            terms.write_bytes(sealed.seal({"currency": currency, "catalogue": str(self._catalog)}))
        return shop_in(self.store, self._clock, catalog=str(self._catalog), currency=currency)

    def sell(
        self, user: str, when: str, contents: Mapping[str, int], currency: str = "USD"
    ) -> Receipt:
        cart = self.leave(user, when, contents, currency)
        return self.shop(currency).checkout_cart(Identity(user), cart.id, CARD)

    def leave(
        self, user: str, when: str, contents: Mapping[str, int], currency: str = "USD"
    ) -> Cart:
        """Leave an open cart."""
        self._clock.now = datetime.fromisoformat(f"{when}+00:00")
        return self.shop(currency).update_cart(Identity(user), None, contents)

    def hang(self, user: str, when: str, contents: Mapping[str, int]) -> Cart:
        """Leave a pending cart: the answer to its payment is lost."""
        cart = self.leave(user, when, contents)
        with pytest.raises(CartError):
            self.shop().checkout_cart(Identity(user), cart.id, LOST_ANSWER_CARD)
        return cart

    def carts(self, which: Which = "all") -> pandas.DataFrame:
        return self.shop().carts_frame(which)


def rows(frame: pandas.DataFrame) -> list[tuple[object, ...]]:
    """The rows of a report without its index; money as text, so that each digit counts."""
    return [
        tuple(str(value) if name in MONEY else value for name, value in row.items())
        for row in frame.to_dict("records")
    ]


MONEY: Final = {"revenue", "average", "total"}
