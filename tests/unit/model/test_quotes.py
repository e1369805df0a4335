"""Quotes: what a cart comes to, and how that is stored."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Line, Money
from cartcli.model.lines import MAX_QUANTITY
from cartcli.model.quote import Entry, Quote
from cartcli.model.quotes import quote_of, quote_record
from tests.helpers import line

LINES: Final = (line("MUG", 2), line("TEA", 1, "12.345"))
QUOTE: Final = Quote.of(LINES, "USD", was=(line("MUG", 2, "9.90"),))


def usd(amount: str) -> Money:
    return Money(amount, "USD")


def test_a_quote_adds_its_lines_up() -> None:
    total = usd("30.15")  # 30.145, rounded once
    assert QUOTE.entries == (
        Entry("subtotal", "Subtotal", total),
        Entry("total", "Total", total),
    )
    assert QUOTE.total == total
    assert QUOTE.adds_up()


def test_an_empty_quote_comes_to_nothing() -> None:
    empty = Quote.of((), "JPY")
    assert (empty.total, empty.adds_up()) == (Money(0, "JPY"), True)


def test_what_is_not_sold_counts_for_nothing() -> None:
    quote = Quote.of(LINES, "USD", unsold=["TEA"])
    assert (quote.lines, quote.unsold) == (LINES, ("TEA",))
    assert (quote.total, quote.adds_up()) == (usd("17.80"), True)


def test_a_quote_is_in_one_currency() -> None:
    with pytest.raises(ValueError, match="JPY and USD do not mix"):
        Quote.of(LINES, "JPY")


def test_a_quote_tells_what_has_changed() -> None:
    assert QUOTE.changed() == {"MUG": (None, usd("9.90"))}


SUBTOTAL, TOTAL = QUOTE.entries
FEE: Final = Entry("delivery", "Delivery", usd("5"))
MORE: Final = Entry("total", "Total", usd("35.15"))


@pytest.mark.parametrize(
    ("entries", "adds_up"),
    [
        ((SUBTOTAL, TOTAL), True),
        ((SUBTOTAL, FEE, MORE), True),
        ((FEE, SUBTOTAL, MORE), True),
        ((SUBTOTAL, FEE, TOTAL), False),
        ((SUBTOTAL, MORE), False),
        ((SUBTOTAL._replace(amount=usd("35.15")), MORE), False),
        ((TOTAL,), False),
        ((SUBTOTAL,), False),
        ((), False),
        ((SUBTOTAL, TOTAL, TOTAL), False),
        ((SUBTOTAL, FEE, FEE, MORE._replace(amount=usd("40.15"))), False),
    ],
)
def test_subtotal_and_all_else_add_up_to_the_total(
    entries: tuple[Entry, ...], adds_up: bool
) -> None:
    assert QUOTE._replace(entries=entries).adds_up() is adds_up


def test_a_quote_of_other_lines_does_not_add_up() -> None:
    assert not QUOTE._replace(lines=LINES[:1]).adds_up()
    assert not QUOTE._replace(unsold=("TEA",)).adds_up()


def test_a_quote_without_its_one_total_has_none() -> None:
    for entries in ((SUBTOTAL,), (SUBTOTAL, TOTAL, TOTAL)):
        with pytest.raises(ValueError, match="values to unpack"):
            _ = QUOTE._replace(entries=entries).total


def test_a_quote_is_stored_as_plain_values() -> None:
    assert quote_record(QUOTE) == {
        "lines": [["MUG", "name of MUG", "8.90", 2], ["TEA", "name of TEA", "12.345", 1]],
        "entries": [["subtotal", "Subtotal", "30.15"], ["total", "Total", "30.15"]],
        "was": [["MUG", "name of MUG", "9.90", 2]],
    }


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
amounts = st.builds(Money, st.decimals(0, 10**12 - 1, places=4), st.just("KWD"))
lines_of_some = st.lists(
    st.builds(Line, texts, texts, amounts, st.integers(1, MAX_QUANTITY)),
    max_size=4,
    unique_by=lambda line: line.sku,
)
kinds = texts.filter(lambda kind: kind not in ("subtotal", "total"))


@given(lines_of_some, lines_of_some, st.lists(st.builds(Entry, kinds, texts, amounts), max_size=3))
def test_a_quote_survives_being_stored(
    lines: list[Line], was: list[Line], more: list[Entry]
) -> None:
    quote = Quote.of(lines, "KWD", was=was)
    subtotal, total = quote.entries
    quote = quote._replace(entries=(subtotal, *more, total))
    record = json.loads(json.dumps(quote_record(quote)))
    assert quote_of(record, "KWD") == quote


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (["lines"], None),
        (["lines"], "MUG"),
        (["lines", 0], ["MUG", "mug", "8.90"]),
        (["lines", 0], ["MUG", "mug", "8.90", 1, None]),
        (["lines", 0, 0], "TEA"),  # a SKU twice
        (["lines", 0, 1], None),
        (["lines", 0, 2], 8.9),
        (["lines", 0, 2], "-8.90"),
        (["lines", 0, 2], "1" * 13),
        (["lines", 0, 3], 0),
        (["lines", 0, 3], True),
        (["lines", 0, 3], "2"),
        (["was"], None),
        (["was", 0, 3], MAX_QUANTITY + 1),
        (["entries"], None),
        (["entries"], []),
        (["entries", 0], ["subtotal", "Subtotal"]),
        (["entries", 0], {"subtotal": 1}),
        (["entries"], [["total", "Total", "30.15"]]),
        (["entries"], [["subtotal", "Subtotal", "30.15"]] * 2 + [["total", "Total", "30.15"]]),
        (["entries"], [["subtotal", "Subtotal", "30.15"]] + [["total", "Total", "30.15"]] * 2),
        (["entries", 1, 0], "subtotal"),
        (["entries", 1, 0], "fee"),
        (["entries", 1, 0], None),
        (["entries", 0, 1], 1),
        (["entries", 0, 2], 30.15),
        (["entries", 0, 2], "NaN"),
        (["entries", 0, 2], "-1"),
        (["entries", 0, 2], Decimal("30.15")),
    ],
    ids=str,
)
def test_what_no_quote_can_be_is_refused(place: list[Any], value: object) -> None:
    record: Any = copy.deepcopy(quote_record(QUOTE))
    assert quote_of(record, "USD") == QUOTE
    inner = record
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises((ValueError, TypeError, KeyError)):
        quote_of(record, "USD")


@pytest.mark.parametrize("key", sorted(quote_record(QUOTE)))
def test_no_field_may_be_missing(key: str) -> None:
    record = quote_record(QUOTE)
    del record[key]
    with pytest.raises(KeyError):
        quote_of(record, "USD")
