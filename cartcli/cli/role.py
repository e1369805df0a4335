"""cart role: what a user may do."""

from __future__ import annotations

from typing import cast, get_args

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Choice, Command
from cartcli.model.people import Role


@click.command(cls=Command)
@click.argument("user")
@click.argument("roles", nargs=-1, required=True, type=Choice(get_args(Role)))
@pass_app
def role(app: App, user: str, roles: tuple[str, ...]) -> None:
    """\b
    Examples:
      cart role alice customer merchant
      cart role alice customer

    Give USER these ROLES instead of those they had: `customer`, `merchant`, or both. All their
    sessions end; who logs in from then on has the new ones. For the merchant, who owns the store's
    folder; no login is needed.
    """
    given = app.shop.merchant.give_roles(user, cast("tuple[Role, ...]", roles))
    message(f"The roles of {given.name}: {', '.join(sorted(given.roles))}. Their sessions ended.")
