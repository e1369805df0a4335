"""Money: exact decimal amounts, each in one currency."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from operator import index
from typing import Final, NoReturn, SupportsIndex

from cartcli.errors import FixInput
from cartcli.model.currencies import DECIMALS, currency_code

# Sums of any real cart are exact in 60 digits; one that is not raises, never rounds.
_EXACT: Final = Context(prec=60, traps=[Inexact, InvalidOperation])
_ROUNDING: Final = Context(prec=120)  # more digits than any amount that is looked at
_MOST_UNITS: Final = 2**53 - 1  # as many minor units as every program can count, JavaScript too
_MOST: Final = Decimal(9 * 10**14)
TOTAL_DIGITS: Final = 15  # before the point, of the largest total
_LONGEST: Final = 40  # digits
_OF_NUMBERS: Final = tuple(",eEfFgGn%")  # formats end in these
_UNITS: Final = {decimals: Decimal(1).scaleb(-decimals) for decimals in {*DECIMALS.values()}}
_most: Final[dict[str, "Money"]] = {}  # by currency


class Money:
    """An exact decimal amount, zero or more, in one ISO 4217 currency. Equal amounts are written
    alike: with the decimals of the currency's minor unit, and as many more as they need.

    Takes a `Decimal`, an `int` or a plain decimal string ("39.47"). Floats, NaN, infinities,
    negative amounts and unknown currencies raise FixInput; so does adding or comparing
    two currencies. `sum` adds up any number of them; a format for numbers, such as `,.2f`, formats
    the amount, and any other the whole text.

    >>> sum([Money("8.90", "EUR"), Money("0.1", "EUR")])
    Money('9.00', 'EUR')
    """

    __slots__ = ("amount", "currency")  # by hand: dataclasses take milliseconds to import
    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal | int | str, currency: str) -> None:
        if isinstance(amount, bool) or not isinstance(amount, (Decimal, int, str)):
            raise FixInput(f"money needs a decimal, not the {type(amount).__name__} {amount!r}")
        if isinstance(amount, str) and not _is_decimal(amount, _LONGEST, _LONGEST):
            raise FixInput(f"{amount!r} is not a plain decimal number")
        value = Decimal(amount)
        if not value.is_finite() or value < 0:
            raise FixInput(f"{amount!r} is not an amount of money: it must be zero or more")
        unit = _unit_of(currency)
        if not value.same_quantum(unit) or value.adjusted() > _LONGEST // 2:  # hardly any
            _check_digits(value)
            value = _written(value, unit)
            _check_digits(value)
        object.__setattr__(self, "amount", value.copy_abs())  # zero has no sign
        object.__setattr__(self, "currency", currency)

    @classmethod
    def parse(cls, text: str, currency: str, *, digits: int = 12) -> "Money":
        """A price as people write it: at most so many `digits` before the point and 4 after it.
        With TOTAL_DIGITS also whatever a total may come to."""
        if not text:
            raise FixInput("the amount is empty")
        if text.startswith("-"):
            raise FixInput(f"the amount {text!r} is negative")
        if not _is_decimal(text, digits, 4):
            raise FixInput(
                f"{text!r} is not a plain decimal"
                f" (at most {digits} digits before the point and 4 after it)"
            )
        return cls(Decimal(text), currency)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Money is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Money is frozen: {name} cannot be deleted")

    def __reduce__(self) -> "tuple[type[Money], tuple[Decimal, str]]":
        return Money, (self.amount, self.currency)

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(_EXACT.add(self.amount, _amount_in(self.currency, other)), self.currency)

    def __radd__(self, other: int) -> "Money":
        """For `sum`, which begins at 0."""
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def __mul__(self, quantity: SupportsIndex) -> "Money":
        try:
            times = Decimal(whole_number(quantity))
        except TypeError:
            kind = type(quantity).__name__
            raise FixInput(f"money is multiplied by whole numbers only, not by a {kind}") from None
        return Money(_EXACT.multiply(self.amount, times), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount < _amount_in(self.currency, other)

    def __le__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount <= _amount_in(self.currency, other)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount == other.amount and self.currency == other.currency

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

    def __repr__(self) -> str:
        return f"Money({self.decimal!r}, {self.currency!r})"

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    def __format__(self, spec: str) -> str:
        return format(self.amount if spec.endswith(_OF_NUMBERS) else str(self), spec)

    @property
    def decimal(self) -> str:
        """The amount as a decimal string with at least the currency's decimals: "49.50"."""
        text = str(self.amount)
        return f"{self.amount:f}" if "E" in text else text

    def rounded(self) -> "Money":
        """The amount that can be charged: half up, to the currency's minor unit."""
        return Money(_rounded(self.amount, self.currency), self.currency)


def whole_number(value: object) -> int:
    """`value` as a plain number if it is a whole one, of whichever type, such as `numpy.int64`.
    TypeError for anything else, and for true and false."""
    if isinstance(value, bool):
        raise TypeError("a truth value is no number")
    return index(value)  # type: ignore[arg-type]


def most_in(currency: str) -> Money:
    """The largest amount that a line or a total may come to: 2^53 - 1 minor units, and 9 * 10^14
    of the `currency`."""
    known = _most.get(currency)
    if known is None:
        units = _EXACT.multiply(Decimal(_MOST_UNITS), _unit_of(currency))
        known = _most[currency] = Money(min(_MOST, units), currency)
    return known


def exact_total(priced: Iterable[tuple[Money, int]], currency: str) -> Money:
    """The exact sum of price times quantity, rounded once, half up, to the minor unit of
    `currency`. FixInput when a price is in another currency."""
    exact = Decimal(0)
    for price, quantity in priced:
        # Multiplied and added in one step: a product of its own would cost a second one.
        exact = _EXACT.fma(_amount_in(currency, price), Decimal(quantity), exact)
    return Money(_rounded(exact, currency), currency)


def _is_decimal(text: str, before: int, after: int) -> bool:
    """Whether these are ASCII digits, at most so many before the point and after it, if there is
    one. Without a pattern: to compile it would take longer than all that a command looks at."""
    whole, point, fraction = text.partition(".")
    return (
        text.isascii()
        and whole.isdigit()
        and len(whole) <= before
        and (not point or (fraction.isdigit() and len(fraction) <= after))
    )


def _amount_in(currency: str, money: Money) -> Decimal:
    """The amount of `money`; FixInput unless it is in this currency."""
    if money.currency != currency:
        raise FixInput(f"{currency} and {money.currency} do not mix")
    return money.amount


def _unit_of(currency: str) -> Decimal:
    """The minor unit of this `currency`; FixInput when there is no such currency."""
    return _UNITS[DECIMALS[currency_code(currency)]]


def _rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` to the minor unit, half up."""
    return _to_unit(amount, _unit_of(currency))


def _check_digits(amount: Decimal) -> None:
    """FixInput when `amount` has more digits, or a larger exponent, than any real amount has, so
    that sums stay exact and no hostile one fills the memory."""
    _, digits, exponent = amount.as_tuple()
    if len(digits) > _LONGEST or abs(int(exponent)) > _LONGEST:
        raise FixInput(f"an amount of money has at most {_LONGEST} digits")


def _written(amount: Decimal, unit: Decimal) -> Decimal:
    """`amount` with the decimals of its minor unit, and more only where they are no zeros."""
    least = _to_unit(amount, unit)
    return least if least == amount else amount.normalize(_ROUNDING)


def _to_unit(amount: Decimal, unit: Decimal) -> Decimal:
    return amount.quantize(unit, ROUND_HALF_UP, _ROUNDING)
