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
    from cartcli.controller import Controller, Shop
    from cartcli.errors import CartError
    from cartcli.merchant import Merchant
    from cartcli.model.audit import Audit
    from cartcli.model.cart import Cart
    from cartcli.model.lines import Item, Line
    from cartcli.model.money import Money
    from cartcli.model.order import Receipt
    from cartcli.model.people import Identity, Session
    from cartcli.settings import Settings
    from cartcli.wire.records import as_dict

__version__ = "0.1.0"

_HOME = {
    "open_shop": "bootstrap",
    "Controller": "controller",
    "Shop": "controller",
    "CartError": "errors",
    "Merchant": "merchant",
    "Audit": "model.audit",
    "Cart": "model.cart",
    "Item": "model.lines",
    "Line": "model.lines",
    "Money": "model.money",
    "Receipt": "model.order",
    "Identity": "model.people",
    "Session": "model.people",
    "Settings": "settings",
    "as_dict": "wire.records",
}

__all__ = [
    "Audit",
    "Cart",
    "CartError",
    "Controller",
    "Identity",
    "Item",
    "Line",
    "Merchant",
    "Money",
    "Receipt",
    "Session",
    "Settings",
    "Shop",
    "as_dict",
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
