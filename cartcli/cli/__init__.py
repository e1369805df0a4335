"""The `cart` command: the group, and every error as an exit status."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from typing import Final

import click

from cartcli import __version__, errors
from cartcli.cli.command import Command, Telling

# Name: (module, summary). The modules are imported when their command runs.
COMMANDS: Final = {
    "login": ("login", "Log in, or register a new user."),
    "logout": ("login", "End the login."),
    "whoami": ("login", "Show who is logged in."),
    "catalog": ("catalog", "List the items on sale."),
    "carts": ("carts", "Show your carts, with lines, prices and totals."),
    "add": ("add", "Put items into a cart."),
    "remove": ("remove", "Take items out of a cart."),
    "checkout": ("checkout", "Buy a cart."),
    "report": ("reports", "See what was sold, and what waits in carts."),
    "import": ("import_catalog", "Bring in a catalogue from a product file."),
    "audit": ("audit", "Prove that carts and payments agree."),
    "demo": ("demo", "Watch the whole good path, step by step."),
}

_INTERRUPTED: Final = 130

# Each error's exit status and code. The nearest class counts; the statuses never change.
STATUSES: Final[dict[type[BaseException], tuple[int, str]]] = {
    errors.FixInput: (2, "usage"),
    errors.ChooseExisting: (3, "not_found"),
    errors.LogIn: (4, "not_logged_in"),
    errors.UseAnotherCard: (5, "declined"),
    errors.ReviewCart: (6, "conflict"),
    errors.CheckOutAgain: (8, "payment_unknown"),
    errors.RestoreData: (9, "damaged"),
    errors.CartError: (1, "failed"),
    click.UsageError: (2, "usage"),
    click.ClickException: (1, "failed"),
    click.Abort: (_INTERRUPTED, "interrupted"),
    KeyboardInterrupt: (_INTERRUPTED, "interrupted"),
    OSError: (1, "failed"),
}

# Digits that may be a card's, or most of them; a cart's id is none.
_CARD: Final = r"((?<![\w-])|(?<=--card))[0-9]([ -]?[0-9]){6,18}(?![\w-])"

_GO_ON: Final = "If anything was charged, the same command finds it out, and never charges twice."

_HELP: Final = """\
\b
Examples:
  cart login alice                  log in; a new user chooses a password
  cart catalog tea --sort price     what is on sale
  cart add new MUG-350-WHT 2        start a cart
  cart add 3f2a TEA-SEN-100         add to it, by the start of its id
  cart checkout 3f2a --card -       pay; the card comes from standard input
  cart demo                         see it all at once

A shopping cart for the shell. Everything lies in one folder, the store. Every flag has an
environment variable (CART_STORE, CART_CATALOG, CART_CURRENCY, CART_OUTPUT) and a key in
config.toml."""

_EPILOG: Final = """\
\b
Exit status:
    0  done                       6  conflict: cart purchased, other total
    1  any other failure          8  payment outcome not known yet:
    2  usage                         run the same command again
    3  not found                  9  stored data damaged
    4  not logged in            130  interrupted
    5  declined, nothing charged"""


class _Commands(Command, click.Group):
    """Imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(
            import_module(f"cartcli.cli.{COMMANDS[cmd_name][0]}"), cmd_name
        )
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=_Commands, help=_HELP, epilog=_EPILOG)
@click.option("--store", metavar="DIR", help="The folder everything lies in.")
@click.option("--catalog", metavar="FILE", help="The catalogue, a CSV file.")
@click.option("--currency", metavar="CUR", help="The shop's currency, such as USD.")
@click.option(
    "--version",
    cls=Telling,
    tells=lambda ctx: f"cart, version {__version__}",
    help="Show the version and exit.",
)
@click.pass_context
def cart(ctx: click.Context, store: str | None, catalog: str | None, currency: str | None) -> None:
    from cartcli.cli.app import App

    ctx.obj = App({"store": store, "catalog": catalog, "currency": currency})


def main() -> None:
    """Run `cart` with the arguments of this process, and exit."""
    _occupy_standard_streams()
    args = sys.argv[1:]
    try:
        status = cart.main(args, prog_name="cart", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (
        click.ClickException,
        click.Abort,
        errors.CartError,
        OSError,
        KeyboardInterrupt,
    ) as error:
        status = report(error, args)
    _drop_unwritten()
    sys.exit(status if isinstance(status, int) else 0)


def report(error: BaseException, args: Sequence[str] = ()) -> int:
    """Say on standard error what went wrong, and return the exit status."""
    status, code = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        return status  # whoever read our output has gone; there is nobody to tell
    message, hint = _described(error)
    command = next((arg for arg in args if arg in COMMANDS), "")
    if command == "checkout" and status == _INTERRUPTED:
        hint = _GO_ON
    elif command == "checkout" and code == "usage":
        message = re.sub(_CARD, "a card number", message)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        text = error.format_message()
    elif _wants_json(args):
        import json

        text = json.dumps({"error": code, "message": message, "hint": hint})
    else:
        text = _wrapped(f"Error: {message}\n{hint}".rstrip())
    with suppress(OSError):  # standard error is closed or full: the status still tells
        click.echo(text, err=True)
    return status


def _described(error: BaseException) -> tuple[str, str]:
    """The message and the hint of `error`."""
    match error:
        case errors.CartError():
            return error.message, error.hint
        case click.UsageError() if error.ctx:
            return error.format_message(), f"See: {error.ctx.command_path} --help"
        case click.ClickException():
            return error.format_message(), ""
        case OSError():
            name = f"{os.fsdecode(error.filename)}: " if error.filename else ""
            return (
                f"{name}{error.strerror or error}",
                "A change is saved whole or not at all. See which with: cart carts --all",
            )
        case _:
            return "interrupted", ""


def _wrapped(text: str) -> str:
    """`text` fitted to the terminal; its indented lines are commands to copy, and stay whole."""
    import shutil
    import textwrap

    from cartcli.cli.text import escaped

    width = max(shutil.get_terminal_size().columns, 20)
    lines = (escaped(line) for line in text.split("\n"))
    return "\n".join(
        line
        if line.startswith("  ")
        else textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in lines
    )


def _wants_json(args: Sequence[str]) -> bool:
    """Whether errors are to be JSON; known even when the arguments could not be parsed."""
    from cartcli.settings import load

    chosen = ""
    with suppress(errors.FixInput, OSError):  # a bad setting is perhaps the very error to tell
        chosen = load().output
    for arg, following in pairwise([*args, ""]):
        if arg in ("-o", "--output"):
            chosen = following
        elif arg.startswith(("-o", "--output=")):
            chosen = arg.removeprefix("--output=").removeprefix("-o").removeprefix("=")
    return chosen == "json"


def _occupy_standard_streams() -> None:
    """Let no file of the store take the number of a closed standard stream."""
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _drop_unwritten() -> None:
    """Keep the interpreter from failing, at its end, on output that nobody can take."""
    for fd, stream in ((1, sys.stdout), (2, sys.stderr)):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), fd)
