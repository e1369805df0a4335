"""What text looks like: characters that nobody sees, and letters that look like others.

The invisible ones are those of the property Default_Ignorable_Code_Point (Unicode 16.0,
DerivedCoreProperties.txt), with the blank pattern of Braille and the null notehead. Which letters
look alike is taken from confusables.txt (UTS #39), as far as the commonest alphabets go.
"""

from __future__ import annotations

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
# Alphabets of which many letters look like those of another one; by how their letters are called.
_ALIKE: Final = frozenset(("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"))
_CYRILLIC: Final = str.maketrans(
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0430\u0435\u0455\u0456\u0458\u043e\u0440\u0441\u0443\u0445\u0501\u04bb\u051b\u051d",
    "ABESIJKMHOPCTYXaesijopcyxdhqw",
)
_GREEK: Final = str.maketrans(
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03f2",
    "ABEZHIKMNOPTYXovc",
)


def is_invisible(char: str) -> bool:
    """Whether nobody sees `char`, though it may count as printable."""
    code = ord(char)
    return any(code in span for span in _INVISIBLE)


def alphabets(text: str) -> frozenset[str]:
    """Those alphabets of the letters in `text` that are easily taken for one another."""
    letters = (char for char in text if category(char).startswith("L"))
    return _ALIKE & {name(char, "").partition(" ")[0] for char in letters}


def look_of(text: str) -> str:
    """One text for all that look like `text`, in the same case."""
    folded = "".join(char for char in normalize("NFKC", text) if not is_invisible(char))
    return folded.translate(_CYRILLIC).translate(_GREEK)
