"""cart completion: what is typed into a shell is completed. The shell asks for that by variables of
the environment."""

from __future__ import annotations

import os
from typing import Final

import click
from click.shell_completion import get_completion_class

from cartcli.cli.command import Choice, Command
from cartcli.cli.output import write_text
from cartcli.errors import FixInput

ASKED: Final = "_CART_COMPLETE"
SHELLS: Final = ("bash", "zsh", "fish")

# zsh has `compdef`, which the script ends with, only where its completion was set up before.
_SET_UP_ZSH: Final = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"


@click.command(cls=Command)
@click.argument("shell", type=Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """\b
    Examples:
      eval "$(cart completion bash)"
      eval "$(cart completion zsh)"
      cart completion fish | source

    Print a script that lets SHELL complete commands, options, carts, SKUs, and more. Put the line
    for your shell into its start-up file: ~/.bashrc (bash 4.4 or later), ~/.zshrc, or
    ~/.config/fish/config.fish.
    """
    kind = get_completion_class(shell)
    if kind is None:  # click knows all of them
        raise click.UsageError(f"There is no completion for {shell}.")
    script = kind(ctx.find_root().command, {}, "cart", ASKED).source()
    write_text(f"{_SET_UP_ZSH if shell == 'zsh' else ''}{script}\n")


def check_asked() -> None:
    """FixInput unless it is a shell that asks: with all that click will look for."""
    shell, _, wanted = os.environ[ASKED].partition("_")
    if get_completion_class(shell) is None or wanted not in ("source", "complete"):
        raise FixInput(
            f"{ASKED} is for shells, which ask by it for completion", "Unset it to run a command."
        )
    if wanted == "complete" and not _tells_what_is_typed(shell):
        raise FixInput(
            f"{ASKED} asks for completion, and COMP_WORDS and COMP_CWORD do not tell what is typed",
            "Unset it to run a command.",
        )


def _tells_what_is_typed(shell: str) -> bool:
    position = os.environ.get("COMP_CWORD")
    if position is None or "COMP_WORDS" not in os.environ:
        return False
    return shell == "fish" or (position.isascii() and position.isdigit() and len(position) < 9)
