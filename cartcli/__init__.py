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
    from cartcli.errors import CartError
    from cartcli.model import Cart, Identity, Item, Line, Money, Receipt
    from cartcli.settings import Settings

__version__ = "0.1.0"

_HOME = {
    "open_shop": "bootstrap",
    "Controller": "controller",
    "CartError": "errors",
    "Cart": "model",
    "Identity": "model",
    "Item": "model",
    "Line": "model",
    "Money": "model",
    "Receipt": "model",
    "Settings": "settings",
}

__all__ = [
    "Cart",
    "CartError",
    "Controller",
    "Identity",
    "Item",
    "Line",
    "Money",
    "Receipt",
    "Settings",
    "open_shop",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
