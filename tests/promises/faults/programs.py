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


def remote(args: Sequence[str]) -> None:
    """The `cart` command of a shop whose payments the simulated processor takes."""
    import cartcli.payment
    from tests.promises.faults.remote import CardTerminal

    cartcli.payment.open_embedded = lambda store, *_: CardTerminal(store)
    cart(args)


def console(args: Sequence[str]) -> None:
    """The installed console script, in a new interpreter."""
    os.execv(CONSOLE, [CONSOLE, *args])


def external(args: list[str]) -> None:
    """Any other program of this machine."""
    os.execvp(args[0], args)


def charge(args: Sequence[str]) -> None:
    """Charge the amount to the card: args are store, key, reference, cart, amount, card."""
    attempt, card = _attempt(args)
    _print_answer(lambda: _processor(args[0]).charge(attempt, card))


def cancel(args: Sequence[str]) -> None:
    """Cancel what `charge` charges with these args."""
    attempt, _ = _attempt(args)
    _print_answer(lambda: _processor(args[0]).cancel(attempt))


def _attempt(args: Sequence[str]) -> tuple[Attempt, Card]:
    from cartcli.model.lines import Line
    from cartcli.model.money import Money
    from cartcli.model.order import Attempt
    from cartcli.model.quote import Quote
    from cartcli.payment.card import Card

    store, key, reference, cart_id, amount, number = args
    card, total = Card(number), Money(amount, "USD")
    quote = Quote.of([Line("ALL", "All of it", total, 1)], "USD")
    now = datetime.now(UTC)
    attempt = Attempt(
        key,
        cart_id,
        quote,
        total,
        _processor(store).name,
        reference,
        card.brand,
        card.last4,
        now,
    )
    return attempt, card


def _processor(store: str) -> PaymentProcessor:
    from cartcli.payment import open_embedded
    from tests.promises.faults.remote import CardTerminal
    from tests.promises.faults.scene import ADDRESS

    if ADDRESS in os.environ:
        return CardTerminal(store)
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
    program.__name__: program for program in (cart, remote, console, external, charge, cancel)
}
