"""cartcli: a shopping cart for Python and the shell.

>>> import cartcli
>>> shop = cartcli.open_shop(store="my-shop")
>>> alice = cartcli.Identity("alice")
>>> cart = shop.update_cart(alice, None, {"MUG-350-WHT": 2})
>>> receipt = shop.checkout_cart(alice, cart.id, "4242 4242 4242 4242")

What there is, by what it is for:

    open_shop, Settings             a shop, and how it is opened
    Shop, Controller, Merchant      what customers do with it, and what the merchant does
    Identity, Session, SessionInfo  who asks
    Item, Cart, Line, Quote, Entry  what is sold, and what a cart comes to; Money is exact
    Add, Remove, Set, Replace       changes of a cart
    Card, Token, HostedPage         means of payment
    Purchase, Receipt               what a checkout came to; Attempt and Waiting on the way there
    Audit, Pending, Settled, ...    what the merchant's calls have found
    CartError                       the root of `cartcli.errors`, named by what to do next
    as_dict                         any of these as plain data

The pages of `cart help python` tell more. Names are imported when first used, so that
`import cartcli` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cartcli.bootstrap import open_shop
    from cartcli.cart_db import Which
    from cartcli.catalog_db import Sort
    from cartcli.controller import Controller
    from cartcli.controller.shop import Shop
    from cartcli.errors import CartError
    from cartcli.merchant import By, Kind, Merchant
    from cartcli.model.audit import Audit, Disagreement, Pending, Settled
    from cartcli.model.backups import Backup
    from cartcli.model.cart import Cart, State, cursor_of
    from cartcli.model.changes import Add, Change, Changes, Remove, Replace, Set
    from cartcli.model.lines import Item, Line
    from cartcli.model.money import Money
    from cartcli.model.order import Attempt, How, Purchase, Receipt, Waiting
    from cartcli.model.people import Identity, Role, Session
    from cartcli.model.quote import Entry, Quote
    from cartcli.model.removed import Forgotten, Pruned
    from cartcli.model.sessions import SessionInfo
    from cartcli.payment.card import Card
    from cartcli.payment.source import HostedPage, Source, Token
    from cartcli.rules.changes import Contents
    from cartcli.settings import Settings
    from cartcli.wire.records import as_dict

__version__ = "0.2.0.dev0"

_HOME = {
    "Add": "model.changes",
    "Attempt": "model.order",
    "Audit": "model.audit",
    "Backup": "model.backups",
    "By": "merchant",
    "Card": "payment.card",
    "Cart": "model.cart",
    "CartError": "errors",
    "Change": "model.changes",
    "Changes": "model.changes",
    "Contents": "rules.changes",
    "Controller": "controller",
    "Disagreement": "model.audit",
    "Entry": "model.quote",
    "Forgotten": "model.removed",
    "HostedPage": "payment.source",
    "How": "model.order",
    "Identity": "model.people",
    "Item": "model.lines",
    "Kind": "merchant",
    "Line": "model.lines",
    "Merchant": "merchant",
    "Money": "model.money",
    "Pending": "model.audit",
    "Pruned": "model.removed",
    "Purchase": "model.order",
    "Quote": "model.quote",
    "Receipt": "model.order",
    "Remove": "model.changes",
    "Replace": "model.changes",
    "Role": "model.people",
    "Session": "model.people",
    "SessionInfo": "model.sessions",
    "Set": "model.changes",
    "Settings": "settings",
    "Settled": "model.audit",
    "Shop": "controller.shop",
    "Sort": "catalog_db",
    "Source": "payment.source",
    "State": "model.cart",
    "Token": "payment.source",
    "Waiting": "model.order",
    "Which": "cart_db",
    "as_dict": "wire.records",
    "cursor_of": "model.cart",
    "open_shop": "bootstrap",
}

__all__ = [
    "Add",
    "Attempt",
    "Audit",
    "Backup",
    "By",
    "Card",
    "Cart",
    "CartError",
    "Change",
    "Changes",
    "Contents",
    "Controller",
    "Disagreement",
    "Entry",
    "Forgotten",
    "HostedPage",
    "How",
    "Identity",
    "Item",
    "Kind",
    "Line",
    "Merchant",
    "Money",
    "Pending",
    "Pruned",
    "Purchase",
    "Quote",
    "Receipt",
    "Remove",
    "Replace",
    "Role",
    "Session",
    "SessionInfo",
    "Set",
    "Settings",
    "Settled",
    "Shop",
    "Sort",
    "Source",
    "State",
    "Token",
    "Waiting",
    "Which",
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
