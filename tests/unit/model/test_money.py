"""Money is exact: plain decimals, one currency, rounded once and half up."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Money
from cartcli.errors import FixInput
from cartcli.model.currencies import currency_code
from cartcli.model.lines import MAX_QUANTITY, Line, charged_total
from cartcli.model.money import TOTAL_DIGITS, most_in
from tests.helpers import line

CURRENCIES = {"JPY": 0, "USD": 2, "EUR": 2, "KWD": 3, "CLF": 4}
currencies = st.sampled_from(sorted(CURRENCIES))
prices = st.decimals(0, 999_999_999_999, places=4)
quantities = st.integers(1, MAX_QUANTITY)


@pytest.mark.parametrize(
    "text",
    ["0", "39.47", "0.001", "0.0001", "00012.50", "999999999999.9999", "7"],
)
def test_plain_decimals_are_read(text: str) -> None:
    assert Money.parse(text, "USD").amount == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", " 1", "1 ", "1\n", "-1", "-0", "+1", ".5", "5.", "1,5", "1.2.3", "1_000"),
        *("1e3", "1E3", "nan", "NaN", "inf", "Infinity", "$5", "5 USD", "0x10", "٣", "\uff11", "½"),
        *("1234567890123", "1.23456", "1" * 5_000, "1\x00"),
    ],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|plain decimal"):
        Money.parse(text, "USD")


@pytest.mark.parametrize(
    "amount",
    [
        *(1.5, 0.0, float("nan"), True, None, b"1", Fraction(1, 2), [1]),
        *(-1, Decimal("-0.01"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")),
        *("-1", "1e3", " 1", "", Decimal("1e50"), Decimal("1e-50"), 10**41),
        *(10**40 - 1, Decimal("9e39"), "9" * 200, Decimal("1." + "0" * 200)),
    ],
    ids=repr,
)
def test_money_is_of_nothing_but_decimals(amount: Any) -> None:
    with pytest.raises(ValueError, match=r"money|decimal|amount"):
        Money(amount, "USD")


@pytest.mark.parametrize("code", ["", "usd", "USDX", "US", "$", "ABC", " USD", "GBX"])
def test_unknown_currencies_are_refused(code: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, code)
    with pytest.raises(ValueError, match="ISO 4217"):
        currency_code(code)


def test_currencies_do_not_mix() -> None:
    dollar, euro = Money(1, "USD"), Money(1, "EUR")
    with pytest.raises(ValueError, match="USD and EUR do not mix"):
        dollar + euro
    with pytest.raises(ValueError, match="USD and EUR do not mix"):
        assert dollar < euro
    assert dollar != euro


@pytest.mark.parametrize("factor", [1.5, Decimal(2), "2", True, None, numpy.float64(2)], ids=repr)
def test_money_is_multiplied_by_whole_numbers_only(factor: Any) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        Money(1, "USD") * factor


def test_a_negative_multiple_is_refused() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        Money(1, "USD") * -1


def test_money_is_frozen() -> None:
    money = Money("1.50", "USD")
    for name in ("amount", "currency", "other"):
        with pytest.raises(AttributeError):
            setattr(money, name, 1)
    with pytest.raises(AttributeError):
        del money.amount
    assert money == Money("1.50", "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("49.5", "USD", "49.50"),
        ("0", "USD", "0.00"),
        ("12.345", "USD", "12.345"),
        ("1.1", "USD", "1.10"),
        ("1.10", "USD", "1.10"),
        ("1.1000", "USD", "1.10"),
        ("0.0010", "USD", "0.001"),
        (Decimal("0.0000"), "USD", "0.00"),
        ("990.00", "JPY", "990"),
        ("1.5", "CLF", "1.5000"),
        ("990", "JPY", "990"),
        ("990.5", "JPY", "990.5"),
        ("1", "KWD", "1.000"),
        ("999999999999.9999", "USD", "999999999999.9999"),
        (10**30, "USD", "1000000000000000000000000000000.00"),
        (Decimal("1E+3"), "USD", "1000.00"),
    ],
)
def test_money_as_text(amount: Decimal | int | str, currency: str, text: str) -> None:
    money = Money(amount, currency)
    assert money.decimal == text
    assert str(money) == f"{text} {currency}"
    assert str(money.amount) == text  # in a dataframe, too
    assert eval(repr(money)) == money


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "USD", "0.01"),  # half goes up
        ("0.0049", "USD", "0.00"),
        ("0.015", "USD", "0.02"),  # and not to the even neighbour
        ("0.025", "USD", "0.03"),
        ("2.5", "JPY", "3"),
        ("3.4999", "JPY", "3"),
        ("0.0005", "KWD", "0.001"),
        ("0.00005", "CLF", "0.0001"),
        ("49.5", "USD", "49.50"),
        ("999999999999.995", "USD", "1000000000000.00"),
    ],
)
def test_money_is_rounded_half_up(amount: str, currency: str, rounded: str) -> None:
    assert Money(amount, currency).rounded().decimal == rounded


def test_a_total_is_rounded_once() -> None:
    """Two lines of half a cent make one cent, not two."""
    lines = [line("A", price="0.005"), line("B", price="0.005")]
    assert charged_total(lines, "USD") == Money("0.01", "USD")
    assert charged_total([], "USD") == Money(0, "USD")


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "2", True, MAX_QUANTITY + 1], ids=repr)
def test_a_total_of_what_is_no_quantity_is_refused(quantity: Any) -> None:
    wrong = Line("A", "a", Money(1, "USD"), quantity)
    with pytest.raises(ValueError, match="quantity"):
        charged_total([wrong], "USD")


def test_a_total_of_two_currencies_is_refused() -> None:
    lines = [Line(code, code, Money(1, code), 1) for code in ("USD", "EUR")]
    with pytest.raises(ValueError, match="USD and EUR do not mix"):
        charged_total(lines, "USD")


@given(prices, currencies)
def test_an_amount_survives_being_written_and_read(amount: Decimal, currency: str) -> None:
    money = Money(amount, currency)
    assert Money(money.decimal, currency) == Money.parse(money.decimal, currency) == money
    assert "e" not in money.decimal.lower()
    assert len(money.decimal.partition(".")[2]) >= CURRENCIES[currency]


@given(prices, currencies)
def test_copies_are_equal(amount: Decimal, currency: str) -> None:
    money = Money(amount, currency)
    assert pickle.loads(pickle.dumps(money)) == copy.deepcopy(money) == money
    assert hash(Money(money.decimal + "0", currency)) == hash(money)


@pytest.mark.parametrize(
    ("currency", "most"),
    [
        ("USD", "90071992547409.91"),
        ("KWD", "9007199254740.991"),
        ("CLF", "900719925474.0991"),
        ("JPY", "900000000000000"),
    ],
)
def test_the_most_that_is_charged_is_exact_everywhere(currency: str, most: str) -> None:
    """JavaScript counts up to 2^53 - 1."""
    assert most_in(currency).decimal == most
    units = most_in(currency).amount.scaleb(CURRENCIES[currency])
    assert units <= 2**53 - 1
    assert Money.parse(most, currency, digits=TOTAL_DIGITS) == most_in(currency)


@given(prices, st.integers(0, 4), currencies)
def test_equal_amounts_are_written_alike(amount: Decimal, zeros: int, currency: str) -> None:
    fewer = f"{amount.normalize():f}"
    more = f"{amount:f}{'0' * zeros}"
    assert Money(fewer, currency).decimal == Money(more, currency).decimal
    _, _, fraction = Money(more, currency).decimal.partition(".")
    assert len(fraction) == CURRENCIES[currency] or not fraction.endswith("0")


@given(prices, quantities, prices)
def test_sums_are_exact(price: Decimal, quantity: int, more: Decimal) -> None:
    """Compared with fractions, which never round."""
    total = Money(price, "USD") * quantity + Money(more, "USD")
    assert Fraction(total.amount) == Fraction(price) * quantity + Fraction(more)


@given(st.lists(st.tuples(prices, quantities), max_size=30), currencies)
def test_totals_are_exact_and_rounded_half_up(
    contents: list[tuple[Decimal, int]], currency: str
) -> None:
    lines = [
        line(str(number), quantity, str(price), currency)
        for number, (price, quantity) in enumerate(contents)
    ]
    exact = sum((Fraction(price) * quantity for price, quantity in contents), Fraction(0))
    unit = Fraction(1, 10 ** CURRENCIES[currency])
    half_up = (exact / unit + Fraction(1, 2)).__floor__() * unit
    assert Fraction(charged_total(lines, currency).amount) == half_up


@given(prices, prices)
def test_money_is_ordered_as_its_amounts(one: Decimal, other: Decimal) -> None:
    assert (Money(one, "USD") < Money(other, "USD")) == (one < other)
    assert (Money(one, "USD") == Money(other, "USD")) == (one == other)


def test_money_is_compared_added_up_and_multiplied_from_both_sides() -> None:
    one, two = Money("1", "USD"), Money("2.00", "USD")
    assert one <= two
    assert two >= one
    assert one <= Money("1.00", "USD") >= one
    assert one < two > one
    assert sum([one, two, two]) == Money("5", "USD") == sum([one, two], start=two)
    assert 2 * one == one * 2 == one * numpy.int64(2) == numpy.int64(2) * one == two
    assert max(one, two) is two


@pytest.mark.parametrize("mix", [operator.add, operator.lt, operator.le, operator.ge, operator.gt])
def test_two_currencies_do_not_mix(mix: Callable[[Money, Money], object]) -> None:
    with pytest.raises(FixInput, match="do not mix"):
        mix(Money(1, "USD"), Money(1, "EUR"))
    with pytest.raises(TypeError):
        mix(Money(1, "USD"), 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        mix("1", Money(1, "USD"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("", "1234.50 USD"),
        (">14", "   1234.50 USD"),
        ("*<13", "1234.50 USD**"),
        (",.2f", "1,234.50"),
        (".0f", "1234"),
        (",", "1,234.50"),
        ("10.1f", "    1234.5"),
    ],
)
def test_money_is_formatted_as_text_or_as_a_number(spec: str, text: str) -> None:
    assert format(Money("1234.5", "USD"), spec) == text
