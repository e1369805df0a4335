"""The payer's means. Only the embedded processor ever sees the number of a card.

Each has a `brand` and `last4`, to be shown; "" where they are not known.
"""

from __future__ import annotations

from cartcli.payment.card import Card


class _Means:
    """Means of which nothing can be shown."""

    brand = ""
    last4 = ""


class Token(_Means):
    """What a remote processor has made of a card, such as `pm_…`, in `value`.

    >>> Token("pm_1")
    Token(<hidden>)
    """

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Token(<hidden>)"


class HostedPage(_Means):
    """A page of the processor's own, where the customer pays.

    >>> HostedPage().last4
    ''
    """


class Nothing(_Means):
    """Nothing is needed, because the cart comes to nothing."""


Source = Card | Token | HostedPage | Nothing
