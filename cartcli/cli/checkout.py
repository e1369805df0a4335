"""cart checkout: buy a cart."""

from __future__ import annotations

import sys

import click

from cartcli.cli.app import App, ask_hidden, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_receipt
from cartcli.cli.params import CartRef, output_option
from cartcli.cli.text import is_terminal, line_note
from cartcli.errors import FixInput, GiveCard
from cartcli.model import Money

_MAX_CARD_INPUT = 256


@click.command(cls=Command)
@click.argument("cart", type=CartRef())
@click.option("--card", metavar="NUMBER|-", help="The card; - reads it from standard input.")
@click.option("--expect-total", metavar="AMOUNT", help="Charge this total or nothing.")
@output_option
@pass_app
def checkout(
    app: App, cart: str, card: str | None, expect_total: str | None, output: str | None
) -> None:
    """\b
    Examples:
      cart checkout 3f2a
      cart checkout 3f2a --card - <card.txt
      cart checkout 3f2a --card 4242424242424242 --expect-total 42.60 -o json

    Buy CART. On a terminal the card is asked for. A number after --card can be seen by other
    users of the machine while the command runs; --card - reads it from standard input.

    When the outcome of a payment is not known (exit status 8), the same command finds it out and
    never charges twice. A purchased cart gives its receipt again, whatever total is expected.
    """
    total = _total(app, expect_total)
    if card == "-":
        card = _read_card()
    elif card is not None:
        message("Warning: other users of this machine can see the card number; use --card -")
    _tell_changes(app, cart)
    try:
        receipt = app.shop.checkout_cart(app.identity, cart, card, expect_total=total)
    except GiveCard:
        if not is_terminal(sys.stdin):
            raise
        shown = app.shop.get_carts(app.identity, [cart])[0]
        message(f"Cart {shown.short_id} comes to {shown.total}.")
        card = ask_hidden("Card number")
        # What was shown is what may be charged, whatever happens to the cart while one types.
        total = total or shown.total
        receipt = app.shop.checkout_cart(app.identity, cart, card, expect_total=total)
    print_receipt(output or app.settings.output, receipt)


def _tell_changes(app: App, cart: str) -> None:
    """Say, before anything is charged, which prices are not those the lines were put in at."""
    for line in app.shop.get_carts(app.identity, [cart])[0].lines:
        if line.was:
            message(
                f"Note: the price of {line.name} ({line.sku}) {line_note(line)} to {line.price}."
            )


def _total(app: App, text: str | None) -> Money | None:
    try:
        return None if text is None else Money.parse(text, app.shop.currency)
    except ValueError as error:
        raise FixInput(f"--expect-total: {error}", "This command charged nothing.") from None


def _read_card() -> str:
    """The first line of standard input."""
    if sys.stdin is None:
        raise FixInput("standard input is closed", "This command charged nothing.")
    return sys.stdin.buffer.readline(_MAX_CARD_INPUT).decode(errors="replace")
