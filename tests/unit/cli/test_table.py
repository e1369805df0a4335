"""Text for people: aligned, fitted to any terminal, and harmless to it whatever the data says."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import wcswidth

from cartcli import Cart, Item, Line, Money, Quote, Receipt, Waiting
from cartcli.cli.table import carts_text, items_text, records_text
from cartcli.cli.text import cart_text, counted, escaped, receipt_text
from cartcli.model.times import utc_now
from tests.helpers import attempt_for, line, receipt_for

NAMES = ["plain", "緑茶 玉露", "한국어", "Cafe\u0301", "🍵 tea", "👩‍👩‍👧 family", "x" * 30, ""]
PRICES = ["8.90", "12345.6789", "0", "0.001", "39.47", "1", "22", "333"]
LINES = tuple(
    line(f"SKU-{number}", 10**number % 999_999, price)._replace(name=name)
    for number, (name, price) in enumerate(zip(NAMES, PRICES, strict=True))
)

texts = st.text(max_size=60)
widths = st.integers(1, 200)


def cart_of(lines: tuple[Line, ...]) -> Cart:
    now = utc_now()
    quote = Quote.of(lines, "USD")
    return Cart("6f1c0d5e-8a43", "alice", "open", lines, "USD", now, now, today=quote)


def at_width(columns: int, text: Callable[[], str]) -> str:
    """What `text` prints on a terminal of that many columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        return text()


def width(text: str) -> int:
    """How many columns of a terminal `text` takes; fails when that cannot be told."""
    columns = int(wcswidth(text))
    assert columns >= 0, ascii(text)
    return columns


def test_the_lines_of_a_cart_are_aligned() -> None:
    """The last column stands to the right, so that every line is equally wide."""
    text = at_width(200, lambda: carts_text([cart_of(LINES)]))
    heading, *table = text.splitlines()
    assert heading.startswith("Cart 6f1c0d5e  open  ")
    assert len(table) == len(LINES) + 2
    assert len({width(row) for row in table}) == 1
    for row, entry in zip(table[2:], LINES, strict=True):
        assert row.startswith(entry.sku)
        assert row.endswith(str(entry.total))


def test_prices_stand_to_the_right_with_their_currency() -> None:
    items = [Item(entry.sku, entry.name, entry.price, "about it") for entry in LINES]
    _, _, *rows = at_width(200, lambda: items_text(items)).splitlines()
    ends = {
        width(row[: row.index(str(item.price)) + len(str(item.price))])
        for row, item in zip(rows, items, strict=True)
    }
    assert len(ends) == 1
    assert {width(row[: row.index("about it")]) for row in rows} == {ends.pop() + 2}


@pytest.mark.parametrize("show", [cart_text, lambda cart: receipt_text(receipt_of(cart))])
def test_a_cart_as_text_is_aligned(show: Callable[[Cart], str]) -> None:
    lines = (line("玉露-1", 1), line("MUG", 20), line("Cafe\u0301", 300, "12.345"))
    _, *rows = show(cart_of(lines)).splitlines()
    ends = {
        width(row[: row.rindex(str(entry.total)) + len(str(entry.total))])
        for row, entry in zip(rows[:3], lines, strict=True)
    }
    assert len(ends) == 1


def receipt_of(cart: Cart) -> Receipt:
    return receipt_for(attempt_for(cart))


def test_a_table_fits_the_terminal_where_it_can() -> None:
    items = [
        Item("MUG-350-WHT", "A mug " * 20, Money("8.90", "USD"), "緑茶 " * 30),
        Item("TEA", "tea", Money("12.345", "USD"), "x" * 200),
    ]
    for columns in (70, 80, 120, 200):
        text = at_width(columns, lambda: items_text(items))
        assert max(map(width, text.splitlines())) <= columns
    assert "8.90 USD" in text


@given(texts, texts, widths)
@example("a" * 60, "緑" * 60, 1)
@example("\u0301" * 9, "👩‍👩‍👧" * 9, 1)
@example("\t\n\x1b[2J\u202e\u2028\ud800", "\x9b\x7f", 40)
def test_any_item_is_shown_whole_at_any_width(name: str, description: str, columns: int) -> None:
    item = Item("MUG", name, Money("8.90", "USD"), description)
    text = at_width(columns, lambda: items_text([item]))
    shown, wanted = Counter(text), Counter(escaped(name + description))
    assert all(shown[char] >= count for char, count in wanted.items() if not char.isspace())
    assert "8.90 USD" in text
    assert harmless(text)


@given(st.lists(st.tuples(texts, st.integers(1, 999_999)), max_size=4), widths)
def test_any_cart_is_shown_at_any_width(contents: list[tuple[str, int]], columns: int) -> None:
    lines = tuple(
        line(f"SKU-{number}", quantity)._replace(name=name)
        for number, (name, quantity) in enumerate(contents)
    )
    cart = cart_of(lines)
    for text in (
        at_width(columns, lambda: carts_text([cart])),
        cart_text(cart),
        receipt_text(receipt_of(cart)),
    ):
        assert all(entry.sku in text and str(entry.total) in text for entry in lines)
        assert str(cart.total) in text
        assert harmless(text)


def harmless(text: str) -> bool:
    """Whether nothing in `text` but its line ends can drive a terminal."""
    lines = text.split("\n")
    return text.endswith("\n") and not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in TURNING
        for row in lines
        for char in row
    )


# Unicode's Bidi_Control: what turns the text after it around.
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("char", "shown"),
    [
        ("\x1b", "\\x1b"),
        ("\x00", "\\x00"),
        ("\x07", "\\x07"),
        ("\b", "\\x08"),
        ("\n", "\\n"),
        ("\r", "\\r"),
        ("\t", "\\t"),
        ("\x7f", "\\x7f"),
        ("\x9b", "\\x9b"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        *((char, f"\\u{ord(char):04x}") for char in TURNING),
        ("é", "é"),
        ("玉", "玉"),
        ("🍵", "🍵"),
        ("\u200d", "\u200d"),  # joins emoji
        ("\\", "\\"),
    ],
    ids=ascii,
)
def test_what_drives_a_terminal_is_written_out(char: str, shown: str) -> None:
    assert escaped(f"a{char}b") == f"a{shown}b"


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-500), "just now"),  # the clock was set back
        (timedelta(seconds=61), "1 minute old"),
        (timedelta(hours=1, seconds=9), "1 hour old"),
        (timedelta(hours=47), "1 day old"),
        (timedelta(days=2_000, hours=1), "2,000 days old"),
    ],
)
def test_the_age_of_a_cart(age: timedelta, shown: str) -> None:
    cart = cart_of(())._replace(created=utc_now() - age)
    assert cart_text(cart).splitlines()[0] == f"Cart 6f1c0d5e  open  0.00 USD  alice  {shown}"


def test_an_empty_cart_says_so() -> None:
    assert "(empty)" in cart_text(cart_of(()))
    assert "(empty)" in carts_text([cart_of(())])


def test_nothing_is_no_table() -> None:
    assert (carts_text([]), items_text([]), records_text([])) == ("", "", "")


@pytest.mark.parametrize(
    "show", [cart_text, lambda cart: at_width(200, lambda: carts_text([cart]))]
)
def test_what_has_changed_is_noted(show: Callable[[Cart], str]) -> None:
    lines = (line("A", price="9"), line("B"), line("C"), line("D", price="7"), line("E"))
    renamed = [lines[at]._replace(name=f"name {at}\x1b") for at in (2, 3)]
    was = (line("A", price="8"), renamed[0], renamed[1]._replace(price=Money("7.5", "USD")))
    quote = Quote.of(lines, "USD", was=was, unsold=["B"])
    shown = show(cart_of(quote.lines)._replace(today=quote)).splitlines()[-5:]
    notes = ("changed from 8.00", "no longer sold", "was name 2\\x1b")
    for text, note in zip(shown, (*notes, "was name 3\\x1b, changed from 7.50"), strict=False):
        assert text.rstrip(")").endswith(note)
    assert not any(word in shown[-1] for word in ("changed", "sold", "was"))


@pytest.mark.parametrize("show", [cart_text, lambda cart: carts_text([cart])])
@pytest.mark.parametrize(
    ("waiting", "shown"),
    [
        (Waiting("the bank asks"), "Waiting: the bank asks"),
        (
            Waiting("your turn", "https://a.example/?b=1", datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
            "Waiting: your turn (until 2026-01-02 03:04 UTC): https://a.example/?b=1",
        ),
        (Waiting("\x1b[2J", "https://\x07"), "Waiting: \\x1b[2J: https://\\x07"),
    ],
)
def test_what_a_pending_cart_waits_for_stands_below_its_heading(
    show: Callable[[Cart], str], waiting: Waiting, shown: str
) -> None:
    cart = cart_of((line(),))
    pending = cart._replace(state="pending", attempt=attempt_for(cart)._replace(waiting=waiting))
    assert show(pending).splitlines()[1] == shown
    lost = pending._replace(attempt=attempt_for(cart))
    assert "Waiting" not in show(lost)
    bought = pending._replace(state="purchased", receipt=receipt_for(attempt_for(cart)))
    assert "Waiting" not in show(bought)


def test_the_receipt_of_what_cost_nothing_names_no_card() -> None:
    cart = cart_of((line("GIFT", price="0"),))
    free = receipt_for(attempt_for(cart), None)._replace(brand="", last4="")
    *_, paid = receipt_text(free).splitlines()
    assert paid.startswith("There was nothing to pay on ")
    assert "Payment" not in receipt_text(free)


def test_records_are_a_table() -> None:
    rows = records_text([{"user": "zoë", "carts": 5}, {"user": "玉", "carts": 10}]).splitlines()
    assert rows[0].split() == ["User", "Carts"]
    assert [row.split() for row in rows[2:]] == [["zoë", "5"], ["玉", "10"]]
    assert len({width(row) for row in rows}) == 1


def test_counts_agree_with_their_noun() -> None:
    assert [counted(n, "cart") for n in (0, 1, 2, 1_000)] == [
        "0 carts",
        "1 cart",
        "2 carts",
        "1,000 carts",
    ]
