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

from cartcli.reports.sales import By

_dates: Any = untyped_dates
_FEW: Final = 14  # so many periods can be named one by one
_BAR: Final = 0.85  # how much of its period a bar covers
_FIRST_DAY: Final = {"day": "", "week": "-1", "month": "-01"}


def spans(periods: Iterable[str], by: By) -> tuple[list[float], list[float]]:
    """Where the bar of each period starts, and how wide it is, in days."""
    firsts = [date.fromisoformat(period + _FIRST_DAY[by]) for period in periods]
    days = [_days(first, by) for first in firsts]
    gap = (1 - _BAR) / 2
    starts = [
        _dates.date2num(first) + gap * count for first, count in zip(firsts, days, strict=True)
    ]
    return starts, [count * _BAR for count in days]


def _days(first: date, by: By) -> int:
    """How many days the period has that starts on `first`."""
    return {"day": 1, "week": 7, "month": monthrange(first.year, first.month)[1]}[by]


def show_periods(
    panel: Axes, periods: Iterable[str], starts: Sequence[float], widths: Sequence[float]
) -> None:
    """Name the periods on the x axis: each of a few, else dates at round distances."""
    panel.set_xlim(starts[0] - widths[0] * 0.2, starts[-1] + widths[-1] * 1.2)
    if len(starts) <= _FEW:
        middles = [start + width / 2 for start, width in zip(starts, widths, strict=True)]
        panel.set_xticks(middles, [*periods], rotation=45 if len(starts) > 7 else 0)
        return
    locator = _dates.AutoDateLocator(minticks=5, maxticks=12)
    panel.xaxis.set_major_locator(locator)
    panel.xaxis.set_major_formatter(_dates.ConciseDateFormatter(locator))


def show_amounts(axis: Axis, label: str) -> None:
    """Name amounts of money with all their digits."""
    axis.set_major_formatter(ticker.FuncFormatter(_amount))
    axis.set_label_text(label)


def show_counts(panel: Axes, label: str) -> None:
    """Name whole numbers on the y axis."""
    panel.yaxis.set_major_locator(ticker.MaxNLocator(integer=True, nbins="auto"))
    panel.yaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
    panel.set_ylabel(label)


def _amount(value: float, _: int | None = None) -> str:
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")
