"""Card numbers in texts that are shown: masked, however they are written.

Somebody types a card where a cart, a SKU or a name should be, in groups, with dots, in full-width
digits, as several words, glued to an option or to an expiry date, and what is said of that must not
repeat it. So a card number here is what looks like one: digits of any script, with anything between
any two of them but letters. Ids, times, and amounts in a currency are none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from cartcli.payment.card import brand_of, check_digit_fits

MASK: Final = "a card number"
_FEWEST: Final = 12
_PART: Final = 7
_MOST: Final = 19
_ABSURD: Final = 60  # digits, of which there may be any number in a row
_SURE: Final = 15  # digits with a right check digit, whosever they are
_MISTYPED: Final = (15, 16, 17)  # digits of a brand, one of them too few or too many, or wrong
_LENGTHS: Final = {"visa": (13, 16, 19), "amex": (15,), "diners": (14, 16)}  # others have 16

# What `repr`, a URL and HTML make of blanks, and `ascii` of digits.
_ESCAPES: Final = (
    r"\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|[tnrvf])"
    r"|%(?:20|2[dDfF]|09|0[aAdD]|[cC]2%[aA]0)|&(?:nbsp|#32|#160);"
)
_DAY: Final = r"(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME: Final = r"[T ][012]\d:?[0-5]\d(?::?[0-6]\d(?:\.\d{1,9})?)?"
_NONE: Final = re.compile(
    r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}"  # a UUID
    rf"|(?<!\d){_DAY}(?:{_TIME})?(?!\d)"
    r"|(?P<amount>(?<![\d.,])\d{1,3}(?:,\d{3})+|(?<![\d.,])\d{1,15})(?:\.\d{1,4})? [A-Z]{3}\b"
    r"|(?P<id>(?<!\d)\d{1,64}(?:_\d{1,64})+)"  # perhaps
)
_GROUPS: Final = re.compile(r"\d+(?:(?:[\W_]{1,60}|[xX])\d+)*")


def masked(text: str, *, parts: bool = False, known: Iterable[str] = ()) -> str:
    """`text`, with words in place of every card number; with `parts` also of what may be the rest
    of one, of which the start went elsewhere. What is `known` to be something else, such as a SKU
    on sale, stays. Takes time in proportion to the text."""
    plain = _plain(text)
    if sum(map(str.isdigit, plain)) < (_PART if parts else _FEWEST):
        return text
    for word in filter(None, known):
        plain = plain.replace(_plain(word), "w" * len(word))
    plain = _NONE.sub(_blotted, plain)
    shown, end = "", 0
    for run in _GROUPS.finditer(plain):
        for first, last in _cards(run[0], parts=parts):
            shown += text[end : run.start() + first] + MASK
            end = run.start() + last
    return shown + text[end:]


def _plain(text: str) -> str:
    """`text`, character for character, with ASCII digits for those of all scripts, and with blanks
    for what stands for them."""
    if "\\" in text or "%" in text or "&" in text:
        text = re.sub(_ESCAPES, _unescaped, text)
    return text if text.isascii() else "".join(map(_ascii, text))


def _unescaped(found: re.Match[str]) -> str:
    code = int(next(filter(None, found.groups()), "20"), 16)
    char = _ascii(chr(code)) if code <= 0x10FFFF else " "
    return f"{char if char.isalnum() else ' '}{' ' * (len(found[0]) - 1)}"


def _ascii(char: str) -> str:
    """`char`, or the ASCII digit of its value: also of ² and ④."""
    value = unicodedata.digit(char, None)
    return char if value is None else str(value)


def _blotted(found: re.Match[str]) -> str:
    """What is no card number as letters; else as it is."""
    digits = re.sub(r"\D", "", found["amount"] or "")
    if _is_right(digits):
        return found[0]
    if found["id"]:
        groups = found["id"].split("_")
        if sum(map(len, groups)) <= _MOST or any(map(_holds_a_brands, groups)):
            return found[0]
    return "w" * len(found[0])


def _cards(run: str, *, parts: bool) -> Iterator[tuple[int, int]]:
    """Where card numbers begin and end in groups of digits, the longest first."""
    groups = [*re.finditer(r"\d+", run)]
    at = 0
    while at < len(groups):
        following = groups[at : at + _MOST]
        sizes = [*accumulate(len(group[0]) for group in following)]
        for count in range(len(sizes), 0, -1):
            size = sizes[count - 1]
            if (parts and _PART <= size <= _MOST) or (
                (count == 1 or _FEWEST <= size <= _MOST)
                and _is_card([group[0] for group in following[:count]])
            ):
                yield following[0].start(), following[count - 1].end()
                at += count
                break
        else:
            at += 1


def _is_card(groups: list[str]) -> bool:
    """Whether these groups of digits may be a card's number: one that would be charged, or one that
    is mistyped; or one group that has one in it, such as with an expiry date."""
    digits = "".join(groups)
    if len(groups) == 1 and _holds_a_brands(digits):
        return True
    if not _FEWEST <= len(digits) <= _MOST:
        return False
    if brand_of(digits) == "card":
        return len(digits) >= _SURE and check_digit_fits(digits)
    return len(digits) in _MISTYPED or check_digit_fits(digits)


def _holds_a_brands(group: str) -> bool:
    """Whether the `group` begins with a right number of a known brand, or has one anywhere if it is
    too long to be one number; or is perhaps one that is mistyped."""
    group = group.lstrip("0")
    if len(group) in _MISTYPED and brand_of(group) != "card":
        return True
    if len(group) > _ABSURD:
        return True
    starts = range(len(group) - _FEWEST + 1) if len(group) > _MOST else (0,)
    return any(
        _is_right(group[start : start + size])
        for start in starts
        for size in range(_FEWEST, min(_MOST, len(group) - start) + 1)
    )


def _is_right(digits: str) -> bool:
    """Whether these are a right number of a known brand, as long as that brand's are."""
    if len(digits) < _FEWEST or (brand := brand_of(digits)) == "card":
        return False
    return len(digits) in _LENGTHS.get(brand, (16,)) and check_digit_fits(digits)
