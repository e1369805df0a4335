"""cart help: what a command does, and pages about the shop as a whole."""

from __future__ import annotations

import click

from cartcli.cli.command import Command
from cartcli.cli.output import write_text
from cartcli.cli.topics import TOPICS, page


@click.command(cls=Command)
@click.argument("command", nargs=-1, metavar="[COMMAND|TOPIC]...")
@click.pass_context
def help(ctx: click.Context, command: tuple[str, ...]) -> None:  # noqa: A001 - the command's name
    """\b
    Examples:
      cart help
      cart help checkout
      cart help config set
      cart help shell

    Show what COMMAND does, with examples; without one, which commands there are. The same as
    `cart COMMAND --help`. A TOPIC is a page about more than one command:

    \b
      shell      the command, and scripts     promises  what is promised
      python     from a program               speed     how fast it is
      merchant   catalogue, sales, customers  seed      beside the original
      settings   options and variables        changing  how the code is arranged
      storage    files and backups            changes   what is new
    """
    if len(command) == 1 and command[0].lower() in TOPICS:
        write_text(page(command[0].lower()), paged=True)
        return
    shown = ctx.find_root()
    for word in command:
        group = shown.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"{shown.command_path!r} has no commands of its own.", shown)
        try:
            _, found, _ = group.resolve_command(shown, [word])
        except click.NoSuchCommand:
            known = [*group.list_commands(shown), *TOPICS]
            raise click.NoSuchCommand(word, possibilities=known, ctx=shown) from None
        if found is None:
            raise click.NoSuchCommand(word, ctx=shown)
        shown = click.Context(found, parent=shown, info_name=word)
    write_text(shown.get_help() + "\n", paged=True)
