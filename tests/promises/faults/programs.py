"""What a process of the harness runs: the command, warm or in a new interpreter, or a call that
reaches the processor by itself, as that of a client which died meanwhile does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cartcli.model.order import Attempt, Waiting
    from cartcli.payment import Payment, PaymentProcessor
    from cartcli.payment.card import Card

CONSOLE: Final = str(Path(sys.executable).with_name("cart"))


def cart(args: Sequence[str]) -> None:
    """The `cart` command."""
    from cartcli.cli import main

    sys.argv = ["cart", *args]
    main()


def console(args: Sequence[str]) -> None:
    """The installed console script, in a new interpreter."""
    os.execv(CONSOLE, [CONSOLE, *args])


def external(args: list[str]) -> None:
    """Any other program of this machine."""
    os.execvp(args[0], args)


def charge(args: Sequence[str]) -> None:
    """Charge the amount to the card under the key: args are store, key, cart, amount, card."""
    from cartcli.payment.card import Card

    store, key, cart_id, amount, number = args
    card = Card(number)
    attempt = _attempt(key, cart_id, amount, card)
    _print_answer(lambda: _processor(store).charge(attempt, card))


def cancel(args: Sequence[str]) -> None:
    """Cancel the key: args are store, key, cart, amount, card."""
    from cartcli.payment.card import Card

    store, key, cart_id, amount, number = args
    attempt = _attempt(key, cart_id, amount, Card(number))
    _print_answer(lambda: _processor(store).cancel(attempt))


def _attempt(key: str, cart_id: str, amount: str, card: Card) -> Attempt:
    from cartcli.model.lines import Line
    from cartcli.model.money import Money
    from cartcli.model.order import Attempt
    from cartcli.model.quote import Quote

    total = Money(amount, "USD")
    quote = Quote.of([Line("ALL", "All of it", total, 1)], "USD")
    now = datetime.now(UTC)
    return Attempt(key, cart_id, quote, total, "embedded", key, card.brand, card.last4, now)


def _processor(store: str) -> PaymentProcessor:
    from cartcli.payment import open_embedded

    lock_wait = float(os.environ["CART_LOCK_WAIT"])
    return open_embedded(store, lock_wait, 0.0, lambda: datetime.now(UTC))


def _print_answer(ask: Callable[[], Payment | Waiting]) -> None:
    from cartcli.cli.failures import tell
    from cartcli.errors import CartError
    from cartcli.payment import Payment

    try:
        answer = ask()
        told = f"{answer.status} {answer.id}" if isinstance(answer, Payment) else "waiting"
        print(told, flush=True)
    except CartError as error:
        sys.exit(tell(error))


PROGRAMS: Final = {
    program.__name__: program for program in (cart, console, external, charge, cancel)
}
