"""The `cart` command: the group of its commands, and how a run of it ends."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

from cartcli import __version__
from cartcli.cli.command import EVERYWHERE, Group, Telling, flags_of
from cartcli.errors import CartError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Name: (module, summary). The modules are imported when their command runs.
COMMANDS: Final = {
    "login": ("login", "Log in, or register a new user."),
    "logout": ("logout", "End the login."),
    "whoami": ("whoami", "Show who is logged in."),
    "sessions": ("sessions", "List your sessions, and end some."),
    "passwd": ("passwd", "Change your password, or another user's as the merchant."),
    "catalog": ("catalog", "List the items on sale."),
    "carts": ("carts", "Show your carts, with lines, prices and totals."),
    "add": ("add", "Put items into a cart."),
    "remove": ("remove", "Take items out of a cart."),
    "set": ("set", "Let a cart hold so many of an item."),
    "empty": ("empty", "Take everything out of a cart."),
    "copy": ("copy", "Start a new cart with what another one holds."),
    "rename": ("rename", "Give a cart a name that stands for it."),
    "delete": ("delete", "Remove carts that are not bought."),
    "checkout": ("checkout", "Buy a cart."),
    "orders": ("orders", "List what was bought."),
    "receipt": ("receipt", "Print the receipt of an order again."),
    "report": ("report", "See what was sold, and what waits in carts."),
    "import": ("import_catalog", "Bring in a catalogue from a product file."),
    "item": ("item", "Change single items of the catalogue."),
    "role": ("role", "Say which users are merchants."),
    "settle": ("settle", "Find out how payments have ended."),
    "forget": ("forget", "Remove all that tells who a customer is."),
    "prune": ("prune", "Remove sessions that are over, and old carts of guests."),
    "audit": ("audit", "Prove that carts and payments agree."),
    "backup": ("backup", "Copy the shop, also while it is used."),
    "restore": ("restore", "Put a backup in place as the store."),
    "config": ("config", "See what the shop knows, and move its catalogue."),
    "store": ("store", "Look after the store: convert one of an older version."),
    "demo": ("demo", "Watch the whole good path, step by step."),
    "fixtures": ("fixtures", "Fill the shop from a file, for tests and lessons."),
    "schema": ("schema", "Print the JSON Schema of what a command prints."),
    "completion": ("completion", "Let a shell complete what is typed."),
    "help": ("help", "Show what a command does."),
}

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
More about: cart help shell, python, merchant, settings, storage, promises, speed, seed, changing,
changes.

\b
Exit status:
    0  done                       6  conflict: cart purchased, other total
    1  any other failure          7  busy, nothing was tried: run it again
    2  usage                      8  payment outcome not known yet, or
    3  not found                     somebody has to act first:
    4  not logged in                 run the same command again
    5  declined, nothing charged  9  stored data damaged     130  interrupted"""


class _Commands(Group):
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

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """As click's, without importing every command for its summary."""
        from click.shell_completion import CompletionItem

        start = incomplete.lower()
        found = [
            CompletionItem(name, help=summary)
            for name, (_, summary) in COMMANDS.items()
            if name.startswith(start)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=_Commands, help=_HELP, epilog=_EPILOG, params=EVERYWHERE)
@click.option(
    "--version",
    cls=Telling,
    tells=lambda ctx: f"cart, version {__version__}",
    help="Show the version and exit.",
)
@click.pass_context
def cart(ctx: click.Context) -> None:
    from cartcli.cli.app import App

    ctx.obj = App(flags_of(ctx))


def main() -> None:
    """Run `cart` with the arguments of this process, and exit."""
    _occupy_standard_streams()
    args = sys.argv[1:]
    try:
        if os.environ.get("_CART_COMPLETE"):
            from cartcli.cli.completion import check_asked  # by a shell, and rarely

            check_asked()
        status = cart.main(args, prog_name="cart", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (click.ClickException, click.Abort, CartError, OSError, KeyboardInterrupt) as error:
        from cartcli.cli.failures import tell

        status = tell(error, args)
    _drop_unwritten()
    sys.exit(status if isinstance(status, int) else 0)


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
