"""Reports as pictures, with matplotlib: the only place where money becomes a float."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import matplotlib as mpl
import pandas
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cartcli.merchant import By
from cartcli.merchant.reports.axes import show_amounts, show_counts, show_periods, spans
from cartcli.merchant.reports.open_carts import bands
from cartcli.merchant.reports.sales import total
from cartcli.model.money import Money

MOST_BARS: Final = 40  # more items or customers could not be told apart

_BLUE, _ORANGE, _GREY = "#31688e", "#e08214", "#5f6368"
_STYLE: Final[dict[Any, Any]] = {
    "axes.axisbelow": True,
    "axes.edgecolor": _GREY,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "figure.constrained_layout.use": True,
    "grid.color": "#e4e4e4",
    "svg.fonttype": "none",  # text stays text: whoever looks at it has the fonts
    "svg.hashsalt": "cartcli",
    "text.parse_math": False,  # a dollar sign is a dollar sign
}
# Fonts with wide characters, for names that the default one cannot write: what distributions, macOS
# and office programs bring.
_WIDE_FONTS: Final = (
    *("Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK TC", "Noto Sans CJK KR"),
    *("Noto Sans JP", "Noto Sans SC", "Noto Sans KR", "Source Han Sans", "Hiragino Sans"),
    *("PingFang SC", "Apple SD Gothic Neo", "IPAexGothic", "IPAGothic", "TakaoGothic"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "NanumGothic"),
    *("Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Arial Unicode MS", "Unifont"),
)
SUFFIXES: Final = ("png", "svg", "pdf")
_NO_DATE: Final = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
_LONGEST_NAME: Final = 40

_Drawing = Callable[[], Figure]


class Picture(NamedTuple):
    """The content of a file, and whether some letters in it are boxes, because no font that is
    installed has them."""

    data: bytes
    has_boxes: bool


def sales_plot(rows: pandas.DataFrame, by: By, when: str, suffix: str) -> Picture:
    """Revenue and number of orders of each period: two panels a currency. `when` tells of which
    days, as do all of these; the picture is of the kind `suffix`."""

    def drawing() -> Figure:
        figure = Figure(figsize=(10, 5.5 * rows["currency"].nunique()))
        parts = rows.groupby("currency")
        panels = figure.subplots(2 * len(parts), height_ratios=[2.2, 1] * len(parts))
        for at, (currency, part) in enumerate(parts):
            _sales_panels(panels[2 * at], panels[2 * at + 1], part, by, str(currency), when)
        return figure

    return _image(drawing if len(rows) else _nothing, suffix)


def ranking_plot(rows: pandas.DataFrame, kind: str, when: str, suffix: str) -> Picture:
    """The revenue of the first items or customers: a panel a currency."""

    def drawing() -> Figure:
        shown = rows.groupby("currency").head(MOST_BARS)
        parts = shown.groupby("currency")
        heights = [1.2 + 0.32 * len(part) for _, part in parts]
        figure = Figure(figsize=(10, sum(heights)))
        panels = figure.subplots(len(parts), height_ratios=heights, squeeze=False)
        for panel, (currency, part) in zip(panels[:, 0], parts, strict=True):
            _ranking_panel(panel, part, kind, str(currency), when)
        return figure

    return _image(drawing if len(rows) else _nothing, suffix)


def open_plot(rows: pandas.DataFrame, when: str, suffix: str) -> Picture:
    """How many carts are open or pending, by age."""

    def drawing() -> Figure:
        figure = Figure(figsize=(8, 4.5))
        panel = figure.subplots()
        counts = bands(rows)
        below = [0] * len(counts)
        for state, color in (("open", _BLUE), ("pending", _ORANGE)):
            bars = panel.bar(counts.index, counts[state], bottom=below, color=color, label=state)
            notes = [f"{count:,}" if count else "" for count in counts[state]]
            panel.bar_label(bars, notes, label_type="center", color="white")
            below = [*counts[state]]
        panel.grid(visible=False, axis="x")
        panel.legend(frameon=False)
        panel.set_title(f"Carts not purchased, by age: {when}")
        panel.set_xlabel("Time since the last change")
        show_counts(panel, "Carts")
        return figure

    return _image(drawing if len(rows) else _nothing, suffix)


def _sales_panels(
    revenue: Axes, orders: Axes, part: pandas.DataFrame, by: By, cur: str, when: str
) -> None:
    starts, widths = spans(part["period"], by)
    amounts = [float(amount) for amount in part["revenue"]]
    revenue.bar(starts, amounts, widths, align="edge", color=_BLUE)
    orders.bar(starts, part["orders"], widths, align="edge", color=_ORANGE)
    (sum_of,) = total(part).to_dict("records")
    money = Money(sum_of["revenue"], cur)
    sold = f"{money:,} {cur} in {_count(sum_of['orders'], 'customers')}"
    revenue.set_title(f"Sales by {by}: {when}: {sold}")
    show_amounts(revenue.yaxis, f"Revenue per {by} ({cur})")
    show_counts(orders, f"Orders per {by}")
    for panel in (revenue, orders):
        panel.grid(visible=False, axis="x")
        show_periods(panel, part["period"], starts, widths)
    revenue.tick_params(labelbottom=False)


def _ranking_panel(
    panel: Axes, part: pandas.DataFrame, kind: str, currency: str, when: str
) -> None:
    names = part["name"] if kind == "items" else part["user"]
    bars = panel.barh(range(len(part)), [float(amount) for amount in part["revenue"]], color=_BLUE)
    counts = part["quantity"] if kind == "items" else part["orders"]
    notes = [
        f"{Money(amount, currency):,}  ({_count(count, kind)})"
        for amount, count in zip(part["revenue"], counts, strict=True)
    ]
    panel.bar_label(bars, notes, padding=4, color=_GREY, fontsize=9)
    panel.set_yticks(range(len(part)), [_short(name) for name in names])
    panel.invert_yaxis()
    panel.margins(x=0.3, y=0.02)
    panel.grid(visible=False, axis="y")
    only = f", the first {MOST_BARS}" if len(part) == MOST_BARS else ""
    panel.set_title(f"Best {kind} by revenue{only}: {when}")
    show_amounts(panel.xaxis, f"Revenue ({currency})")


def _count(count: int, kind: str) -> str:
    if kind == "items":
        return f"{count:,} sold"
    return f"{count:,} order{'' if count == 1 else 's'}"


def _short(name: str) -> str:
    """`name` on one line that leaves room for the bars."""
    line = " ".join(name.split())
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1].rstrip()}…"


def _nothing() -> Figure:
    figure = Figure(figsize=(8, 2))
    figure.text(0.5, 0.5, "Nothing to show in that time", ha="center", va="center", color=_GREY)
    return figure


def _image(drawing: _Drawing, suffix: str) -> Picture:
    """The figure as a file's content; the same figure gives the same bytes."""
    known = set(font_manager.get_font_names())
    fonts = ["sans-serif", *(font for font in _WIDE_FONTS if font in known)]
    image = io.BytesIO()
    style = mpl.rc_context({**_STYLE, "font.family": fonts})
    with style, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        drawing().savefig(image, format=suffix, dpi=120, metadata=_NO_DATE.get(suffix))
    boxes = any("missing from" in str(one.message) for one in told)
    return Picture(image.getvalue(), boxes)
