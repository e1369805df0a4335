"""cart copy: the same again."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_cart
from cartcli.cli.params import CartId, dry_run_option, tell_tried


@click.command(cls=Command)
@click.argument("cart", type=CartId(which="all"))
@click.option("--skip-unsold", is_flag=True, help="Leave out what is no longer sold.")
@dry_run_option
@pass_app
def copy(app: App, cart: str, skip_unsold: bool, dry_run: bool) -> None:
    """\b
    Examples:
      cart copy 3f2a
      cart copy 3f2a --skip-unsold

    Start a new cart with what CART holds, to buy it again: at today's names and prices. What is no
    longer sold is refused, or left out with --skip-unsold.
    """
    copied = app.shop.copy_cart(app.identity, cart, skip_unsold=skip_unsold, dry_run=dry_run)
    print_cart(app.output, copied)
    tell_tried(dry_run)
