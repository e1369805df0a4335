"""cart schema: what programs can rely on."""

from __future__ import annotations

import click

from cartcli.cli.app import message
from cartcli.cli.command import Command
from cartcli.cli.output import json_text, write_text
from cartcli.errors import ChooseExisting
from cartcli.schemas import outputs, schema_of


@click.command(cls=Command)
@click.argument("command", nargs=-1)
def schema(command: tuple[str, ...]) -> None:
    """\b
    Examples:
      cart schema
      cart schema checkout
      cart schema store upgrade
      cart schema error

    Print the JSON Schema (draft 2020-12) of what COMMAND prints with `-o json`; with `jsonl` it is
    that of a line, or of a list of lines. `error` and `note` are what stands on standard error.
    Without COMMAND, list what there is. Fields are added, never renamed.
    """
    known = outputs()
    if not command:
        write_text("".join(f"{name}\n" for name in known))
        return
    name = " ".join(command).lower()
    if name not in known:
        raise ChooseExisting(f"there is no schema of {name!r}", "List them with: cart schema")
    write_text(json_text(schema_of(name)))
    if name in ("error", "note"):
        message("This is what stands on standard error, a line each.")
