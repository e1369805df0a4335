"""Items on sale, lines of a cart, and their quantities: whole numbers from 1 to `MAX_QUANTITY`."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from cartcli.errors import FixInput
from cartcli.model.money import Money, exact_total, whole_number

MAX_QUANTITY: Final = 999_999
LONGEST_SKU: Final = 1_000  # characters
_MOST_TOLD: Final = 10**20
_PLAIN: Final = (str, float, bool, type(None))  # what people read as they are


class Item(NamedTuple):
    """What the shop sells: one row of the catalogue.

    >>> shop.get_catalog(["sencha"])[0].price
    Money('12.80', 'USD')
    """

    sku: str
    name: str
    price: Money
    description: str


class Line(NamedTuple):
    """One SKU in a cart, with its name and price: in a cart those at which it was put in, in a
    quote those that are charged.

    >>> (cart.lines[0].quantity, cart.lines[0].total)
    (2, Money('17.80', 'USD'))
    """

    sku: str
    name: str
    price: Money
    quantity: int

    @classmethod
    def of(cls, item: Item, quantity: int) -> "Line":
        """`quantity` of `item` at its price; FixInput when it is not from 1 to 999,999."""
        return cls(item.sku, item.name, item.price, check_quantity(quantity))

    @property
    def total(self) -> Money:
        """Price times quantity, exact."""
        return self.price * self.quantity


def same_sku(sku: str) -> str:
    """The one form of a SKU in which all are compared, however it was typed: NFC. What is longer
    than any SKU stays as it is."""
    if sku.isascii() or len(sku) > LONGEST_SKU:
        return sku
    from unicodedata import normalize  # few SKUs need a table

    return normalize("NFC", sku)


def parse_quantity(text: str) -> int:
    """A quantity as people write it: ASCII digits, from 1 to 999,999."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise FixInput(f"the quantity {text!r} is not a whole number from 1 to 999,999")
    return check_quantity(int(text))


def check_quantity(quantity: object) -> int:
    """`quantity`, as a plain number, when it is one; FixInput otherwise."""
    if type(quantity) is int and 1 <= quantity <= MAX_QUANTITY:  # as nearly all are
        return quantity
    try:
        number = whole_number(quantity)
    except TypeError:
        told = repr(quantity) if isinstance(quantity, _PLAIN) else f"a {type(quantity).__name__}"
        raise FixInput(f"the quantity {told} is not a whole number from 1 to 999,999") from None
    if not 1 <= number <= MAX_QUANTITY:
        told = str(number) if abs(number) < _MOST_TOLD else "given"
        raise FixInput(f"the quantity {told} is not a whole number from 1 to 999,999")
    return number


def charged_total(lines: Iterable[Line], currency: str) -> Money:
    """What `lines` come to: their exact sum, rounded once. FixInput when a price is in another
    currency than `currency`, or a quantity is none."""
    return exact_total([(line.price, check_quantity(line.quantity)) for line in lines], currency)
