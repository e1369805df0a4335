"""One look is one name, of whatever alphabet."""

# ruff: noqa: RUF001 - they look alike, which is the point

from __future__ import annotations

import unicodedata
from typing import Final

import pytest

from cartcli import Identity
from cartcli.model.looks import look_of, plain_marks

# How else one may write a name that people read as this one.
ALIKE: Final = {
    "jean-luc": [f"jean{dash}luc" for dash in "‐‑‒–—―−⁃˗➖﹘"],
    "o'brien": [f"o{quote}brien" for quote in "’‘‛ʼʻʹ′`´΄׳ꞌ"],
    'a "b"': ["a “b”", "a ״b״"],
    "a b": ["a\u00a8b"],
    "ace": ["асе", "ɑce", "ace\u0336"],
    "alice": ["аӏісе", "al\u0131\u0307ce", "ali\u0307ce", "al\u0336ice", "alice\u20dd"],
    "acë": ["асё"],
    "george": ["ɡeorɡe"],
    "zoé": ["zoé\u0301"],
    "ā": ["a\u0305"],
    "vo": ["νο"],
}


@pytest.mark.parametrize(
    ("name", "other"),
    [(name, other) for name, others in ALIKE.items() for other in others],
    ids=ascii,
)
def test_of_names_that_look_alike_one_is_taken(name: str, other: str) -> None:
    assert Identity(name).owner == look_of(name) == look_of(other) == name
    with pytest.raises(ValueError, match=r"looks like .*, and is spelt otherwise") as told:
        Identity(other)
    assert repr(other) in str(told.value)
    assert repr(name) in str(told.value)


@pytest.mark.parametrize(
    "name",
    ["аlice", "alicε", "bοb", "bօb", "אבי cohen", "b\u09e6b", "b\u101db", "a\u0e31", "Ꭺlice"],
    ids=ascii,
)
def test_a_name_is_of_one_alphabet(name: str) -> None:
    with pytest.raises(ValueError, match=r"mixes letters that may look alike: [A-Z][a-z]+ and "):
        Identity(name)


GENUINE: Final = (
    *("zoé", "groß", "łukasz", "ørsted", "ñandú", "nguyễn văn", "adébáyọ̀", "gal·la", "yıldız"),
    *("чехов", "анна", "ёлка", "αννα", "ἀθηνᾶ", "զարա", "אבי", "محمد ٣", "مُحَمَّد", "हिन्दी"),
    *("山田太郎", "佐々木", "ルーク", "한국 kim", "山田 taro", "王 чехов", "ไทย", "alice 🐈"),
    *("o'brien", "jean-luc", "anna maria", "j.r.", "a_b", "a@b.example", 'the "cat"', "--"),
)


@pytest.mark.parametrize("name", GENUINE, ids=ascii)
def test_names_of_every_alphabet_are_taken(name: str) -> None:
    for spelling in (name, name.upper(), unicodedata.normalize("NFD", name)):
        if spelling.casefold() == name.casefold():
            assert Identity(spelling) == Identity(name)
    owner = unicodedata.normalize("NFC", Identity(name).owner)
    assert plain_marks(owner) == owner == unicodedata.normalize("NFC", name.casefold())
