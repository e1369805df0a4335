"""cart forget: a customer's data goes."""

from __future__ import annotations

from contextlib import suppress

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.consent import check_consent, yes_option
from cartcli.cli.output import print_rows
from cartcli.cli.params import dry_run_option
from cartcli.cli.text import counted
from cartcli.errors import LogIn, RestoreData
from cartcli.wire.audits import removed_dict


@click.command(cls=Command)
@click.argument("user")
@yes_option
@dry_run_option
@pass_app
def forget(app: App, user: str, yes: bool, dry_run: bool) -> None:
    """\b
    Examples:
      cart forget alice
      cart forget alice --yes -o json

    Remove all that tells who USER is: the user with the password, sessions, open carts and tries to
    log in. Purchased carts and payments are kept for the books, as those of `forgotten-…`, of
    whom nobody knows who it was. What waits for a payment is settled first; who has something that
    cannot be settled yet is not forgotten (exit status 8), nor is who is paying right now (7). USER
    may also be an owner's id, as reports show it. Whoever registers by the name then is somebody
    new. It cannot be undone; when it was stopped, the same command goes on. Backups that were made
    before still have all of it. For the merchant, who owns the store's folder; no login is needed.

    A terminal is asked first; a script says --yes.
    """
    if not dry_run:
        check_consent(yes, f"Forget {user} for good?")
    gone = app.shop.merchant.forget(user, dry_run=dry_run)
    if not dry_run:
        _forget_login(app)
    record = removed_dict(gone)
    print_rows(app.output, [record], record)
    carts, sessions = counted(gone.carts, "open cart"), counted(gone.sessions, "session")
    kept = counted(gone.purchased, "purchased cart")
    is_gone = "would be forgotten" if dry_run else "is forgotten"
    nothing = "; nothing was changed" if dry_run else ""
    message(f"{user} {is_gone}: {carts} and {sessions} removed, {kept} kept{nothing}.")


def _forget_login(app: App) -> None:
    """Remove the saved login if it is good for nothing any more."""
    with suppress(LogIn, RestoreData):  # nobody is, or a new login replaces it
        if not any(_is_good(app, token) for token in app.saved_login.tokens()):
            app.saved_login.forget()


def _is_good(app: App, token: str) -> bool:
    try:
        app.shop.identify(token)
    except LogIn:
        return False
    return True
