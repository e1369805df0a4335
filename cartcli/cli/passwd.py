"""cart passwd: another password."""

from __future__ import annotations

import click

from cartcli.cli.app import App, ask_hidden, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.stdin import secret_lines
from cartcli.cli.text import counted, may_ask
from cartcli.errors import FixInput

_MAX_INPUT = 8192
_UNTOUCHED = "The password is as it was."


@click.command(cls=Command)
@click.argument("user", required=False)
@click.option("--password-stdin", is_flag=True, help="Read the passwords from standard input.")
@pass_app
def passwd(app: App, user: str | None, password_stdin: bool) -> None:
    """\b
    Examples:
      cart passwd
      printf 'old password\\nnew password\\n' | cart passwd --password-stdin
      cart passwd alice

    Change your password, and end all your other sessions. A terminal is asked for the old password
    and twice for the new one; a script gives the old one in the first line of standard input and
    the new one in the second. When it was stopped, the same command goes on.

    With USER, the merchant, who owns the store's folder, gives another user a new password, which
    a script gives in one line. All sessions of that user end; no login is needed.
    """
    if user is None:
        token, name = app.session.token, app.identity.name
        old, new = _passwords(password_stdin, ask_old=True)
        ended = app.shop.change_password(token, old, new)
    else:
        name = user
        _, new = _passwords(password_stdin, ask_old=False)
        ended = app.shop.merchant.set_password(user, new)
    other = "session" if user else "other session"
    message(f"The password of {name} is changed; {counted(ended, other)} ended.")


def _passwords(stdin: bool, *, ask_old: bool) -> tuple[str, str]:
    """The old password, if it is asked for, and the new one."""
    if stdin:
        lines = secret_lines(_MAX_INPUT, _UNTOUCHED)
        if len(lines) != 1 + ask_old:
            wanted = "old and the new password" if ask_old else "new password"
            found = counted(len(lines), "line")
            raise FixInput(f"standard input has {found}, not the {wanted}", _UNTOUCHED)
        return lines[0], lines[-1]
    if not may_ask():
        raise FixInput(
            "nobody is there to ask for the passwords",
            f"{_UNTOUCHED} Use --password-stdin.",
        )
    old = ask_hidden("Old password") if ask_old else ""
    new = ask_hidden("New password")
    if ask_hidden("New password again") != new:
        raise FixInput("the two passwords differ", f"{_UNTOUCHED} Try again.")
    return old, new
