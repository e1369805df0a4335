"""Ages on the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import click

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Age(click.ParamType[timedelta]):
    """How long ago, in seconds, minutes, hours or days."""

    name = "age"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        if isinstance(value, timedelta):
            return value
        number, unit = value[:-1], value[-1:].lower()
        if not (number.isascii() and number.isdigit() and len(number) < 6 and unit in _UNITS):
            self.fail(f"{value!r} is no age, such as 30s, 5m, 2h or 1d", param, ctx)
        return timedelta(**{_UNITS[unit]: int(number)})
