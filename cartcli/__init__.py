"""cartcli: a shopping cart for Python and the shell.

>>> import cartcli
>>> shop = cartcli.open_shop(store="my-shop")
>>> alice = cartcli.Identity("alice")
>>> cart = shop.update_cart(alice, None, {"MUG-350-WHT": 2})
>>> receipt = shop.checkout_cart(alice, cart.id, "4242 4242 4242 4242")

Names are imported when first used, so that `import cartcli` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cartcli.bootstrap import open_shop
    from cartcli.controller import Controller
    from cartcli.controller.shop import Shop
    from cartcli.errors import CartError
    from cartcli.merchant import Merchant
    from cartcli.model.audit import Audit
    from cartcli.model.cart import Cart, cursor_of
    from cartcli.model.changes import Add, Remove, Replace, Set
    from cartcli.model.lines import Item, Line
    from cartcli.model.money import Money
    from cartcli.model.order import Purchase, Receipt, Waiting
    from cartcli.model.people import Identity, Session
    from cartcli.model.quote import Quote
    from cartcli.payment.card import Card
    from cartcli.payment.source import HostedPage, Token
    from cartcli.settings import Settings
    from cartcli.wire.records import as_dict

__version__ = "0.2.0.dev0"

_HOME = {
    "open_shop": "bootstrap",
    "Controller": "controller",
    "Shop": "controller.shop",
    "CartError": "errors",
    "Merchant": "merchant",
    "Audit": "model.audit",
    "Cart": "model.cart",
    "cursor_of": "model.cart",
    "Add": "model.changes",
    "Remove": "model.changes",
    "Replace": "model.changes",
    "Set": "model.changes",
    "Item": "model.lines",
    "Line": "model.lines",
    "Money": "model.money",
    "Purchase": "model.order",
    "Receipt": "model.order",
    "Waiting": "model.order",
    "Identity": "model.people",
    "Session": "model.people",
    "Quote": "model.quote",
    "Card": "payment.card",
    "HostedPage": "payment.source",
    "Token": "payment.source",
    "Settings": "settings",
    "as_dict": "wire.records",
}

__all__ = [
    "Add",
    "Audit",
    "Card",
    "Cart",
    "CartError",
    "Controller",
    "HostedPage",
    "Identity",
    "Item",
    "Line",
    "Merchant",
    "Money",
    "Purchase",
    "Quote",
    "Receipt",
    "Remove",
    "Replace",
    "Session",
    "Set",
    "Settings",
    "Shop",
    "Token",
    "Waiting",
    "as_dict",
    "cursor_of",
    "open_shop",
]


def __getattr__(name: str) -> object:
    if name == "errors":
        return import_module(f"{__name__}.errors")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "errors"})
