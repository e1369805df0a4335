"""What the means of payment show of themselves."""

from __future__ import annotations

import pytest

from cartcli.payment.card import Card
from cartcli.payment.source import HostedPage, Nothing, Source, Token


def test_a_token_is_never_shown() -> None:
    token = Token("pm_secret")
    for shown in (repr(token), str(token), f"{token}", f"{[token]!r}"):
        assert "secret" not in shown
    assert token.value == "pm_secret"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (Card("5555555555554444"), ("mastercard", "4444")),
        (Token("pm_1"), ("", "")),
        (HostedPage(), ("", "")),
        (Nothing(), ("", "")),
    ],
    ids=["card", "token", "page", "nothing"],
)
def test_only_a_card_has_something_to_show(source: Source, shown: tuple[str, str]) -> None:
    assert (source.brand, source.last4) == shown
