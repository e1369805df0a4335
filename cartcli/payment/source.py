"""The payer's means. Only the embedded processor ever sees the number of a card.

Each has a `brand` and `last4`, to be shown; "" where they are not known.
"""

from typing import NamedTuple

from cartcli.payment.card import Card


class Token(NamedTuple):
    """What a remote processor has made of a card, such as `pm_…`."""

    value: str
    brand = last4 = ""

    def __repr__(self) -> str:
        return "Token(<hidden>)"


class HostedPage(NamedTuple):
    """A page of the processor's own, where the customer pays."""

    brand = last4 = ""


class Nothing(NamedTuple):
    """Nothing is needed, because the cart comes to nothing."""

    brand = last4 = ""


Source = Card | Token | HostedPage | Nothing
