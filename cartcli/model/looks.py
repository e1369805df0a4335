"""What text looks like: characters that nobody sees, and those that look like others.

The invisible ones are those of the property Default_Ignorable_Code_Point (Unicode 16.0,
DerivedCoreProperties.txt), with the blank pattern of Braille and the null notehead. What looks
alike is taken from confusables.txt (UTS #39), as far as the commonest alphabets and marks go.
"""

from __future__ import annotations

from itertools import chain
from typing import Final
from unicodedata import category, name, normalize

_INVISIBLE: Final = (
    *(range(0x00AD, 0x00AE), range(0x034F, 0x0350), range(0x061C, 0x061D)),
    *(range(0x115F, 0x1161), range(0x17B4, 0x17B6), range(0x180B, 0x1810)),
    *(range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070)),
    *(range(0x2800, 0x2801), range(0x3164, 0x3165), range(0xFE00, 0xFE10)),
    *(range(0xFEFF, 0xFF00), range(0xFFA0, 0xFFA1), range(0xFFF0, 0xFFF9)),
    *(range(0x1BCA0, 0x1BCA4), range(0x1D159, 0x1D15A), range(0x1D173, 0x1D17B)),
    range(0xE0000, 0xE1000),
)
# Letters that look like Latin ones, of other alphabets: Armenian, Cyrillic and Greek.
_LETTERS: Final = {
    **str.maketrans(
        "\u0555\u054d\u054f\u053c\u0585\u0578\u057d\u0570\u0581\u0566\u0575", "OUSLonuhgqj"
    ),
    **str.maketrans(
        "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423"
        "\u0425\u0417\u0474\u04ae\u04c0\u050c\u051a\u051c\u0430\u0435\u0455\u0456\u0458\u043e"
        "\u0440\u0441\u0443\u0445\u0501\u04bb\u051b\u051d\u0475\u04af\u04cf",
        "ABESIJKMHOPCTYX3VYIGQWaesijopcyxdhqwvyl",
    ),
    **str.maketrans(
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
        "\u03f9\u03bf\u03bd\u03f2\u03f3",
        "ABEZHIKMNOPTYXCovcj",
    ),
}
# Letters of Latin itself that are in no language's ordinary names.
_LATIN: Final = str.maketrans(
    "\u0251\u0261\u01c0\u1d04\u1d0f\u1d1c\u1d20\u1d21\u1d22\ua731\u028f", "aglcouvwzsy"
)
# What a keyboard has, and what looks like that.
_MARKS: Final = {
    "-": "\u02d7\u058a\u05be\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212"
    "\u2500\u2796\u2e3a\u2e3b\ufe31\ufe32\ufe58",
    "'": "`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u0384\u055a\u05f3\u1fbd"
    "\u1fbf\u1fef\u1ffd\u1ffe\u2018\u2019\u201b\u2032\u2035\ua78b\ua78c",
    '"': "\u02ba\u02dd\u02ee\u05f4\u201c\u201d\u201e\u201f\u2033\u2036\u275d\u275e\u3003",
    ",": "\u201a",
    ":": "\u02d0\u2236\ua789",
    "/": "\u2044\u2215",
    "!": "\u01c3",
    "|": "\u2223",
    "*": "\u204e\u2217",
    "~": "\u223c\u301c",
    "\u00b7": "\u2022\u2219\u22c5",
    "\u0304": "\u0305",  # lines above letters
    "\u0331": "\u0332",  # and below
}
_SEEN: Final[dict[int, int | str | None]] = {
    **dict.fromkeys(chain.from_iterable(_INVISIBLE)),
    **{ord(char): plain for plain, alike in _MARKS.items() for char in alike},
    **_LATIN,
}
_LOOK: Final = {**_SEEN, **_LETTERS}
_STRUCK: Final = (*range(0x0334, 0x0339), *range(0x20D2, 0x20D4), *range(0x20E5, 0x20E7))
_DOT: Final = "\u0307"
_DOTTED: Final = frozenset((_DOT, char) for char in "ij\u0456\u0458")
_LIKE_QUOTES: Final = "\u0300\u0301\u0313\u0314"
# Scripts without letters that look like those of an alphabet; by how their letters are called.
_EAST_ASIAN: Final = frozenset(("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"))
_NO_ALPHABET: Final = frozenset(("COMBINING", "MODIFIER", "DIGIT", ""))


def is_invisible(char: str) -> bool:
    """Whether nobody sees `char`, though it may count as printable."""
    return _SEEN.get(ord(char), char) is None


def alphabets(text: str) -> frozenset[str]:
    """The alphabets of the letters, accents and digits in `text`, whose letters are easily taken
    for one another; so Chinese, Japanese and Korean ones are left out."""
    letters = (char for char in text if category(char)[0] in "LM" or category(char) == "Nd")
    called = {name(char, "").removeprefix("EXTENDED ") for char in letters}
    return frozenset(map(_first_word, called)) - _EAST_ASIAN - _NO_ALPHABET


def look_of(text: str) -> str:
    """One text for all that look like `text`, in the same case."""
    return _seen(text, _LOOK)


def plain_marks(text: str) -> str:
    """One text for all that look like `text` and are of the same alphabet, in the same case: with
    the dashes, quotes and blanks of a keyboard, and without accents that add nothing."""
    return _seen(text, _SEEN)


def _seen(text: str, table: dict[int, int | str | None]) -> str:
    parts = normalize("NFKD", text.translate(table)).translate(table)
    return normalize("NFC", " ".join(filter(None, _without_accents(parts).split(" "))))


def _without_accents(parts: str) -> str:
    """These letters and accents without those accents that add nothing to what is seen: the dot on
    an i, one twice, one that stands on nothing or strikes a letter out."""
    seen, base = [" "], " "
    for char in parts:
        if char < "\u0300" or category(char) not in ("Mn", "Me"):
            seen.append(char)
            base = char
        elif base == " ":
            if seen[-1] == " " and char in _LIKE_QUOTES:
                seen[-1] = "'"
        elif char == _DOT and seen[-1] == "\u0131":
            seen[-1] = "i"
        elif not (_is_struck(base, char) or seen[-1] == char or (char, base) in _DOTTED):
            seen.append(char)
    return "".join(seen)


def _is_struck(base: str, char: str) -> bool:
    return base.isalnum() and (ord(char) in _STRUCK or category(char) == "Me")


def _first_word(called: str) -> str:
    """The alphabet of what is called so: ARABIC-INDIC digits are of the Arabic one."""
    return called.partition(" ")[0].partition("-")[0]
