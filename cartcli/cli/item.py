"""cart item: single items of the shop's own catalogue."""

from __future__ import annotations

import os

import click

from cartcli.bootstrap.upkeep import terms_of
from cartcli.catalog_db import catalog_of
from cartcli.cli.amounts import Amount
from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command, Group
from cartcli.cli.output import print_items, print_rows
from cartcli.cli.params import Sku, dry_run_option, tell_tried
from cartcli.model.lines import Item
from cartcli.model.money import Money
from cartcli.wire.records import item_dict

_UNTOUCHED = "Nothing was changed."


@click.group(cls=Group)
def item() -> None:
    """\b
    Examples:
      cart item set MUG-350-WHT --price 9.20
      cart item remove MUG-350-WHT

    Change single items of the shop's own catalogue, which imports replace whole. For the merchant,
    who owns the store's folder; no login is needed.
    """


@item.command("set", cls=Command, short_help="Change an item.")
@click.argument("sku", type=Sku())
@click.option("--price", type=Amount(_UNTOUCHED), help="What it costs from now on.")
@click.option("--name", metavar="TEXT", help="What it is called.")
@click.option("--description", metavar="TEXT", help="What people read of it.")
@dry_run_option
@pass_app
def set_item(
    app: App,
    sku: str,
    price: Money | None,
    name: str | None,
    description: str | None,
    dry_run: bool,
) -> None:
    """\b
    Examples:
      cart item set MUG-350-WHT --price 9.20
      cart item set MUG-350-WHT --name 'Stoneware mug' -o json

    Give an item another price, name or description, and print it. Who has it in a cart is told
    before it is paid.
    """
    if (price, name, description) == (None, None, None):
        raise click.UsageError("Say what changes: --price, --name or --description.")
    changed = app.shop.merchant.set_item(
        sku.strip(), price=price, name=name, description=description, dry_run=dry_run
    )
    _print(app, changed)
    if not dry_run:
        message(f"{changed.sku} is changed.")
    tell_tried(dry_run)


@item.command("remove", cls=Command, short_help="Take an item off sale.")
@click.argument("sku", type=Sku())
@dry_run_option
@pass_app
def remove_item(app: App, sku: str, dry_run: bool) -> None:
    """\b
    Example:
      cart item remove MUG-350-WHT

    Take an item out of the catalogue, and print it. Who has it in a cart has to take it out before
    the rest can be paid.
    """
    gone = app.shop.merchant.remove_item(sku.strip(), dry_run=dry_run)
    _print(app, gone)
    would = "would be sold no longer; nothing was changed" if dry_run else "is no longer sold"
    message(f"{gone.sku} {would}.")


def _print(app: App, shown: Item) -> None:
    """The item; and a warning when it is not the shop that sells from this catalogue."""
    if app.output == "table":
        print_items(app.output, [shown])
    else:
        record = item_dict(shown)
        print_rows(app.output, [record], record)
    _, used, _ = terms_of(app.settings)
    if os.path.realpath(used) != os.path.realpath(catalog_of(app.settings.store)):
        message(f"Warning: this shop sells from another catalogue, {used}")
