"""cart prune: what nobody comes back to goes."""

from __future__ import annotations

from datetime import timedelta

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.consent import check_consent, yes_option
from cartcli.cli.output import print_rows
from cartcli.cli.params import Age, output_option
from cartcli.cli.text import counted


@click.command(cls=Command)
@click.option(
    "--older-than",
    type=Age(),
    metavar="AGE",
    default="30d",
    show_default=True,
    help="Guests' carts that have not changed for so long.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Remove nothing; count what would go.")
@yes_option
@output_option
@pass_app
def prune(app: App, older_than: timedelta, dry_run: bool, yes: bool, output: str | None) -> None:
    """\b
    Examples:
      cart prune --dry-run
      cart prune --yes
      cart prune --older-than 90d --yes -o json

    Remove sessions that are over, and open carts of guests, whom nobody knows, that have not
    changed for a while. Nothing else goes: no cart that is purchased or waits for a payment, and
    none of a user. For the merchant, who owns the store's folder; no login is needed.
    """
    merchant = app.shop.merchant
    if not dry_run:
        check_consent(yes, "Remove sessions that are over, and old carts of guests?")
    pruned = merchant.prune(older_than=older_than, dry_run=dry_run)
    record = {**pruned._asdict(), "removed": not dry_run}
    print_rows(output or app.settings.output, [pruned._asdict()], record)
    what = f"{counted(pruned.sessions, 'session')} and {counted(pruned.carts, 'cart')} of guests"
    message(f"{what} would be removed; nothing was." if dry_run else f"{what} removed.")
