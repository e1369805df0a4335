"""From one day to another."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas


class Span(NamedTuple):
    """From the first instant of the day `since` to the last of the day `until`, in UTC."""

    since: date = date.min
    until: date = date.max

    def of(self, carts: pandas.DataFrame, column: str) -> pandas.DataFrame:
        """The `carts` whose time in `column`, which all of them have, lies within."""
        days = carts[column].dt.date
        within: pandas.Series[bool] = (days >= self.since) & (days <= self.until)
        return carts[within]
