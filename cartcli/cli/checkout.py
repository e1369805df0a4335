"""cart checkout: buy a cart."""

from __future__ import annotations

import sys

import click

from cartcli.cli.app import App, ask_hidden, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_receipt
from cartcli.cli.params import Amount, CartId, output_option
from cartcli.cli.stdin import secret_line
from cartcli.cli.text import is_terminal, line_note
from cartcli.errors import GiveCard
from cartcli.model.cart import Cart
from cartcli.model.money import Money

_MAX_CARD_INPUT = 256
_UNTOUCHED = "This command charged nothing."


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

    Buy CART. On a terminal the card is asked for. A number after --card can be seen by other
    users of the machine while the command runs; --card - reads it from standard input.

    When the outcome of a payment is not known (exit status 8), the same command finds it out and
    never charges twice. A purchased cart gives its receipt again, whatever total is expected.
    """
    if card == "-":
        card = secret_line(_MAX_CARD_INPUT, _UNTOUCHED).decode(errors="replace")
    elif card is not None:
        message("Warning: other users of this machine can see the card number; use --card -")
    (shown,) = app.shop.get_carts(app.identity, [cart])
    _tell_changes(shown)
    try:
        receipt = app.shop.checkout_cart(app.identity, shown.id, card, expect_total=expect_total)
    except GiveCard:
        if not is_terminal(sys.stdin):
            raise
        (shown,) = app.shop.get_carts(app.identity, [shown.id])
        message(f"Cart {shown.short_id} comes to {shown.total}.")
        card = ask_hidden("Card number")
        # What was shown is what may be charged, whatever happens to the cart while one types.
        total = expect_total or shown.total
        receipt = app.shop.checkout_cart(app.identity, shown.id, card, expect_total=total)
    print_receipt(output or app.settings.output, receipt)


def _tell_changes(cart: Cart) -> None:
    """Say, before anything is charged, which prices are not those the lines were put in at."""
    for line in cart.lines:
        if line.was:
            message(
                f"Note: the price of {line.name} ({line.sku}) {line_note(line)} to {line.price}."
            )
