"""From one day to another, where the shop is."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pandas


class Span(NamedTuple):
    """From the first instant of the day `since` to the last of the day `until`, both of the time
    zone `zone`, a name of the IANA database."""

    since: date = date.min
    until: date = date.max
    zone: str = "UTC"

    def of(self, carts: pandas.DataFrame, column: str) -> pandas.DataFrame:
        """The `carts` whose time in `column`, which all of them have, lies within."""
        days = self.local(carts[column]).dt.date
        within: pandas.Series[bool] = (days >= self.since) & (days <= self.until)
        return carts[within]

    def local(self, times: pandas.Series[Any]) -> pandas.Series[Any]:
        """The `times`, as clocks there show them."""
        return times if self.zone == "UTC" else times.dt.tz_convert(self.zone)
