"""What may be called on an object at any time: it changes nothing, and nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from cartcli import Identity
from cartcli.cart_db import CartDb, CartReader
from cartcli.cart_db.keeper import CartKeeper
from cartcli.catalog_db import CatalogDb
from cartcli.errors import CartError
from cartcli.idp import Accounts, Logins, Sessions
from cartcli.payment import PaymentProcessor

Args = tuple[Any, ...]
Look = Callable[[Any, Args], object]  # at an object that is just called with these arguments

_NOBODY: Final = Identity("nobody")
_NO_TOKEN: Final = f"{'0' * 32}.{'0' * 64}"


def look_at(look: Look, made: object, args: Args) -> None:
    """Look at what was made. That this may be refused is in the contracts; any other error is one
    indeed."""
    with suppress(CartError):
        look(made, args)


def no_look(made: object, args: Args) -> None:
    """For what changes whenever it is called."""


def _at_carts(carts: CartDb, args: Args) -> None:
    carts.find(args[0] if args else _NOBODY.owner)


def _at_catalog(catalog_db: CatalogDb, _: Args) -> None:
    catalog_db.get_descriptions(["no such SKU"])
    catalog_db.search(limit=1)


def _at_accounts(accounts: Accounts, args: Args) -> None:
    accounts.knows(args[0] if args and isinstance(args[0], Identity) else _NOBODY)


def _at_sessions(sessions: Sessions, args: Args) -> None:
    sessions.identify(args[0] if args and isinstance(args[0], str) else _NO_TOKEN)


LOOKS: Final[dict[type, Look]] = {
    CartDb: _at_carts,
    CartReader: lambda reader, _: [*reader.everything()],
    CartKeeper: lambda keeper, args: keeper.unpurchased(_NOBODY.owner),
    CatalogDb: _at_catalog,
    Logins: no_look,  # whatever is asked counts as a try
    Accounts: _at_accounts,
    Sessions: _at_sessions,
    PaymentProcessor: lambda processor, _: [*processor.payments()],
}
