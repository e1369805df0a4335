"""Card numbers in texts that are shown: masked, however they are written.

Somebody types a card where a cart, a SKU or a name should be, in groups, with dots, in full-width
digits, as several words or glued to an option, and what is said of that must not repeat it. So a
card number here is what looks like one: its digits, with up to eight characters between any two of
them that are neither letters nor digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from cartcli.payment.card import brand_of, check_digit_fits

MASK: Final = "a card number"
_FEWEST: Final = 12
_PART: Final = 7
_MOST: Final = 19
_SURE: Final = 15  # digits with a right check digit, whosever they are
_ESCAPES: Final = r"\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|[tnr])"  # what `repr` makes of blanks
_IDS: Final = r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\d+(?:_\d+)+"
_GROUPS: Final = r"\d+(?:[\W_]{1,8}\d+)*"


def masked(text: str, *, parts: bool = False, known: Iterable[str] = ()) -> str:
    """`text`, with words in place of every card number; with `parts` also of what may be the rest
    of one, of which the start went elsewhere. What is `known` to be something else, such as a SKU
    on sale, stays."""
    if sum(map(str.isdecimal, text)) < (_PART if parts else _FEWEST):
        return text
    plain = re.sub(_ESCAPES, lambda found: " " * len(found[0]), text)
    plain = re.sub(_IDS, _blotted, plain)
    for word in filter(None, known):
        plain = plain.replace(word, "x" * len(word))
    shown, end = "", 0
    for run in re.finditer(_GROUPS, plain):
        for first, last in _cards(run[0], parts=parts):
            shown += text[end : run.start() + first] + MASK
            end = run.start() + last
    return shown + text[end:]


def _blotted(found: re.Match[str]) -> str:
    """An id, or a name made of more digits than a card has, as letters; else as it is."""
    digits = sum(map(str.isdecimal, found[0]))
    return "x" * len(found[0]) if digits > _MOST or "-" in found[0] else found[0]


def _cards(run: str, *, parts: bool) -> Iterator[tuple[int, int]]:
    """Where card numbers begin and end in groups of digits, the longest first."""
    groups = [*re.finditer(r"\d+", run)]
    while groups:
        sizes = [*accumulate(len(group[0]) for group in groups[:_MOST])]
        for count in range(len(sizes), 0, -1):
            size = sizes[count - 1]
            part = parts and size >= _PART
            if size <= _MOST and (part or (size >= _FEWEST and _is_card(groups[:count]))):
                yield groups[0].start(), groups[count - 1].end()
                break
        else:
            count = 1
        del groups[:count]


def _is_card(groups: list[re.Match[str]]) -> bool:
    """Whether this may be a card's number: one that would be charged, or one that is mistyped."""
    digits = "".join(str(int(digit)) for group in groups for digit in group[0])
    if brand_of(digits) == "card":
        return len(digits) >= _SURE and check_digit_fits(digits)
    return len(digits) in (15, 16) or check_digit_fits(digits)
