"""cart logout: end the login."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_rows
from cartcli.cli.text import counted
from cartcli.errors import LogIn


@click.command(cls=Command)
@click.option("--all", "everywhere", is_flag=True, help="End your other sessions as well.")
@pass_app
def logout(app: App, everywhere: bool) -> None:
    """\b
    Examples:
      cart logout
      cart logout --all

    End the login: its session is revoked and the saved token removed. With --all, all sessions of
    this user end, wherever they were begun.
    """
    shop, saved = app.shop, app.saved_login
    try:
        identity = app.identity
        ended = shop.logout_everywhere(identity) if everywhere else 1
        for token in saved.tokens():
            shop.logout(token)
    except LogIn as error:
        if "wanted" not in error.facts:  # which is somebody else's login
            saved.forget()
        raise
    saved.forget()
    sessions = f": {counted(ended, 'session')} ended" if everywhere else ""
    message(f"Logged out {identity.name}{sessions}.")
    if app.output != "table":
        record = {"user": identity.owner, "name": identity.name, "sessions": ended}
        print_rows(app.output, [record], record)
