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
    from cartcli.payment import PaymentProcessor

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
    from cartcli.model.money import Money
    from cartcli.model.order import Attempt
    from cartcli.payment.card import Card

    store, key, cart_id, amount, number = args
    card = Card(number)
    total = Money(amount, "USD")
    attempt = Attempt(key, cart_id, (), total, card.brand, card.last4, datetime.now(UTC))
    _print_status(lambda: _processor(store).charge(attempt, card).status)


def cancel(args: Sequence[str]) -> None:
    """Cancel the key: args are store, key, cart."""
    store, key, cart_id = args
    _print_status(lambda: _processor(store).cancel(key, cart_id).status)


def _processor(store: str) -> PaymentProcessor:
    from cartcli.payment import open_payment

    lock_wait = float(os.environ["CART_LOCK_WAIT"])
    return open_payment(store, lock_wait, 0.0, lambda: datetime.now(UTC))


def _print_status(ask: Callable[[], str]) -> None:
    from cartcli.cli.failures import tell
    from cartcli.errors import CartError

    try:
        print(ask(), flush=True)
    except CartError as error:
        sys.exit(tell(error))


PROGRAMS: Final = {
    program.__name__: program for program in (cart, console, external, charge, cancel)
}
