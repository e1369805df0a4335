"""cart config: what the shop knows, and where each setting comes from."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cartcli.bootstrap.upkeep import sell_from, sell_in, terms_of
from cartcli.catalog_db import catalog_of
from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Choice, Command, Group
from cartcli.cli.output import Row, print_rows, without_cards
from cartcli.errors import RepairStore
from cartcli.settings import KEYS
from cartcli.terms import SAMPLE


@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def config(ctx: click.Context) -> None:
    """\b
    Examples:
      cart config
      cart config set catalog prices.csv
      cart config set catalog own

    Show what the shop knows, and where each setting comes from. With the first item put in a cart,
    or the first import, a shop has its currency and its catalogue; flags, variables and config.toml
    do not change them any more.
    """
    if ctx.invoked_subcommand is None:
        _print(ctx.ensure_object(App))


@config.command("list", cls=Command, short_help="Show it.")
@pass_app
def list_settings(app: App) -> None:
    """\b
    Examples:
      cart config list
      cart config list -o json

    Show what the shop knows, and where each setting comes from.
    """
    _print(app)


@config.command("set", cls=Command, short_help="Move the catalogue.")
@click.argument("key", metavar="catalog|currency", type=Choice(["catalog", "currency"]))
@click.argument("value", metavar="FILE|own|CUR")
@pass_app
def set_setting(app: App, key: str, value: str) -> None:
    """\b
    Examples:
      cart config set catalog prices.csv
      cart config set catalog own         the catalog.csv in the store, which imports replace
      cart config set currency EUR

    Let the shop sell from another catalogue from now on. Its currency can be set as long as it has
    none: all prices would mean something else.
    """
    if key == "currency":
        sell_in(app.settings, value)
    else:
        sell_from(app.settings, catalog_of(app.settings.store) if value == "own" else value)
    currency, path, _ = terms_of(app.settings._replace(currency=None, catalog=None))
    message(f"This shop sells in {currency}, from {path}.")


def _print(app: App) -> None:
    rows = without_cards([*_rows(app)])
    print_rows(app.output, rows, rows)


def _rows(app: App) -> Iterator[Row]:
    """Each setting, what it is, and from where."""
    values = app.settings._asdict()
    sources = app.sources
    try:
        currency, path, settled = terms_of(app.settings, app.note)
    except RepairStore as error:
        from cartcli.cli.hints import hint_for

        currency, path, settled = None, values["catalog"], True
        for text in (f"Note: {error.message}.", *hint_for(error).splitlines()):
            message(text)
    values |= {"currency": currency, "catalog": "sample" if path == SAMPLE else path}
    if settled:
        sources |= dict.fromkeys(("currency", "catalog"), "the shop")
    for key in KEYS:
        yield {"setting": key, "value": values[key], "from": sources.get(key, "default")}
