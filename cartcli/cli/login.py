"""cart login: who the user is."""

from __future__ import annotations

import click

from cartcli.cli.app import App, ask_hidden, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.stdin import secret_line
from cartcli.cli.text import may_ask
from cartcli.cli.whoami import print_session
from cartcli.errors import FixInput
from cartcli.model.people import Identity, Session
from cartcli.settings import EMBEDDED

_MAX_PASSWORD_INPUT = 4096


@click.command(cls=Command)
@click.argument("user")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--register", is_flag=True, help="Add the user when there is no such one.")
@pass_app
def login(app: App, user: str, password_stdin: bool, register: bool) -> None:
    """\b
    Examples:
      cart login alice
      cart login alice --password-stdin <password.txt
      CART_PASSWORD=… cart login alice --register

    Log in as USER. The password is asked for on a terminal; a new user is registered when it is
    typed twice. In a script it comes from standard input or from CART_PASSWORD, and --register
    adds the user when there is no such one. The login that was saved before is ended. With
    CART_SESSION or --session, a shell, a till or a cron job has a login of its own in that file.
    """
    app.check_user(Identity(user))
    app.saved_login.check_place()
    password = app.password
    if password_stdin:
        password = secret_line(_MAX_PASSWORD_INPUT, "Nobody was logged in.")
    if password is not None:
        session = app.shop.login(user, password, register=register)
    elif may_ask():
        session = _on_terminal(app, user)
    else:
        raise FixInput(
            "there is no password, and nobody to ask for it",
            "Use --password-stdin, or set CART_PASSWORD.",
        )
    message(f"The login is kept in {app.saved_login.path}, which only you may read.")
    app.saved_login.save(session.token, app.shop.logout)
    message(f"Logged in as {session.identity.name} until {session.expires:%Y-%m-%d %H:%M} UTC.")
    if app.output != "table":
        print_session(app)


def _on_terminal(app: App, user: str) -> Session:
    """Ask for the password; a second time for a new user, who is then registered."""
    known = app.settings.idp != EMBEDDED or app.shop.merchant.knows(user)
    password = ask_hidden("Password")
    if not known:
        message(f"There is no user {user!r} yet.")
        again = ask_hidden("Password again, to register")
        if again != password:
            raise FixInput("the two passwords differ", "Nobody was registered. Try again.")
    return app.shop.login(user, password, register=not known)
