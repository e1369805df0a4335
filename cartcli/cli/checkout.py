"""cart checkout: buy a cart."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from cartcli.cli.amounts import Amount
from cartcli.cli.app import App, ask_hidden, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.means import UNTOUCHED, means_of, means_options
from cartcli.cli.output import print_cart, print_receipt
from cartcli.cli.params import CartId, dry_run_option
from cartcli.cli.text import may_ask
from cartcli.errors import CartError, GiveCard, ReviewCart
from cartcli.model.cart import Cart
from cartcli.model.money import Money
from cartcli.model.order import Purchase, Receipt
from cartcli.model.quote import Quote
from cartcli.payment.card import Card

if TYPE_CHECKING:
    from cartcli.payment.source import Source

_HOW: Final = {
    "bought before": "This cart was bought before; this command charged nothing.",
    "settled an earlier attempt": (
        "The payment that was begun before went through; nothing else was charged."
    ),
}


@click.command(cls=Command)
@click.argument("cart", type=CartId())
@means_options
@click.option("--expect-total", type=Amount(UNTOUCHED), help="Charge this total or nothing.")
@dry_run_option
@pass_app
def checkout(
    app: App,
    cart: str,
    card: str | None,
    card_file: str | None,
    token: str | None,
    expect_total: Money | None,
    dry_run: bool,
) -> None:
    """\b
    Examples:
      cart checkout 3f2a
      cart checkout 3f2a --card-file card.txt
      cart checkout 3f2a --card 4242424242424242 --expect-total 42.60 -o json
      cart checkout 3f2a --dry-run

    Buy CART at today's prices; which of them have changed is told on standard error. On a terminal
    the card is asked for; a cart that comes to nothing needs none. A number after --card can be
    seen by other users of the machine while the command runs; --card - reads it from standard
    input, --card-file has it in a file. A remote processor takes a --token in place of it.

    When the outcome of a payment is not known, or somebody has to act first (exit status 8), the
    same command finds it out and never charges twice. A purchased cart gives its receipt again,
    with exit status 6 if another total was expected.
    """
    notes = _Notes()
    if dry_run:
        _try(app, cart, expect_total, notes)
        return
    source = means_of(card, card_file, token)
    output = app.output
    try:
        bought = _bought(app, cart, source, expect_total, notes)
    except ReviewCart as error:
        receipt = error.facts.get("receipt")
        if isinstance(receipt, Receipt):
            _print(output, receipt)
        raise
    if bought.how in _HOW:
        message(_HOW[bought.how])
    notes.tell_of(bought.receipt.quote)
    _print(output, bought.receipt)


def _try(app: App, cart: str, expected: Money | None, notes: _Notes) -> None:
    """Say what would be charged, and print the cart."""
    (shown,) = app.shop.get_carts(app.identity, [cart])
    notes.tell(shown)
    total = app.shop.quote_cart(app.identity, shown.id, expect_total=expected).total
    print_cart(app.output, shown)
    if shown.state == "open":
        message(f"{total} would be charged; nothing was.")
    elif shown.state == "pending":
        message(f"Whether {total} was charged would be found out; nothing was done.")
    else:
        message(f"This cart was bought before, for {total}; nothing would be charged.")


class _Notes:
    """What the payer was told of prices and names that have changed: each thing once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, cart: Cart) -> None:
        """Tell of what is about to be charged; what is being paid, or bought, is told of then."""
        if cart.state == "open":
            self.tell_of(cart.quote)

    def tell_of(self, quote: Quote) -> None:
        for note in _changes(quote):
            if note not in self._told:
                self._told.add(note)
                message(note)


def _bought(
    app: App, cart: str, source: Source | None, expected: Money | None, notes: _Notes
) -> Purchase:
    """Buy CART; a terminal is asked for the card if none was given, and one is needed."""
    (shown,) = app.shop.get_carts(app.identity, [cart])
    notes.tell(shown)
    try:
        return app.shop.buy_cart(app.identity, shown.id, source, expect_total=expected)
    except GiveCard:
        if not may_ask():
            raise
        return _on_terminal(app, shown.id, expected, notes)


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


def _on_terminal(app: App, cart: str, expected: Money | None, notes: _Notes) -> Purchase:
    """Show what CART comes to, ask for the card if that is not nothing by now, and buy it."""
    (shown,) = app.shop.get_carts(app.identity, [cart])
    notes.tell(shown)
    message(f"Cart {shown.short_id} comes to {shown.total}.")
    # What was shown is what may be charged, whatever happens to the cart while one types.
    total = expected or shown.total
    source = Card(ask_hidden("Card number")) if shown.total.amount else None
    (now,) = app.shop.get_carts(app.identity, [cart])
    if now.state == "open" and now.total == total and now.quote.lines != shown.quote.lines:
        notes.tell(now)
        raise ReviewCart(f"cart {shown.short_id} is not what was shown any more", UNTOUCHED)
    return app.shop.buy_cart(app.identity, shown.id, source, expect_total=total)


def _changes(quote: Quote) -> Iterator[str]:
    """What is not as it was put in."""
    changed = quote.changed()
    for line in quote.lines:
        name, price = changed.get(line.sku) or (None, None)
        if name:
            yield f"Note: {name} ({line.sku}) is called {line.name} now."
        if price:
            what = f"the price of {line.name} ({line.sku})"
            yield f"Note: {what} changed from {price.decimal} to {line.price}."
