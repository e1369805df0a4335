"""Plays a real month through the library: each invoice is a cart of its customer, filled line by
line and checked out at the time of the invoice.

    python -m tests.benchmarks.replay [--store DIR] [--at-once] [--picture FILE]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import quantiles
from typing import Final, NamedTuple, TypeVar

import click

import cartcli
from tests.benchmarks.retail import Invoice, invoices, write_catalog

CARD: Final = "4242424242424242"
T = TypeVar("T")


class Played(NamedTuple):
    """What came out: the data's lines, the receipts, and how long each call took, in seconds from
    the start and in seconds."""

    rows: int
    receipts: list[cartcli.Receipt]
    updates: list[tuple[float, float]]
    checkouts: list[tuple[float, float]]
    seconds: float

    @property
    def total(self) -> Decimal:
        return sum((receipt.amount.amount for receipt in self.receipts), Decimal(0))


class _Clock:
    """Shows the time of the invoice that is being played."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def replay(store: Path, played: Iterable[Invoice], *, at_once: bool = False) -> Played:
    """Play the invoices on the new `store`; `at_once`: one update for all lines of an invoice."""
    store.mkdir(mode=0o700, parents=True)
    write_catalog(store / "catalog.csv")
    clock = _Clock(datetime.min)
    shop = cartcli.open_shop(store=store, currency="GBP", clock=clock)
    result = Played(0, [], [], [], 0.0)
    start = time.perf_counter()

    def timed(call: Callable[[], T], log: list[tuple[float, float]]) -> T:
        begun = time.perf_counter()
        value = call()
        log.append((begun - start, time.perf_counter() - begun))
        return value

    rows = 0
    for invoice in played:
        clock.now = invoice.when
        customer = cartcli.Identity(invoice.customer)
        cart: str | None = None
        for contents in _steps(invoice.contents, at_once):
            update = _update(shop, customer, cart, contents)
            cart = timed(update, result.updates).id
        assert cart is not None
        checkout = _checkout(shop, customer, cart)
        result.receipts.append(timed(checkout, result.checkouts))
        rows += invoice.rows
    return result._replace(rows=rows, seconds=time.perf_counter() - start)


def _steps(contents: dict[str, int], at_once: bool) -> Iterator[dict[str, int]]:
    """What the cart holds after each update."""
    if at_once:
        yield contents
        return
    present: dict[str, int] = {}
    for sku, quantity in contents.items():
        present[sku] = quantity
        yield present


def _update(
    shop: cartcli.Controller,
    customer: cartcli.Identity,
    cart: str | None,
    contents: dict[str, int],
) -> Callable[[], cartcli.Cart]:
    return lambda: shop.update_cart(customer, cart, contents)


def _checkout(
    shop: cartcli.Controller, customer: cartcli.Identity, cart: str
) -> Callable[[], cartcli.Receipt]:
    return lambda: shop.checkout_cart(customer, cart, CARD)


def report(played: Played) -> str:
    """What it was, and how fast."""
    lines = [
        f"{played.rows:,} lines, {len(played.receipts):,} receipts, GBP {played.total:,}",
        f"{len(played.receipts) / played.seconds:.0f} checkouts a second,"
        f" {len(played.updates) / played.seconds:.0f} updates a second",
    ]
    for name, log in (("update_cart", played.updates), ("checkout_cart", played.checkouts)):
        p50, p95, p99 = percentiles([seconds for _, seconds in log])
        lines.append(f"{name:14} p50 {p50:6.2f} ms   p95 {p95:6.2f} ms   p99 {p99:6.2f} ms")
    return "\n".join(lines)


def percentiles(seconds: Sequence[float]) -> tuple[float, float, float]:
    """The 50th, 95th and 99th, in milliseconds."""
    cuts = quantiles([1_000 * value for value in seconds], n=100)
    return cuts[49], cuts[94], cuts[98]


def draw(played: Played, picture: Path) -> None:
    """Draw the times of all calls over the time of the run."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True)
    for axes, name, log in (
        (upper, "update_cart", played.updates),
        (lower, "checkout_cart", played.checkouts),
    ):
        milliseconds = [1_000 * seconds for _, seconds in log]
        axes.plot([at for at, _ in log], milliseconds, ".", markersize=2, alpha=0.3)
        marks = percentiles([seconds for _, seconds in log])
        for number, (share, value) in enumerate(zip((50, 95, 99), marks, strict=True), 1):
            label = f"p{share} {value:.2f} ms"
            axes.axhline(value, linewidth=0.9, label=label, color=f"C{number}")
        axes.set(ylabel=f"{name}, ms", yscale="log")
        axes.legend(loc="upper right")
    lower.set_xlabel("seconds since the start")
    figure.suptitle(f"{len(played.receipts):,} invoices of a real month, {played.rows:,} lines")
    figure.savefig(picture, dpi=120)


@contextmanager
def _folder(named: Path | None) -> Iterator[Path]:
    if named:
        yield named
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder, "store")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--store", type=Path, help="a new folder on the disk to measure")
    parser.add_argument("--at-once", action="store_true", help="one update an invoice")
    parser.add_argument("--picture", type=Path, help="draw the times into this PNG file")
    args = parser.parse_args()
    everything = invoices()
    with (
        _folder(args.store) as store,
        click.progressbar(everything, label="Invoices", show_pos=True) as bar,
    ):
        played = replay(store, bar, at_once=args.at_once)
    click.echo(report(played))
    if args.picture:
        draw(played, args.picture)


if __name__ == "__main__":
    main()
