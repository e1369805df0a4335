"""Axes that people can read: money with its currency, whole numbers, dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from matplotlib import dates as untyped_dates
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.axis import Axis

from cartcli.merchant import By

_dates: Any = untyped_dates
_FEW: Final = 14  # so many periods can be named one by one
_FEWEST: Final = 6  # so many there is always room for, or a single bar fills it all
_BAR: Final = 0.85  # how much of its period a bar covers
# How ticks at years, months, days, hours, minutes and seconds are named, and the whole axis.
_DATES: Final = ["%Y", "%b %Y", "%d %b", "%H:%M", "%H:%M", "%S"]
_YEARS: Final = ["", "", "%Y", "%d %b %Y", "%d %b %Y", "%d %b %Y"]
_FIRST_DAY: Final = {"day": "", "week": "-1", "month": "-01"}


def spans(periods: Iterable[str], by: By) -> tuple[list[float], list[float]]:
    """Where the bar of each period starts, and how wide it is, in days. A day's bar stands in the
    middle of its date on the axis, a longer period's begins there."""
    firsts = [date.fromisoformat(period + _FIRST_DAY[by]) for period in periods]
    widths = [_BAR * _days(first, by) for first in firsts]
    shift = -_BAR / 2 if by == "day" else 0
    return [_dates.date2num(first) + shift for first in firsts], widths


def _days(first: date, by: By) -> int:
    """How many days the period has that starts on `first`."""
    return {"day": 1, "week": 7, "month": monthrange(first.year, first.month)[1]}[by]


def show_periods(
    panel: Axes, periods: Iterable[str], starts: Sequence[float], widths: Sequence[float]
) -> None:
    """Name the periods on the x axis: each, if the bars and the gaps between them are few; else
    dates at round distances."""
    first, last = starts[0], starts[-1] + widths[-1]
    length = last - first
    margin = max(widths[0] * 0.2, length * 0.01, (_FEWEST * widths[0] - length) / 2)
    panel.set_xlim(first - margin, last + margin)
    if length <= _FEW * max(widths) / _BAR:
        middles = [start + width / 2 for start, width in zip(starts, widths, strict=True)]
        panel.set_xticks(middles, [*periods], rotation=45 if len(starts) > 7 else 0)
        return
    locator = _dates.AutoDateLocator(minticks=5, maxticks=12)
    formatter = _dates.ConciseDateFormatter(
        locator, formats=_DATES, zero_formats=_DATES, offset_formats=_YEARS
    )
    panel.xaxis.set_major_locator(locator)
    panel.xaxis.set_major_formatter(formatter)


def show_amounts(axis: Axis, label: str) -> None:
    """Name amounts of money with all their digits."""
    axis.set_major_formatter(ticker.FuncFormatter(_amount))
    axis.set_label_text(label)


def show_counts(panel: Axes, label: str) -> None:
    """Name whole numbers on the y axis."""
    panel.yaxis.set_major_locator(ticker.MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    panel.yaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
    panel.set_ylabel(label)


def _amount(value: float, _: int | None = None) -> str:
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")
