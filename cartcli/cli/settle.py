"""cart settle: find out how payments have ended."""

from __future__ import annotations

from datetime import timedelta

import click

from cartcli.cli.ages import Age
from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_rows
from cartcli.cli.params import dry_run_option
from cartcli.cli.text import counted
from cartcli.errors import CheckOutAgain
from cartcli.wire.audits import SETTLED_FIELDS, settled_dict


@click.command(cls=Command)
@click.argument("carts", metavar="[CART]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every cart that waits.")
@click.option("--older-than", type=Age(), metavar="AGE", help="Only payments begun before that.")
@dry_run_option
@pass_app
def settle(
    app: App,
    carts: tuple[str, ...],
    everything: bool,
    older_than: timedelta | None,
    dry_run: bool,
) -> None:
    """\b
    Examples:
      cart settle --all
      cart settle 3f2a 81c0
      cart settle --all --older-than 5m -o json

    Find out how the payments have ended whose outcome is not known, of whichever customer: a cart
    that was charged is purchased then, and any other is open again. Nobody is charged by it, and
    what a customer may still finish is left to them. It is the merchant's, and needs neither a
    login nor a card. When one is not settled yet, the exit status is 8.
    """
    if bool(carts) == everything:
        raise click.UsageError("Name the carts to settle, or all that wait with --all.")
    settled = app.shop.merchant.settle(
        carts or None, older_than=older_than or timedelta(), dry_run=dry_run
    )
    rows = [settled_dict(one) for one in settled]
    print_rows(app.output, rows, rows, SETTLED_FIELDS)
    nothing = "Nothing has waited that long." if older_than else "Nothing waits."
    if dry_run:
        waits = counted(len(settled), "cart")
        message(f"{waits} would be settled; nothing was done." if settled else nothing)
        return
    if left := sum(not one.ended for one in settled):
        raise CheckOutAgain(
            f"{counted(left, 'payment')} could not be settled yet",
            "Nobody was charged by this. Settle them again later.",
        )
    message(f"{counted(len(settled), 'cart')} settled." if settled else nothing)
