"""Card numbers are masked however they are written, and what is none is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli.payment.masked import MASK, masked

VISA = "4242424242424242"
WIDE = {ord(digit): 0xFF10 + int(digit) for digit in "0123456789"}


@pytest.mark.parametrize(
    "number",
    [
        VISA,
        "4242424242424241",  # mistyped
        "378282246310005",
        "36227206271667",
        "4222222222222",
        "6304000000000000000",
        VISA.translate(WIDE),
        "".join(chr(0x0660 + int(digit)) for digit in VISA),
        *(between.join(("4242", "4242", "4242", "4242")) for between in " .-_/,:·\u2009\n"),
        " - ".join(("4242", "4242", "4242", "4242")),
        "', '".join(("4242", "4242", "4242", "4242")),
        r"\u2009".join(("4242", "4242", "4242", "4242")),
        r"\xa0".join(("4242", "4242", "4242", "4242")),
        " ".join(VISA),
        "3782 822463 10005",
    ],
)
def test_a_card_number(number: str) -> None:
    assert masked(f"there is no cart '{number}'") == f"there is no cart '{MASK}'"
    assert masked(f"({number})") == f"({MASK})"
    assert masked(f"{number} and {number}").count(MASK) == 2
    assert masked(f"--card{number}").startswith("--card")
    assert not any(char.isdecimal() for char in masked(f"--card{number}x"))


@pytest.mark.parametrize(
    "text",
    [
        "no item has the SKU '104835569772621442_1192278084129500173'",
        "cart 8844bd66-c040-49aa-9e58-517048123456 is open",
        "cart 31415926 comes to 17.80 USD",
        "no item has the SKU '4006381333931'",  # an EAN-13
        "until 2026-11-26 00:48:42 UTC",
        "a catalogue of 1,000,000 items in 12 s",
        "line 12: price of 0011: '12.O0' is not a plain decimal",
        "",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert masked(text) == text


@given(st.text(alphabet="4 -_x\\u0'é", max_size=60))
def test_all_else_stays_where_it_is(text: str) -> None:
    parts = masked(text).split(MASK)
    rest = text
    for part in parts:
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]
