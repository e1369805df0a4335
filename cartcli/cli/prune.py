"""cart prune: what nobody comes back to goes."""

from __future__ import annotations

from datetime import timedelta

import click

from cartcli.cli.ages import Age
from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.consent import check_consent, yes_option
from cartcli.cli.output import print_rows
from cartcli.cli.text import counted
from cartcli.wire.audits import removed_dict


@click.command(cls=Command)
@click.option(
    "--older-than",
    type=Age(),
    metavar="AGE",
    default="90d",
    show_default=True,
    help="Guests' carts that have not changed for so long.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Remove nothing; count what would go.")
@yes_option
@pass_app
def prune(app: App, older_than: timedelta, dry_run: bool, yes: bool) -> None:
    """\b
    Examples:
      cart prune --dry-run
      cart prune --older-than 30d --yes -o json

    Remove what nobody comes back to: sessions that are over, old open carts of guests, the ids of
    requests that changed open carts (after two days), what slowed guessing down, and what commands
    have left that were killed. No cart goes that is purchased, waits for a payment or is a user's;
    a file that cannot be read stays, too. It disturbs nobody: let cron run it. A terminal is asked
    first; a script says --yes. For the merchant, who owns the store's folder; no login is needed.
    """
    if not dry_run:
        _check_consent(app, older_than, yes)
    pruned = app.shop.merchant.prune(older_than=older_than, dry_run=dry_run)
    record = removed_dict(pruned)
    print_rows(app.output, [record], record)
    carts, sessions = counted(pruned.carts, "cart"), counted(pruned.sessions, "session")
    would = "would be removed; nothing was" if dry_run else "removed"
    message(f"{carts} of guests and {sessions} {would}.")


def _check_consent(app: App, older_than: timedelta, yes: bool) -> None:
    """FixInput unless what there is may be removed."""
    if yes:
        return
    there = app.shop.merchant.prune(older_than=older_than, dry_run=True)
    if any(there):
        carts, sessions = counted(there.carts, "cart"), counted(there.sessions, "session")
        check_consent(yes, f"Remove {carts} of guests, {sessions} and the like for good?")
