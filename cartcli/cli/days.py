"""Days on the command line."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Any, Final

import click

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Day(click.ParamType[date]):
    """A full date of RFC 3339."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        with suppress(ValueError):
            if _DATE.fullmatch(value):
                return date.fromisoformat(value)
        return self.fail(f"{value!r} is not a date such as 2010-12-31", param, ctx)


since_option = click.option("--since", type=Day(), metavar="DATE", help="From this day on, in UTC.")
until_option = click.option(
    "--until", type=Day(), metavar="DATE", help="To the end of this day, in UTC."
)


def check_days(since: date | None, until: date | None) -> None:
    """UsageError when the first day comes after the last one."""
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is after --until {until}.")
