"""cart catalog: the items on sale."""

from __future__ import annotations

from typing import cast

import click

from cartcli.bootstrap import shows_sample
from cartcli.catalog_db import Sort
from cartcli.cli.amounts import Amount
from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Choice, Command
from cartcli.cli.output import print_items
from cartcli.cli.params import Sku
from cartcli.model.money import Money


@click.command(cls=Command)
@click.argument("words", nargs=-1)
@click.option("--sku", "skus", multiple=True, type=Sku(), help="Only this SKU; may be repeated.")
@click.option("--sort", type=Choice(["name", "price", "-price"]), help="-price: dearest first.")
@click.option("--min-price", type=Amount(), help="Only items of this price or more.")
@click.option("--max-price", type=Amount(), help="Only items of this price or less.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N.")
@pass_app
def catalog(
    app: App,
    words: tuple[str, ...],
    skus: tuple[str, ...],
    sort: str | None,
    min_price: Money | None,
    max_price: Money | None,
    limit: int | None,
) -> None:
    """\b
    Examples:
      cart catalog
      cart catalog tea --sort -price
      cart catalog --max-price 5 --limit 10 -o csv
      cart catalog --sku MUG-350-WHT -o json
      cart catalog --catalog next-year.csv

    List the items on sale that have all of WORDS in their SKU, name or description. With --catalog,
    those of another file, which is not sold from. No login is needed.
    """
    if skus and (words or sort or min_price or max_price):
        raise click.UsageError("--sku goes with --limit only: it names the items itself.")
    items = app.display.get_catalog(
        words,
        skus=skus,
        sort=cast("Sort | None", sort),
        min_price=min_price,
        max_price=max_price,
        limit=limit,
    )
    if shows_sample(app.settings):
        message("This is the sample catalogue. Bring in your own with: cart import FILE")
    print_items(app.output, items)
    if not items:
        message("No item matches.")
