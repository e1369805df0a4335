"""cart sessions: where one is logged in."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_rows
from cartcli.cli.text import counted
from cartcli.model.ids import short_id
from cartcli.model.sessions import SessionInfo
from cartcli.wire.records import session_info_dict


@click.command(cls=Command)
@click.option("--revoke", metavar="ID", help="End this one; the start of its id will do.")
@click.option("--all", "others", is_flag=True, help="End all but this one.")
@pass_app
def sessions(app: App, revoke: str | None, others: bool) -> None:
    """\b
    Examples:
      cart sessions
      cart sessions --revoke 3f2a
      cart sessions --all
      cart sessions -o json

    List your sessions: when each was begun, until when it lasts, and which is the one of this
    login. With --revoke or --all end some of them first. `cart logout --all` ends this one, too.
    """
    if revoke is not None and others:
        raise click.UsageError("Use --revoke ID or --all: one of these.")
    session, shop = app.session, app.shop
    if revoke is not None:
        ended = shop.end_session(session.identity, revoke)
        message(f"Session {short_id(ended.id)} is over.")
        if session.token.startswith(ended.id):
            app.saved_login.forget()
    elif others:
        count = shop.logout_everywhere(session.identity, but=session.token)
        message(f"{counted(count, 'other session')} ended.")
    found = shop.sessions(session.identity)
    records = [session_info_dict(one, session.token) for one in found]
    output = app.output
    rows = [_row(one, session.token) for one in found] if output == "table" else records
    print_rows(output, rows, records, ["id", "created", "expires", "current"])


def _row(session: SessionInfo, token: str) -> dict[str, str]:
    """A session as a row for people."""
    return {
        "session": short_id(session.id),
        "begun (UTC)": f"{session.created:%Y-%m-%d %H:%M}",
        "until": f"{session.expires:%Y-%m-%d %H:%M}",
        "": "this one" if token.startswith(session.id) else "",
    }
