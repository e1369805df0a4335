"""cart checkout: buy a cart."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable
from typing import Final

import click

from cartcli.cli.app import App, ask_hidden, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_receipt
from cartcli.cli.params import Amount, CartId, output_option
from cartcli.cli.stdin import secret_line
from cartcli.cli.text import is_terminal, notes_of
from cartcli.errors import CartError, GiveCard
from cartcli.model.money import Money
from cartcli.model.order import Purchase, Receipt
from cartcli.model.quote import Quote
from cartcli.payment.card import Card

_MAX_CARD_INPUT = 256
_UNTOUCHED = "This command charged nothing."
_HOW: Final = {
    "bought before": "This cart was bought before; this command charged nothing.",
    "settled an earlier attempt": (
        "The payment that was begun before went through; nothing else was charged."
    ),
}


@click.command(cls=Command)
@click.argument("cart", type=CartId())
@click.option("--card", metavar="NUMBER|-", help="The card; - reads it from standard input.")
@click.option("--expect-total", type=Amount(_UNTOUCHED), help="Charge this total or nothing.")
@output_option
@pass_app
def checkout(
    app: App, cart: str, card: str | None, expect_total: Money | None, output: str | None
) -> None:
    """\b
    Examples:
      cart checkout 3f2a
      cart checkout 3f2a --card - <card.txt
      cart checkout 3f2a --card 4242424242424242 --expect-total 42.60 -o json

    Buy CART at today's prices; which of them have changed is told on standard error. On a terminal
    the card is asked for; a cart that comes to nothing needs none. A number after --card can be
    seen by other users of the machine while the command runs; --card - reads it from standard
    input.

    When the outcome of a payment is not known, or somebody has to act first (exit status 8), the
    same command finds it out and never charges twice. A purchased cart gives its receipt again,
    whatever total is expected.
    """
    if card == "-":
        card = secret_line(_MAX_CARD_INPUT, _UNTOUCHED)
    elif card is not None:
        message("Warning: other users of this machine can see the card number; use --card -")
    told: list[str] = []
    try:
        bought = app.shop.buy_cart(app.identity, cart, _source(card), expect_total=expect_total)
    except GiveCard:
        if not is_terminal(sys.stdin):
            raise
        told, bought = _on_terminal(app, cart, expect_total)
    if bought.how in _HOW:
        message(_HOW[bought.how])
    _tell(note for note in _changes(bought.receipt.quote) if note not in told)
    _print(output or app.settings.output, bought.receipt)


def _print(output: str, receipt: Receipt) -> None:
    """Print the receipt; CartError when nobody can take it, but for a reader that has gone."""
    try:
        print_receipt(output, receipt)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise CartError(
            f"the receipt could not be printed: {error.strerror or error}",
            "The cart is bought, and its receipt is kept: the same command prints it again, and"
            " charges nothing.",
            cart=receipt.cart,
        ) from None


def _on_terminal(app: App, cart: str, expected: Money | None) -> tuple[list[str], Purchase]:
    """Show what CART comes to, and ask for the card: which changes were told, and the purchase."""
    (shown,) = app.shop.get_carts(app.identity, [cart])
    told = _changes(shown.quote)
    _tell(told)
    message(f"Cart {shown.short_id} comes to {shown.total}.")
    # What was shown is what may be charged, whatever happens to the cart while one types.
    total = expected or shown.total
    source = _source(ask_hidden("Card number"))
    return told, app.shop.buy_cart(app.identity, shown.id, source, expect_total=total)


def _source(card: str | None) -> Card | None:
    return None if card is None else Card(card)


def _changes(quote: Quote) -> list[str]:
    """Which prices are not those the lines were put in at."""
    notes = notes_of(quote)
    return [
        f"Note: the price of {line.name} ({line.sku}) {notes[line.sku]} to {line.price}."
        for line in quote.lines
        if line.sku in notes and line.sku not in quote.unsold
    ]


def _tell(notes: Iterable[str]) -> None:
    for note in notes:
        message(note)
