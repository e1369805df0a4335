"""Completion of what is typed into a shell, which asks for it by variables of the environment."""

from __future__ import annotations

import os
from typing import Final

from click.shell_completion import get_completion_class

from cartcli.errors import FixInput

ASKED: Final = "_CART_COMPLETE"


def check_asked() -> None:
    """FixInput unless it is a shell that asks: with all that click will look for."""
    shell, _, wanted = os.environ[ASKED].partition("_")
    if get_completion_class(shell) is None or wanted not in ("source", "complete"):
        raise FixInput(
            f"{ASKED} is for shells, such as {ASKED}=bash_source", "Unset it to run a command."
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
