"""What a checkout freezes, and what proves a purchase."""

from datetime import datetime
from typing import NamedTuple

from cartcli.model.lines import Line
from cartcli.model.money import Money


class Attempt(NamedTuple):
    """One try to pay a cart, frozen when the cart is marked and never recomputed.

    `key` is the random idempotency key, `cart` the cart's id, `amount` what is charged.
    Of the card only `brand` and `last4` are kept.
    """

    key: str
    cart: str
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
