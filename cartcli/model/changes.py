"""Changes of a cart's contents, as values: they can be sent, compared, and made again after a
rollback.

A shop is asked for them by SKU alone. It looks the `item` up before any unit of work, so that the
cart DB needs no catalogue; None is what is not on sale.
"""

from collections.abc import Sequence
from typing import NamedTuple

from cartcli.model.lines import Item


class Add(NamedTuple):
    """`quantity` more of it. Only what is on sale can be added; what lies there already keeps the
    name and the price at which it was put in, so that its owner is told of others.

    >>> shop.change_cart(alice, cart.id, [Add("TEA-SEN-100")]).contents
    {'MUG-350-WHT': 2, 'TEA-SEN-100': 1}
    """

    sku: str
    quantity: int = 1
    item: Item | None = None


class Remove(NamedTuple):
    """`quantity` less of it, or with None the whole line. It must be there.

    >>> shop.change_cart(alice, cart.id, [Remove("MUG-350-WHT", 1)]).contents
    {'MUG-350-WHT': 1}
    """

    sku: str
    quantity: int | None = None


class Set(NamedTuple):
    """`quantity` of it, and with 0 none. Of what is no longer sold there can only be less.

    >>> shop.change_cart(alice, cart.id, [Set("MUG-350-WHT", 5)]).contents
    {'MUG-350-WHT': 5}
    """

    sku: str
    quantity: int
    item: Item | None = None


class Replace(NamedTuple):
    """These contents, in this order, and nothing else.

    >>> shop.change_cart(alice, cart.id, [Replace((Set("TEA-SEN-100", 1),))]).contents
    {'TEA-SEN-100': 1}
    """

    contents: tuple[Set, ...]


Change = Add | Remove | Set | Replace
Changes = Sequence[Change]
