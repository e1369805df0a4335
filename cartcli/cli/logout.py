"""cart logout: end the login."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.errors import LogIn


@click.command(cls=Command)
@pass_app
def logout(app: App) -> None:
    """\b
    Example:
      cart logout

    End the login: its session is revoked and the saved token removed.
    """
    try:
        name = app.identity.name
        app.shop.logout(app.session.token)
    except LogIn:
        app.saved_login.forget()
        raise
    app.saved_login.forget()
    message(f"Logged out {name}.")
