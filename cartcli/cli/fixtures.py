"""cart fixtures: a shop filled from a file, for tests and lessons."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command, Place
from cartcli.cli.output import print_carts, print_rows
from cartcli.cli.params import dry_run_option
from cartcli.cli.stdin import whole_bytes
from cartcli.cli.text import counted
from cartcli.errors import FixInput
from cartcli.fixtures import Filled, Filling, read
from cartcli.model.times import utc_now
from cartcli.wire.records import CART_ROW_FIELDS, cart_dict, cart_rows

_LARGEST = 16 << 20  # bytes
_UNTOUCHED = "Nothing was written."


@click.command(cls=Command)
@click.argument("file", metavar="FILE|-", type=Place("file"))
@dry_run_option
@pass_app
def fixtures(app: App, file: str, dry_run: bool) -> None:
    """\b
    Examples:
      cart fixtures lesson.toml --dry-run
      cart --store /tmp/shop fixtures lesson.toml
      cart fixtures - -o json <lesson.json

    Fill the shop with the items, users and carts of FILE, and print the carts. All of it is checked
    before anything is written. What is there already is not made again: the same command twice
    changes nothing more. For the merchant, who owns the store's folder; no login is needed.

    \b
    [[users]]
    name = "alice"
    password = "correct horse"
    roles = ["customer", "merchant"]    a customer, unless this says otherwise

    \b
    [[items]]                           put into the shop's own catalogue
    sku = "MUG"
    name = "Stoneware mug"
    price = "8.90"

    \b
    [[carts]]
    user = "alice"
    items = { MUG = 2 }
    name = "groceries"                  if it is to have one
    card = "4242424242424242"           bought with this card; else it stays open
    """
    name = "standard input" if file == "-" else file
    filling = Filling(app.shop, read(_content(file), name), name, utc_now())
    filled = filling.check() if dry_run else filling.fill()
    _print(app.output, filled)
    made = ", ".join(
        counted(count, noun)
        for count, noun in (
            (filled.new_items, "item"),
            (filled.new_users, "user"),
            (filled.new_carts, "cart"),
        )
    )
    message(f"New would be: {made}; nothing was written." if dry_run else f"New are: {made}.")


def _content(file: str) -> bytes:
    if file == "-":
        return whole_bytes(_LARGEST, _UNTOUCHED)
    try:
        with open(file, "rb") as opened:
            data = opened.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise FixInput(f"{file} cannot be read: {reason}", _UNTOUCHED) from None
    if len(data) > _LARGEST:
        raise FixInput(f"{file} has more than {_LARGEST:,} bytes", _UNTOUCHED)
    return data


def _print(output: str, filled: Filled) -> None:
    if output == "table":
        if filled.carts:
            print_carts(output, filled.carts)
        return
    rows = [row for cart in filled.carts for row in cart_rows(cart)]
    record = {
        "new_items": filled.new_items,
        "new_users": filled.new_users,
        "new_carts": filled.new_carts,
        "carts": [cart_dict(cart) for cart in filled.carts],
    }
    print_rows(output, rows, record, CART_ROW_FIELDS)
