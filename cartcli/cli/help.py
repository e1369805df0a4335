"""cart help: what a command does."""

from __future__ import annotations

import click

from cartcli.cli.command import Command
from cartcli.cli.output import write_text


@click.command(cls=Command)
@click.argument("command", nargs=-1)
@click.pass_context
def help(ctx: click.Context, command: tuple[str, ...]) -> None:  # noqa: A001 - the command's name
    """\b
    Examples:
      cart help
      cart help checkout
      cart help config set

    Show what COMMAND does, with examples; without one, which commands there are. The same as
    `cart COMMAND --help`.
    """
    shown = ctx.find_root()
    for word in command:
        group = shown.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"{shown.command_path!r} has no commands of its own.", shown)
        _, found, _ = group.resolve_command(shown, [word])
        if found is None:
            raise click.NoSuchCommand(word, ctx=shown)
        shown = click.Context(found, parent=shown, info_name=word)
    write_text(shown.get_help() + "\n", paged=True)
