"""What a checkout freezes, what it may wait for, and what proves a purchase."""

from datetime import datetime
from typing import Literal, NamedTuple

from cartcli.model.lines import Line
from cartcli.model.money import Money
from cartcli.model.quote import Quote

How = Literal["bought now", "bought before", "settled an earlier attempt"]


class Waiting(NamedTuple):
    """It is the customer's or the bank's turn: nobody is charged yet, and it is not refused either.

    `why` says whose, `url` is where the customer acts, if anywhere, and `until` (UTC) when that
    ends.

    >>> Waiting("the customer pays", "https://pay.example/1").url
    'https://pay.example/1'
    """

    why: str
    url: str = ""
    until: datetime | None = None


class Attempt(NamedTuple):
    """One try to pay a cart, frozen when the cart is marked and never recomputed.

    `key` is the random idempotency key, `cart` the cart's id, `amount` what is charged: the total
    of the `quote`. `processor` names who charges it, and settling goes by that name. `reference`
    is the processor's own for this payment, and "" means that none was ever bound, so that nothing
    can have been charged. Of the payer's means only `brand` and `last4` are kept, each "" where
    they are not known yet. `waiting` is what the processor was last known to wait for.

    >>> attempt = shop.orders(alice)[0].attempt
    >>> (attempt.amount, attempt.processor)
    (Money('12.80', 'USD'), 'embedded')
    """

    key: str
    cart: str
    quote: Quote
    amount: Money
    processor: str
    reference: str
    brand: str
    last4: str
    created: datetime
    waiting: Waiting | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines as they are charged."""
        return self.quote.lines


class Receipt(NamedTuple):
    """Proof of a purchase: the payment, and the quote as it was when bought.

    `payment` is the processor's id of the capture, None when there was nothing to pay; `key` the
    idempotency key and `reference` the processor's, both of the attempt.

    >>> (receipt.amount, receipt.brand, receipt.last4)
    (Money('12.80', 'USD'), 'visa', '4242')
    """

    cart: str
    payment: str | None
    key: str
    reference: str
    amount: Money
    brand: str
    last4: str
    quote: Quote
    purchased: datetime

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines with their names and prices when they were bought."""
        return self.quote.lines


class Purchase(NamedTuple):
    """What a checkout came to: the receipt, and how it came about. What had changed since the
    lines were put in, `receipt.quote.was` tells: at the moment charged.

    >>> shop.buy_cart(alice, cart.id, Card("4242424242424242")).how
    'bought now'
    """

    receipt: Receipt
    how: How
