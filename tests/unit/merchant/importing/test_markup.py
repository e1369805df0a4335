"""HTML as text."""

from __future__ import annotations

import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli.merchant.importing.markup import text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain  text,\r\n two lines", "plain text, two lines"),
        ("a < b & c > d", "a < b & c > d"),
        ("<p>One</p><p>Two</p>", "One; Two"),
        ("<p>One.</p>\n<p>Two!</p>Three", "One. Two! Three"),
        ("one<br>two<br/>three", "one; two; three"),
        ("<ul><li>14k gold</li><li>12&quot;</li></ul>", '14k gold; 12"'),
        ("f<b>oo</b>&nbsp;bar &eacute; &#128049;", "foo bar é 🐱"),
        ("<script>x < 1</script><style>p {}</style>kept", "kept"),
        ("<!-- hidden --><div data-x='<p>'>seen</div>", "seen"),
        ("&#xD800;&#0;", "\ufffd\ufffd"),
    ],
)
def test_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of(html) == text


@given(st.text(st.sampled_from("<>/!-[]&;#xp'\"= \nabé🎁"), max_size=60))
def test_no_markup_is_too_broken(html: str) -> None:
    text = text_of(html)
    assert "\n" not in text
    text.encode()


@given(st.lists(st.text(st.characters(exclude_characters="<&", codec="utf-8")), max_size=5))
def test_words_are_never_lost(words: list[str]) -> None:
    text = text_of("".join(f"<p>{word}</p>" for word in words))
    for word in " ".join(words).split():
        assert word in text


@pytest.mark.parametrize(
    "piece",
    ["<", "<!", "<![", "<a x='", '<a x="', "</", "&", "<!--", "<?", "<a ", "&#1", "<script>"],
)
def test_what_is_broken_takes_no_longer_than_it_is_long(piece: str) -> None:
    """What takes the square of it never ends here."""
    signal.alarm(60)
    try:
        text_of(piece * 200_000)
    finally:
        signal.alarm(0)
