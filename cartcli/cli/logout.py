"""cart logout: end the login."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
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
    try:
        name = app.identity.name
        ended = counted(app.shop.logout_everywhere(app.identity), "session") if everywhere else ""
        for token in app.saved_login.tokens():
            app.shop.logout(token)
    except LogIn:
        app.saved_login.forget()
        raise
    app.saved_login.forget()
    message(f"Logged out {name}{f': {ended} ended' if everywhere else ''}.")
