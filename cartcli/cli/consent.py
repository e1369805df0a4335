"""Asking before something is removed for good."""

from __future__ import annotations

import click

from cartcli.cli.text import escaped, may_ask
from cartcli.errors import FixInput
from cartcli.payment.masked import masked

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


def check_consent(yes: bool, question: str) -> None:
    """Go on if `yes` was said before, or is said on the terminal; FixInput otherwise."""
    if yes:
        return
    if not may_ask():
        raise FixInput(
            f"{question} Nobody is there to ask", "Nothing was removed. Say so with --yes."
        )
    if not click.confirm(escaped(masked(question)), err=True):
        raise click.Abort
