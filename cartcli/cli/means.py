"""The payer's means, as a command is given them: in a file or on standard input, because the
arguments of a command can be seen by other users of the machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from cartcli.cli.app import message
from cartcli.cli.command import Place
from cartcli.errors import FixInput
from cartcli.payment.card import Card

if TYPE_CHECKING:
    from cartcli.payment.source import Source

UNTOUCHED: Final = "This command charged nothing."
_MAX_INPUT: Final = 256
_MAX_TOKEN: Final = 4096


def means_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that give the means, of which a command takes one."""
    for option in (
        click.option(
            "--token",
            metavar="TOKEN|-",
            help="What a remote processor has made of a card; - reads it from standard input.",
        ),
        click.option("--card-file", metavar="FILE|-", type=Place("file"), help="Has the card."),
        click.option(
            "--card", metavar="NUMBER|-", help="The card; - reads it from standard input."
        ),
    ):
        command = option(command)
    return command


def means_of(card: str | None, card_file: str | None, token: str | None) -> Source | None:
    """What was given by one of the options; None when nothing was."""
    given = [name for name, value in _named(card, card_file, token) if value is not None]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)}: give one of them.")
    if token is not None:
        from cartcli.payment.source import Token  # most people have a card

        return Token(_line(_MAX_TOKEN) if token == "-" else token)
    if card_file is not None:
        return Card(_line(_MAX_INPUT) if card_file == "-" else _first_line(card_file))
    if card == "-":
        return Card(_line(_MAX_INPUT))
    if card is not None:
        message("Warning: other users of this machine can see the card number; use --card -")
        return Card(card)
    return None


def _named(*values: str | None) -> zip[tuple[str, str | None]]:
    return zip(("--card", "--card-file", "--token"), values, strict=True)


def _line(limit: int) -> str:
    from cartcli.cli.stdin import secret_line

    return secret_line(limit, UNTOUCHED)


def _first_line(path: str) -> str:
    from cartcli import texts

    try:
        with open(path, "rb") as file:
            return texts.first_line(file, _MAX_INPUT)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise FixInput(f"the card's file {path} cannot be read: {reason}", UNTOUCHED) from None
