"""cart report: what was sold, and what waits in carts."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast, get_args
from zoneinfo import ZoneInfo

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.bar import Bars
from cartcli.cli.command import Choice, Command
from cartcli.cli.days import check_days, since_option, until_option
from cartcli.cli.output import print_rows, write_text
from cartcli.cli.text import counted, is_terminal
from cartcli.errors import CartError
from cartcli.merchant import By, Kind, Merchant
from cartcli.model.ids import short_id
from cartcli.model.money import Money
from cartcli.wire.records import report_dict

if TYPE_CHECKING:
    from pandas import DataFrame


_TOP: Final = {"items": 10, "customers": 10}
_HEADINGS: Final = {
    "sku": "SKU",
    "name": "Item",
    "user": "Customer",
    "last": "Last order",
    "updated": "Last change",
    "purchased": "Bought",
}
_TITLES: Final = {
    "sales": "Sales by {by}",
    "orders": "Orders",
    "items": "Best items by revenue",
    "customers": "Best customers by revenue",
    "open": "Carts not bought, by their last change",
}


@click.command(cls=Command)
@click.argument(
    "kind",
    type=Choice(get_args(Kind)),
    metavar="[sales|orders|items|customers|open]",
    default="sales",
)
@click.option(
    "--by", type=Choice(["day", "week", "month"]), help="How sales are summed. [default: day]"
)
@since_option
@until_option
@click.option("--timezone", default="UTC", metavar="ZONE", help="Days are there. [default: UTC]")
@click.option("--fill", is_flag=True, help="Sales: also periods without any.")
@click.option("--lines", is_flag=True, help="Orders: a row for each line.")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help="Only the first N of each currency. [default for people, of items and customers: 10]",
)
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE|-",
    help="Draw it, too: .png, .svg or .pdf; - prints a PNG instead of the table.",
)
@pass_app
def report(app: App, /, kind: str, plot: str | None, **options: Any) -> None:
    """\b
    Examples:
      cart report
      cart report sales --by week --since 2010-12-01 --until 2010-12-31 --fill
      cart report sales --timezone Europe/Berlin
      cart report orders --lines --since 2010-12-01 -o csv
      cart report items --top 20 -o csv
      cart report customers --plot customers.svg
      cart report open

    What was sold, by day, week (Monday to Sunday) or month: orders, revenue, average order. Or the
    orders, one by one; the items that sold best and the customers who bought most, by revenue; or
    the carts that are open or pending, oldest first, with what was charged for those of which it is
    not known yet.

    A day is one in UTC, or of --timezone. What counts is the time of the purchase, for open carts
    that of the last change. Currencies are never summed together: each has rows of its own. No
    login is needed.
    """
    asked = _Asked(kind=cast("Kind", kind), **options)
    asked.check()
    if plot:
        _check_plot(plot, kind)
    with Bars() as bars:
        found = app.shop.merchant.report(
            asked.kind,
            asked.by or "day",
            asked.since or date.min,
            asked.until or date.max,
            lambda users: bars.over(users, "Reading carts"),
            lines=asked.lines,
            fill=asked.fill,
            timezone=asked.timezone,
        )
    limit = asked.top or (_TOP.get(kind) if plot or app.output == "table" else None)
    first = found if limit is None else found.groupby("currency").head(limit)
    if plot:
        _draw(plot, asked, found if kind == "open" else first)
    if plot != "-":
        _print(app.output, asked, first)
    _comment(kind, len(first), len(found))
    _tell_pending(app.shop.merchant)


class _Asked(NamedTuple):
    """Which report is asked for."""

    kind: Kind
    by: By | None
    since: date | None
    until: date | None
    top: int | None
    timezone: str
    fill: bool
    lines: bool

    def check(self) -> None:
        """UsageError for options that do not go together."""
        if (self.by or self.fill) and self.kind != "sales":
            raise click.UsageError("--by and --fill go with sales only.")
        if self.lines and self.kind != "orders":
            raise click.UsageError("--lines goes with orders only.")
        if self.top and self.kind == "sales":
            raise click.UsageError("--top goes with orders, items, customers and open only.")
        check_days(self.since, self.until)

    def title(self) -> str:
        """What people read above the table."""
        what = _TITLES[self.kind].format(by=self.by or "day")
        return f"{what}: {self.when()}"

    def when(self) -> str:
        """Of which days it is."""
        if self.since and self.until:
            when = f"{self.since} to {self.until}"
        elif self.since or self.until:
            when = f"since {self.since}" if self.since else f"until {self.until}"
        else:
            when = "all time"
        return f"{when} ({self.timezone})"


def _check_plot(path: str, kind: str) -> None:
    """Refuse a plot that cannot be drawn, before the carts are read."""
    if kind == "orders":
        raise click.UsageError("--plot goes with sales, items, customers and open only.")
    if path == "-" and is_terminal(sys.stdout):
        raise click.UsageError("--plot - prints a picture, and a terminal cannot show it.")
    if _suffix(path) not in ("png", "svg", "pdf"):
        raise click.UsageError(f"--plot {path}: the name must end in .png, .svg or .pdf.")
    try:
        import matplotlib  # noqa: F401
    except ModuleNotFoundError as error:
        raise CartError(
            f"--plot needs {error.name}, which is not installed",
            "Install what plots need with: pip install 'cartcli[plot]'",
        ) from None


def _draw(path: str, asked: _Asked, rows: DataFrame) -> None:
    from cartcli.merchant.reports import plots

    suffix, when = _suffix(path), asked.when()
    match asked.kind:
        case "sales":
            picture = plots.sales_plot(rows, asked.by or "day", when, suffix)
        case "open":
            picture = plots.open_plot(rows, when, suffix)
        case _:
            picture = plots.ranking_plot(rows, asked.kind, when, suffix)
    _write(path, picture.data)
    if picture.has_boxes:
        message("Note: no font that is installed has some of these letters; with one, such as")
        message("Noto Sans CJK, they are not drawn as boxes.")


def _write(path: str, data: bytes) -> None:
    if path == "-":
        click.echo(data, nl=False)
        return
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise click.FileError(path, error.strerror or str(error)) from None
    message(f"Wrote {path}.")


def _suffix(path: str) -> str:
    if path == "-":
        return "png"
    return os.path.splitext(path)[1].removeprefix(".").lower()


def _print(output: str, asked: _Asked, rows: DataFrame) -> None:
    if output != "table":
        records = [report_dict(row) for row in rows.to_dict("records")]
        print_rows(output, records, records, [*rows.columns])
        return
    shown = rows.to_dict("records")
    if asked.kind == "sales":
        from cartcli.merchant.reports.sales import total

        shown += total(rows).to_dict("records")
    headings = _HEADINGS | {"period": (asked.by or "day").capitalize()}
    cells = [_cells(row, headings, ZoneInfo(asked.timezone)) for row in shown]
    if cells:
        write_text(f"{asked.title()}\n\n")
    print_rows(output, cells, cells)


def _cells(row: Mapping[Any, Any], headings: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """A row for people: money with its currency, times to the minute, short ids."""
    cells: dict[str, Any] = {}
    for name, value in row.items():
        heading = headings.get(name, name)
        if isinstance(value, Decimal):
            cells[heading] = Money(value, row["currency"])
        elif isinstance(value, datetime):
            cells[heading] = f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
        elif name in ("cart", "order"):
            cells[heading] = short_id(value)
        elif name != "currency":
            cells[heading] = value
    return cells


def _comment(kind: str, shown: int, found: int) -> None:
    """What people should know about the result."""
    if not found:
        message("No carts are open." if kind == "open" else "Nothing was sold in that time.")
    elif shown < found:
        message(f"{shown:,} of {found:,} shown; see more with --top.")


def _tell_pending(merchant: Merchant) -> None:
    """Say what is in no sum of what was sold: payments that are not settled."""
    try:
        waiting = merchant.pending()
    except CartError as error:
        message(f"What waits to be settled could not be read: {error.message}")
        return
    if waiting:
        charged: dict[str, Money] = {}
        for money in filter(None, (one.charged for one in waiting)):
            charged[money.currency] = charged.get(money.currency, Money(0, money.currency)) + money
        taken = " and ".join(str(charged[currency]) for currency in sorted(charged)) or "nothing"
        message(
            f"{counted(len(waiting), 'payment')} not settled, for which {taken} was charged."
            " Settle: cart settle --all"
        )
