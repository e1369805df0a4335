"""A payment card, of which only brand and last four digits are ever shown or kept."""

from __future__ import annotations

from typing import Final

from cartcli.errors import FixInput

# Issuer ranges (ISO/IEC 7812), as the brands publish them: the first four digits, from and to.
_BRANDS: Final = (
    ("visa", 4000, 4999),
    ("mastercard", 5100, 5599),
    ("mastercard", 2221, 2720),
    ("amex", 3400, 3499),
    ("amex", 3700, 3799),
    ("discover", 6011, 6011),
    ("discover", 6440, 6599),
    ("diners", 3000, 3059),
    ("diners", 3600, 3699),
    ("diners", 3800, 3999),
    ("jcb", 3528, 3589),
    ("unionpay", 6200, 6299),
)


class Card:
    """The card with `number`, written with or without blanks and hyphens.

    FixInput, without the number in it, when this is no text of 12 to 19 digits with a valid check
    digit.

    >>> Card("4242 4242 4242 4242")
    Card(visa ending in 4242)
    """

    __slots__ = ("number",)

    def __init__(self, number: str) -> None:
        given: object = number
        if not isinstance(given, str):
            kind = type(given).__name__
            raise FixInput(f"a card number is text, and not a {kind}", "This call charged nothing.")
        self.number = number.strip().replace(" ", "").replace("-", "")
        if not (self.number.isascii() and self.number.isdigit() and 12 <= len(self.number) <= 19):
            raise FixInput("a card number has 12 to 19 digits", "This call charged nothing.")
        if not check_digit_fits(self.number):
            raise FixInput(
                "the card number's check digit is wrong",
                "This call charged nothing. Compare the number with the card.",
            )

    @property
    def brand(self) -> str:
        """visa, mastercard, amex, discover, diners, jcb, unionpay, or just card."""
        return brand_of(self.number)

    @property
    def last4(self) -> str:
        """The last four digits."""
        return self.number[-4:]

    def __repr__(self) -> str:
        return f"Card({self.brand} ending in {self.last4})"


def brand_of(digits: str) -> str:
    """As `Card.brand`, of a number's digits."""
    start = int(digits[:4])
    return next((brand for brand, first, last in _BRANDS if first <= start <= last), "card")


def check_digit_fits(digits: str) -> bool:
    """The Luhn check of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) << (place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
