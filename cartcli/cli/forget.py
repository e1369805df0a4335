"""cart forget: a customer's data goes."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.consent import check_consent, yes_option
from cartcli.cli.output import print_rows
from cartcli.cli.params import output_option
from cartcli.cli.text import counted


@click.command(cls=Command)
@click.argument("user")
@yes_option
@output_option
@pass_app
def forget(app: App, user: str, yes: bool, output: str | None) -> None:
    """\b
    Examples:
      cart forget alice
      cart forget alice --yes -o json

    Remove all that tells who USER is: the user with the password, sessions, open carts and tries to
    log in. Purchased carts and payments are kept for the books, as those of `forgotten-…`, of
    whom nobody knows who it was. What waits for a payment is settled first; who has something that
    cannot be settled yet is not forgotten (exit status 8). USER may also be an owner's id, as
    reports show it. It cannot be undone; when it was stopped, the same command goes on. For the
    merchant, who owns the store's folder; no login is needed.
    """
    check_consent(yes, f"Forget {user} for good?")
    gone = app.shop.merchant.forget(user)
    record = {
        "owner": gone.owner or None,
        "purchased": gone.purchased,
        "carts": gone.carts,
        "sessions": gone.sessions,
    }
    print_rows(output or app.settings.output, [record | {"owner": gone.owner}], record)
    message(
        f"{user} is forgotten: {counted(gone.carts, 'open cart')} and"
        f" {counted(gone.sessions, 'session')} removed, {counted(gone.purchased, 'purchased cart')}"
        " kept without a name."
    )
