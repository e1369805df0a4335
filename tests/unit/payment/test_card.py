"""Cards: brands and check digits, and that nothing ever shows a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli.errors import FixInput
from cartcli.payment.card import Card


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4242424242424242", "visa"),
        ("4222222222222", "visa"),  # of 13 digits
        ("5555555555554444", "mastercard"),
        ("2221000000000009", "mastercard"),  # the ends of the 2-series
        ("2720990000000007", "mastercard"),
        ("2720999999999996", "mastercard"),
        ("378282246310005", "amex"),
        ("371449635398431", "amex"),
        ("6011111111111117", "discover"),
        ("6445644564456445", "discover"),
        ("30569309025904", "diners"),
        ("36227206271667", "diners"),
        ("38520000023237", "diners"),
        ("3530111333300000", "jcb"),
        ("3566002020360505", "jcb"),
        ("6200000000000005", "unionpay"),
        ("9999999999999995", "card"),
        ("2721000000000004", "card"),  # just beyond the 2-series
    ],
)
def test_brands(number: str, brand: str) -> None:
    card = Card(number)
    assert (card.number, card.brand, card.last4) == (number, brand, number[-4:])


@pytest.mark.parametrize(
    "written", ["4242 4242 4242 4242", "4242-4242-4242-4242", " 4242424242424242\r\n", "42 " * 8]
)
def test_blanks_and_hyphens_are_left_out(written: str) -> None:
    assert Card(written).number == "4242424242424242"


@pytest.mark.parametrize(
    "number",
    [
        *("", " ", "-", "4242", "42424242424", "4" * 20, "4242424242424242x", "x", "\uff14" * 16),
        *("٤" * 16, "4242\n4242\n4242\n4242", "4242.4242.4242.4242", "+4242424242424242"),
        *("4242424242424241", "4242424242424224", "0" * 15 + "1"),
    ],
)
def test_other_numbers_are_refused_without_showing_them(number: str) -> None:
    with pytest.raises(FixInput) as error:
        Card(number)
    shown = f"{error.value!r} {error.value} {error.value.hint} {error.value.__cause__}"
    assert len(number) < 4 or number not in shown


@given(st.text("0123456789", min_size=11, max_size=18))
def test_one_check_digit_fits(head: str) -> None:
    """Of ten check digits one is right, so that every single wrong digit is noticed."""
    fitting, refused = [], []
    for digit in "0123456789":
        try:
            fitting.append(Card(head + digit))
        except FixInput as error:
            refused.append(f"{error!r} {error.hint}")
    assert (len(fitting), len(refused)) == (1, 9)
    assert not any(head in text for text in refused)


@given(st.integers(0, 15), st.integers(1, 9))
def test_a_wrong_digit_is_noticed(place: int, change: int) -> None:
    digits = list("4242424242424242")
    digits[place] = str((int(digits[place]) + change) % 10)
    with pytest.raises(FixInput, match="check digit"):
        Card("".join(digits))


def test_a_card_never_shows_its_number() -> None:
    card = Card("5555 5555 5555 4444")
    for shown in (repr(card), str(card), f"{card}", f"{[card]!r}"):
        assert "mastercard ending in 4444" in shown
        assert "5555" not in shown
