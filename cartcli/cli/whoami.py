"""cart whoami: who is logged in."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_rows, write_text
from cartcli.cli.text import escaped
from cartcli.wire.records import session_dict


@click.command(cls=Command)
@pass_app
def whoami(app: App) -> None:
    """\b
    Example:
      cart whoami

    Show who is logged in, in which roles, until when, and in which file that is kept: as plain
    text, which only you may read.
    """
    print_session(app)


def print_session(app: App) -> None:
    """Whose login is saved, until when, and where."""
    session, file = app.session, app.saved_login.path
    if app.output == "table":
        roles = ", ".join(sorted(session.identity.roles))
        until = f"{session.expires:%Y-%m-%d %H:%M} UTC"
        write_text(
            f"{escaped(session.identity.name)} ({roles}), logged in until {until}.\n"
            f"The login is kept in {escaped(file)}, as plain text, which only you may read.\n"
        )
        return
    record = {**session_dict(session), "file": file, "stored": "plain text"}
    row = {**record, "roles": " ".join(record["roles"])}
    print_rows(app.output, [row], record)
