"""What a cart comes to at one moment: its lines at the prices of then, and how they add up."""

from collections.abc import Iterable
from typing import NamedTuple

from cartcli.model.lines import Line, charged_total
from cartcli.model.money import Money


class Entry(NamedTuple):
    """One amount on the way from the lines to the total. `kind` is for programs, `label` is what
    people read.

    >>> [(entry.kind, str(entry.amount)) for entry in cart.quote.entries]
    [('subtotal', '17.80 USD'), ('total', '17.80 USD')]
    """

    kind: str
    label: str
    amount: Money


class Quote(NamedTuple):
    """`lines` at the names and prices of one moment, and the `entries` in the order in which they
    are shown: exactly one of the kind `subtotal`, what the lines that are sold come to, and exactly
    one of the kind `total`, which all others sum up to.

    `was` has the lines as they were put into the cart, of those whose price or name has changed
    since; `unsold` the SKUs that are no longer sold, whose lines count for nothing.

    >>> (cart.quote.total, cart.quote.unsold)
    (Money('17.80', 'USD'), ())
    """

    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]
    was: tuple[Line, ...] = ()
    unsold: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        lines: Iterable[Line],
        currency: str,
        *,
        was: Iterable[Line] = (),
        unsold: Iterable[str] = (),
    ) -> "Quote":
        """The quote of `lines`, all of them in `currency`: what is sold, and nothing else."""
        lines, unsold = tuple(lines), tuple(unsold)
        total = _total(lines, unsold, currency)
        entries = (Entry("subtotal", "Subtotal", total), Entry("total", "Total", total))
        return cls(lines, entries, tuple(was), unsold)

    @property
    def total(self) -> Money:
        """What a checkout charges. ValueError when there is not exactly one."""
        (total,) = (entry.amount for entry in self.entries if entry.kind == "total")
        return total

    @property
    def put_in(self) -> tuple[Line, ...]:
        """The lines at the names and prices at which they were put into the cart."""
        was = {line.sku: line for line in self.was}
        return tuple(was.get(line.sku, line) for line in self.lines)

    def changed(self) -> dict[str, tuple[str | None, Money | None]]:
        """What has changed about lines since they were put into the cart, by SKU: the name and the
        price of then, each None where it is the same now."""
        was = {line.sku: line for line in self.was}
        return {
            new.sku: (
                old.name if old.name != new.name else None,
                old.price if old.price != new.price else None,
            )
            for new in self.lines
            if (old := was.get(new.sku))
        }

    def comes_to(self, amount: Money | None) -> bool:
        """Whether it adds up, and to this `amount`."""
        try:
            return self.adds_up() and self.total == amount
        except ValueError:  # in two currencies
            return False

    def adds_up(self) -> bool:
        """Whether lines, subtotal, entries and total agree."""
        by_kind = {entry.kind: entry.amount for entry in self.entries}
        if not {"subtotal", "total"} <= by_kind.keys() or len(by_kind) < len(self.entries):
            return False
        total = by_kind.pop("total")
        subtotal = _total(self.lines, self.unsold, total.currency)
        return by_kind["subtotal"] == subtotal and total.amount == sum(
            amount.amount for amount in by_kind.values()
        )


def _total(lines: Iterable[Line], unsold: Iterable[str], currency: str) -> Money:
    """What those of the `lines` come to that are sold."""
    left_out = frozenset(unsold)
    return charged_total((line for line in lines if line.sku not in left_out), currency)
