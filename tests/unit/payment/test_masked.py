"""Card numbers are masked however they are written, and what is none is not."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Money
from cartcli.model.times import rfc3339
from cartcli.payment.card import brand_of, check_digit_fits
from cartcli.payment.masked import MASK, masked

VISA = "4242424242424242"
BRANDS = {
    16: ("4", "51", "55", "2221", "2720", "6011", "65", "3528", "62", "36"),
    15: ("34", "37"),
    14: ("36", "38", "300"),
    13: ("4",),
    19: ("4",),
}
SCRIPTS = [
    "0123456789",
    *("".join(chr(first + digit) for digit in range(10)) for first in (0xFF10, 0x0660, 0x1D7CE)),
    "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "⓪①②③④⑤⑥⑦⑧⑨",
]
# What stands between groups: anything but letters, or an x.
BETWEEN = st.text(
    st.characters(exclude_categories=["L", "N", "M", "C"]) | st.sampled_from("\t\n\x1b"),
    max_size=10,
) | st.sampled_from(["x", "X", r"\u3000", r"\xa0", r"\t", r"\U0001f4b3", "%20", "&nbsp;"])


def completed(start: str, body: str, length: int) -> str:
    """A right number of so many digits that begins with `start`."""
    digits = (start + body)[: length - 1]
    return next(digits + last for last in "0123456789" if check_digit_fits(digits + last))


@st.composite
def cards(draw: st.DrawFn) -> str:
    """The number of a card of any brand."""
    length = draw(st.sampled_from([*BRANDS]))
    start = draw(st.sampled_from(BRANDS[length]))
    return completed(start, draw(st.text("0123456789", min_size=19, max_size=19)), length)


def digits_in(text: str) -> int:
    """How many digits of any script are shown."""
    return sum(char.isdigit() for char in text)


@pytest.mark.parametrize(
    "number",
    [
        VISA,
        "4242424242424241",  # mistyped
        "378282246310005",
        "36227206271667",
        "4222222222222",
        "6304000000000000000",
        *(VISA.translate({ord(str(d)): script[d] for d in range(10)}) for script in SCRIPTS),
        *(between.join(("4242", "4242", "4242", "4242")) for between in " .-_/,:·\u2009\n\u3000xX"),
        " - ".join(("4242", "4242", "4242", "4242")),
        "', '".join(("4242", "4242", "4242", "4242")),
        (" " * 10).join(("4242", "4242", "4242", "4242")),
        r"\u2009".join(("4242", "4242", "4242", "4242")),
        r"\U0001f4b3".join(("4242", "4242", "4242", "4242")),
        r"\xa0".join(("4242", "4242", "4242", "4242")),
        " ".join(VISA),
        "3782 822463 10005",
        "00004242424242424242",
        "42424422424242424",  # a digit twice
        "42424242424242421227",  # until December 2027
        "4242424242424242123",
        "9" * 70 + VISA,
    ],
)
def test_a_card_number(number: str) -> None:
    assert masked(f"there is no cart '{number}'") == f"there is no cart '{MASK}'"
    assert masked(f"({number})") == f"({MASK})"
    assert masked(f"{number} and {number}").count(MASK) == 2
    assert masked(f"--card{number}").startswith("--card")
    assert not any(char.isdecimal() for char in masked(f"--card{number}y"))


@pytest.mark.parametrize("rest", ["_1227", "/12/27", ";1227", " 12/27 123", "=1227", "-1227 123"])
def test_a_card_number_with_what_stands_beside_it(rest: str) -> None:
    assert masked(VISA + rest) == MASK + rest


@given(
    number=cards(),
    script=st.sampled_from(SCRIPTS),
    between=st.lists(BETWEEN, min_size=19, max_size=19),
    size=st.integers(1, 8),
)
def test_a_card_in_any_script_with_anything_between(
    number: str, script: str, between: list[str], size: int
) -> None:
    groups = [number[at : at + size] for at in range(0, len(number), size)]
    written = "".join(
        part
        for group, gap in zip(groups, between, strict=False)
        for part in (*(script[int(digit)] for digit in group), gap)
    )
    shown = masked(f"there is no cart '{written}'")
    assert digits_in(shown) <= 7, shown


@pytest.mark.parametrize(
    "text",
    [
        "no item has the SKU '104835569772621442_1192278084129500173'",
        "no item has the SKU '205591201309003190_7662246479379859829'",
        "no item has the SKU '141398737587437883_1354554456861557135'",
        "cart 8844bd66-c040-49aa-9e58-517048123456 is open",
        "cart 31415926 comes to 17.80 USD",
        "no item has the SKU '4006381333931'",  # an EAN-13
        "until 2026-11-26 00:48:42 UTC",
        "2026-11-26 2026-11-27 2026-11-28 2026-11-29",
        "kept as /srv/shop.2026-11-27T072014Z",
        "a catalogue of 1,000,000 items in 12 s",
        "12 carts, 34 lines, 5678 customers",
        "line 12: price of 0011: '12.O0' is not a plain decimal",
        "comes to 424242424242.00 USD, not to 90071992547409.91 USD",
        "1,234,567,890,123.00 USD",
        "",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize("whole", ["4222222222222", "378282246310005", VISA])
def test_an_amount_that_is_a_right_card_is_masked(whole: str) -> None:
    assert masked(f"not to {whole}.00 USD") == f"not to {MASK} USD"


TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))


@given(st.lists(TIMES, min_size=1, max_size=4), st.sampled_from([" ", ", ", "\n", "/"]))
def test_times_and_days_stay(times: list[datetime], between: str) -> None:
    for written in (
        between.join(map(rfc3339, times)),
        between.join(f"{time:%Y-%m-%d %H:%M:%S}" for time in times),
        between.join(f"{time:%Y-%m-%d}" for time in times),
        between.join(f"store.{time:%Y-%m-%dT%H%M%SZ}" for time in times),
    ):
        assert masked(written) == written


@given(st.lists(st.uuids(), min_size=1, max_size=3))
def test_ids_stay(ids: list[UUID]) -> None:
    written = ", ".join(map(str, ids))
    assert masked(f"carts {written}") == f"carts {written}"


@given(st.decimals(0, 9 * 10**13, places=2), st.sampled_from(["USD", "EUR"]))
def test_amounts_of_the_shop_stay(amount: object, currency: str) -> None:
    money = Money(str(amount), currency)
    whole = money.decimal.partition(".")[0]
    if brand_of(whole.zfill(4)) == "card" or not check_digit_fits(whole):
        assert masked(f"It comes to {money}.") == f"It comes to {money}."


@given(st.text(alphabet="4 -_x\\u0'é", max_size=60))
def test_all_else_stays_where_it_is(text: str) -> None:
    parts = masked(text).split(MASK)
    rest = text
    for part in parts:
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]


ENDLESS = ["4 ", "4", "4-----", "1_", r"\u3000", "2026-11-27 ", "4xx", "1,234", "4242 ", "4.", "0"]


@pytest.mark.parametrize("pattern", ENDLESS)
def test_no_text_takes_more_than_its_length(pattern: str) -> None:
    """Counted in the calls it takes, which are as many per character of a long text as of one
    half as long."""

    def calls(times: int) -> int:
        count = 0

        def note(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(note)
        try:
            masked(pattern * times)
        finally:
            sys.setprofile(None)
        return count

    assert calls(4_000) <= 2.2 * calls(2_000) + 100
