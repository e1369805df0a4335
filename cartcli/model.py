"""The shop's values: frozen, and each does its own sums.

Money is decimal in the shop's currency, times are UTC, quantities are whole
numbers from 1 to `MAX_QUANTITY`. A rule that is broken raises `ValueError`
with a sentence fit to show to a user.

Most values are named tuples: a tenth of the start-up time of data classes. Their annotations are
evaluated at once, because named tuples are slow to make of postponed ones.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from typing import Final, Literal, NamedTuple, NoReturn

MAX_QUANTITY: Final = 999_999
MAX_NAME_BYTES: Final = 80

# ISO 4217, list one (active codes), by the number of decimals of the minor unit.
_MINOR_UNITS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN"
    " BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP"
    " GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT"
    " LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN"
    " NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE"
    " SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES"
    " WST XXX YER ZAR ZMW ZWG",
}
_DECIMALS: Final = {code: n for n, codes in _MINOR_UNITS.items() for code in codes.split()}

# Sums of any real cart are exact in 60 digits; one that is not raises, never rounds.
_EXACT: Final = Context(prec=60, traps=[Inexact, InvalidOperation])
_ROUNDING: Final = Context(prec=60)
_DECIMAL: Final = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?", re.ASCII)


class Money:
    """An exact decimal amount, zero or more, in one ISO 4217 currency.

    Takes a `Decimal`, an `int` or a plain decimal string ("39.47"). Floats, NaN, infinities,
    negative amounts and unknown currencies raise ValueError; so does adding or comparing
    two currencies.
    """

    __slots__ = ("amount", "currency")
    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal | int | str, currency: str) -> None:
        if isinstance(amount, bool) or not isinstance(amount, (Decimal, int, str)):
            raise ValueError(f"money needs a decimal, not the {type(amount).__name__} {amount!r}")
        if isinstance(amount, str) and not _DECIMAL.fullmatch(amount):
            raise ValueError(f"{amount!r} is not a plain decimal number")
        value = Decimal(amount)
        if not value.is_finite() or value < 0:
            raise ValueError(f"{amount!r} is not an amount of money: it must be zero or more")
        _, digits, exponent = value.as_tuple()
        if len(digits) > 40 or abs(int(exponent)) > 40:
            raise ValueError(f"an amount of money has at most 40 digits, not those of {amount!r}")
        object.__setattr__(self, "amount", value.copy_abs())
        object.__setattr__(self, "currency", currency_code(currency))

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """A price as people write it: at most 12 digits before the point and 4 after it."""
        if not text:
            raise ValueError("the amount is empty")
        if text.startswith("-"):
            raise ValueError(f"the amount {text!r} is negative")
        if not _AMOUNT.fullmatch(text):
            raise ValueError(
                f"{text!r} is not a plain decimal"
                " (at most 12 digits before the point and 4 after it)"
            )
        return cls(text, currency)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Money is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Money is frozen: {name} cannot be deleted")

    def __reduce__(self) -> "tuple[type[Money], tuple[Decimal, str]]":
        return Money, (self.amount, self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(_EXACT.add(self.amount, _amount_in(self.currency, other)), self.currency)

    def __mul__(self, quantity: int) -> "Money":
        if isinstance(quantity, bool) or not isinstance(quantity, int):
            raise ValueError(f"money is multiplied by whole numbers only, not by {quantity!r}")
        return Money(_EXACT.multiply(self.amount, Decimal(quantity)), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < _amount_in(self.currency, other)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return (self.amount, self.currency) == (other.amount, other.currency)

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

    def __repr__(self) -> str:
        return f"Money({self.decimal!r}, {self.currency!r})"

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    @property
    def decimal(self) -> str:
        """The amount as a decimal string with at least the currency's decimals: "49.50"."""
        whole, _, fraction = f"{self.amount:f}".partition(".")
        fraction = fraction.ljust(_DECIMALS[self.currency], "0")
        return f"{whole}.{fraction}" if fraction else whole

    def rounded(self) -> "Money":
        """The amount that can be charged: half up, to the currency's minor unit."""
        return Money(_rounded(self.amount, self.currency), self.currency)


def currency_code(text: str) -> str:
    """`text` as an ISO 4217 code; ValueError when there is no such currency."""
    if text not in _DECIMALS:
        raise ValueError(f"{text!r} is not an ISO 4217 currency code such as USD")
    return text


def parse_quantity(text: str) -> int:
    """A quantity as people write it: ASCII digits, from 1 to 999,999."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise ValueError(f"the quantity {text!r} is not a whole number from 1 to 999,999")
    return check_quantity(int(text))


def check_quantity(quantity: int) -> int:
    """`quantity` when it is one; ValueError otherwise."""
    whole = isinstance(quantity, int) and not isinstance(quantity, bool)
    if not whole or not 1 <= quantity <= MAX_QUANTITY:
        raise ValueError(f"the quantity {quantity!r} is not a whole number from 1 to 999,999")
    return quantity


class Identity:
    """Who a user is. A program that has authenticated its user itself makes one: Identity("alice").

    Names are compared after NFKC and case folding, so `Alice` and `alice` are one user. A name is
    1 to 80 bytes of UTF-8 in that form, without control characters; others raise ValueError.
    """

    __slots__ = ("user",)
    user: str

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "user", _canonical(name))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Identity is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Identity is frozen: {name} cannot be deleted")

    def __reduce__(self) -> "tuple[type[Identity], tuple[str]]":
        return Identity, (self.user,)

    def __eq__(self, other: object) -> bool:
        return self.user == other.user if isinstance(other, Identity) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.user)

    def __repr__(self) -> str:
        return f"Identity({self.user!r})"


def _canonical(name: str) -> str:
    """The form in which names are compared: folded until folding changes nothing any more."""
    if len(name) > MAX_NAME_BYTES:
        raise ValueError(f"the user name is longer than {MAX_NAME_BYTES} bytes")
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    while (again := unicodedata.normalize("NFKC", folded).casefold()) != folded:
        folded = again
    if not folded:
        raise ValueError("the user name is empty")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") for char in folded):
        raise ValueError(f"the user name {name!r} contains a control or unassigned character")
    if len(folded.encode()) > MAX_NAME_BYTES:
        raise ValueError(f"the user name is longer than {MAX_NAME_BYTES} bytes")
    return folded


class Item(NamedTuple):
    """What the shop sells: one row of the catalogue."""

    sku: str
    name: str
    price: Money
    description: str


class Line(NamedTuple):
    """One SKU in a cart, with its name and price.

    A line of an open cart that is shown carries today's price; `was` is then the price at which it
    was put in, if that was another, and `sold` whether the catalogue still has it.
    """

    sku: str
    name: str
    price: Money
    quantity: int
    was: Money | None = None
    sold: bool = True

    @classmethod
    def of(cls, item: Item, quantity: int) -> "Line":
        """`quantity` of `item` at its price; ValueError when it is not from 1 to 999,999."""
        return cls(item.sku, item.name, item.price, check_quantity(quantity))

    @property
    def total(self) -> Money:
        """Price times quantity, exact."""
        return self.price * self.quantity


State = Literal["open", "pending", "purchased"]


class Attempt(NamedTuple):
    """One try to pay a cart, frozen when the cart is marked and never recomputed.

    `key` is the random idempotency key, `order` the cart's id, `amount` what is charged.
    Of the card only `brand` and `last4` are kept.
    """

    key: str
    order: str
    lines: tuple[Line, ...]
    amount: Money
    brand: str
    last4: str
    created: datetime


class Receipt(NamedTuple):
    """Proof of a purchase: the payment, and the lines as they were when bought.

    `payment` is the processor's id of the capture and `key` its idempotency key.
    """

    cart: str
    payment: str
    key: str
    amount: Money
    brand: str
    last4: str
    lines: tuple[Line, ...]
    purchased: datetime


class Cart(NamedTuple):
    """A user's cart. `open` can change, `pending` waits for its payment, `purchased` is final.

    A pending cart carries its `attempt`, a purchased one its `receipt`.
    """

    id: str
    user: str
    state: State
    lines: tuple[Line, ...]
    currency: str
    created: datetime
    updated: datetime
    attempt: Attempt | None = None
    receipt: Receipt | None = None

    @property
    def short_id(self) -> str:
        """The id as people see it."""
        return short_id(self.id)

    @property
    def contents(self) -> dict[str, int]:
        """SKU to quantity."""
        return {line.sku: line.quantity for line in self.lines}

    @property
    def total(self) -> Money:
        """What a checkout charges: the exact sum, rounded once."""
        return charged_total(self.lines, self.currency)


def short_id(cart_id: str) -> str:
    """As much of a cart's id as people need to tell it from their other carts."""
    return cart_id[:8]


def charged_total(lines: Iterable[Line], currency: str) -> Money:
    """The exact sum of `lines`, rounded once, half up, to the minor unit of `currency`. ValueError
    when a price is in another currency, or a quantity is none."""
    exact = Decimal(0)
    for line in lines:
        price, quantity = _amount_in(currency, line.price), check_quantity(line.quantity)
        exact = _EXACT.fma(price, Decimal(quantity), exact)
    return Money(_rounded(exact, currency), currency)


def _amount_in(currency: str, money: Money) -> Decimal:
    """The amount of `money`; ValueError unless it is in this currency."""
    if money.currency != currency:
        raise ValueError(f"{currency} and {money.currency} do not mix")
    return money.amount


def _rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` to the minor unit, half up."""
    unit = Decimal((0, (1,), -_DECIMALS[currency_code(currency)]))
    return amount.quantize(unit, ROUND_HALF_UP, _ROUNDING)


def utc_now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


def rfc3339(time: datetime) -> str:
    """`time` as RFC 3339 in UTC with microseconds: 2026-11-23T09:30:00.000000Z."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def parse_time(text: str) -> datetime:
    """The time that `rfc3339` wrote; ValueError for any other text."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None or rfc3339(time) != text:
        raise ValueError(f"{text!r} is not a time in UTC")
    return time
