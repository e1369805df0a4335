"""A payment card, of which only brand and last four digits are ever shown or kept."""

from __future__ import annotations

import re
from typing import Final

from cartcli.errors import FixInput

_NUMBER: Final = re.compile("[0-9]{12,19}")

# Issuer ranges (ISO/IEC 7812), as the brands publish them.
_BRANDS: Final = re.compile(
    "(?P<visa>4)"
    "|(?P<mastercard>5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)"
    "|(?P<amex>3[47])"
    "|(?P<discover>6011|65|64[4-9])"
    "|(?P<diners>30[0-5]|36|3[89])"
    "|(?P<jcb>352[89]|35[3-8])"
    "|(?P<unionpay>62)"
)


class Card:
    """The card with `number`, written with or without blanks and hyphens.

    FixInput, without the number in it, when this is not 12 to 19 digits with a valid check digit.
    """

    __slots__ = ("number",)

    def __init__(self, number: str) -> None:
        self.number = number.strip().replace(" ", "").replace("-", "")
        if not _NUMBER.fullmatch(self.number):
            raise FixInput("a card number has 12 to 19 digits", "This call charged nothing.")
        if not _check_digit_fits(self.number):
            raise FixInput(
                "the card number's check digit is wrong",
                "This call charged nothing. Compare the number with the card.",
            )

    @property
    def brand(self) -> str:
        """visa, mastercard, amex, discover, diners, jcb, unionpay, or just card."""
        found = _BRANDS.match(self.number)
        return (found and found.lastgroup) or "card"

    @property
    def last4(self) -> str:
        """The last four digits."""
        return self.number[-4:]

    def __repr__(self) -> str:
        return f"Card({self.brand} ending in {self.last4})"


def _check_digit_fits(digits: str) -> bool:
    """The Luhn check of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) << (place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
