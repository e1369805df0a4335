"""cart whoami: who is logged in."""

from __future__ import annotations

import click

from cartcli.cli.app import App, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_rows
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
    kept = {"file": app.saved_login.path, "stored": "plain text"}
    record = {**session_dict(app.session), **kept}
    row = {**record, "roles": " ".join(record["roles"])}
    print_rows(app.output, [row], record)
