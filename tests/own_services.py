"""Services that a program brings itself, as small as they can be and keep their promises."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cartcli import Identity, Settings
from cartcli.bootstrap import Folder
from cartcli.cart_db import CartDb, CartReader, open_cart_db, open_cart_reader
from cartcli.cart_db.keeper import CartKeeper, open_cart_keeper
from cartcli.cli.topics import page
from cartcli.errors import LogIn
from cartcli.model.times import utc_now
from cartcli.terms import ShopTerms
from tests.cli.readme import examples

WAIT = 10.0


def _of_the_page() -> Any:
    """The processor that the page about Python shows."""
    for example in examples(page("python")):
        if "class OnAccount" in example.source:
            names: dict[str, Any] = {}
            exec(example.source.partition("\n\nshop =")[0], names)
            return names["OnAccount"]
    raise LookupError("the page shows no processor")


OnAccount = _of_the_page()


class Staff:
    """Lets in whoever knows the word of the day."""

    def register(self, identity: Identity, password: str) -> Identity:
        raise LogIn("nobody registers here")

    def authenticate(self, identity: Identity, password: str, client: str = "") -> Identity:
        if password != "open sesame":
            raise LogIn("user or password is wrong")
        return identity

    def stamp(self, identity: Identity) -> str:
        return "today"

    def change_password(
        self, identity: Identity, old: str, new: str, client: str = "local"
    ) -> None:
        raise LogIn("the word of the day is not yours to change")


class CartsOf:
    """The carts in a folder, with all that anybody has to do with them."""

    def __init__(self, folder: Path) -> None:
        self._parts: tuple[CartDb, CartReader, CartKeeper] = (
            open_cart_db(str(folder), WAIT, utc_now),
            open_cart_reader(str(folder)),
            open_cart_keeper(str(folder), WAIT),
        )

    def __getattr__(self, name: str) -> Any:
        for part in self._parts:
            if hasattr(part, name):
                return getattr(part, name)
        raise AttributeError(name)


def on_account(settings: Settings, clock: object) -> Any:
    """As an entry point makes it; where the bill is, a variable tells."""
    return OnAccount(os.environ.get("BILL", f"{settings.store}.bill"))


def staff(settings: Settings, clock: object) -> Staff:
    """As an entry point makes it."""
    return Staff()


def behind(settings: Settings, clock: Callable[[], datetime]) -> Folder:
    """The services behind a URL, as an entry point makes them: those of a folder."""
    path = urlsplit(settings.store).path
    plain = settings._replace(store=path)
    return Folder(plain, clock, None, ShopTerms(plain))
