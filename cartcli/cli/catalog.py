"""cart catalog: the items on sale."""

from __future__ import annotations

from shlex import quote
from typing import cast

import click

from cartcli.bootstrap import shows_sample
from cartcli.catalog_db import Sort
from cartcli.cli.amounts import Amount
from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Choice, Command
from cartcli.cli.output import print_items
from cartcli.cli.params import Sku, limit_option
from cartcli.cli.text import counted, cut
from cartcli.model.money import Money


@click.command(cls=Command)
@click.argument("words", nargs=-1)
@click.option("--sku", "skus", multiple=True, type=Sku(), help="Only this SKU; may be repeated.")
@click.option("--sort", type=Choice(["name", "price", "-price"]), help="-price: dearest first.")
@click.option("--min-price", type=Amount(), help="Only items of this price or more.")
@click.option("--max-price", type=Amount(), help="Only items of this price or less.")
@limit_option
@click.option("--after", metavar="SKU", type=Sku(), help="Only those after this one.")
@pass_app
def catalog(
    app: App,
    words: tuple[str, ...],
    skus: tuple[str, ...],
    sort: str | None,
    min_price: Money | None,
    max_price: Money | None,
    limit: int | None,
    after: str | None,
) -> None:
    """\b
    Examples:
      cart catalog
      cart catalog tea --sort -price
      cart catalog --max-price 5 --limit 10 -o csv
      cart catalog --limit 10 --after MUG-350-WHT
      cart catalog --sku MUG-350-WHT -o json
      cart catalog --catalog next-year.csv

    List the items on sale that have all of WORDS in their SKU, name or description. With --catalog,
    those of another file, which is not sold from. No login is needed.
    """
    if skus and (words or sort or min_price or max_price or after):
        raise click.UsageError("--sku goes with --limit only: it names the items itself.")
    found = app.display.get_catalog(
        words,
        skus=skus,
        sort=cast("Sort | None", sort),
        min_price=min_price,
        max_price=max_price,
        after=after or "",
        limit=limit and limit + 1,
    )
    items, more = cut(found, limit)
    if shows_sample(app.settings):
        message("This is the sample catalogue. Bring in your own with: cart import FILE")
    print_items(app.output, items)
    if more and skus:
        message(f"There are more than {counted(len(items), 'item')}; leave --limit out.")
    elif more:
        message(f"There are more than {counted(len(items), 'item')}; go on with --after:")
        message(f"  --after {quote(items[-1].sku)}")
    elif not items:
        message("No item matches." if not after else "No item comes after that.")
