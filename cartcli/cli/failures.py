"""Telling what went wrong: a sentence or a JSON object on standard error, and the exit status."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Final

import click

from cartcli.cli import COMMANDS
from cartcli.cli.hints import hint_for, next_of, with_flags
from cartcli.errors import CartError, FixInput, GiveCard, RetryLater, ReviewCart
from cartcli.outputs import JSON
from cartcli.payment.masked import masked
from cartcli.wire.errors import error_dict, status_of

_INTERRUPTED: Final = (130, "interrupted")

# The exit status and the code of what is no error of ours. The nearest class counts.
_OTHERS: Final[dict[type[BaseException], tuple[int, str]]] = {
    click.UsageError: (2, "usage"),
    click.ClickException: (1, "failed"),
    click.Abort: _INTERRUPTED,
    KeyboardInterrupt: _INTERRUPTED,
    OSError: (1, "failed"),
}

# What the system says, and what to do about it.
_REMEDIES: Final = {
    errno.ENOSPC: "The disk is full: make room.",
    errno.EDQUOT: "Your share of the disk is full: make room.",
    errno.EFBIG: "No file of yours may be that large: see ulimit -f.",
    errno.EROFS: "Nothing can be written there.",
    errno.EACCES: "You may not do that with this file: see whose it is, and its mode.",
    errno.EPERM: "You may not do that with this file: see whose it is, and its mode.",
    errno.ENAMETOOLONG: "Choose a shorter path for the store.",
    errno.EMFILE: "This process has too many files open: see ulimit -n.",
    errno.ENFILE: "The system has too many files open.",
    errno.EIO: "The disk, or the way to it, fails.",
    errno.ESTALE: "The folder was taken from under this command: mount it again.",
}
_SAVED: Final = "A change is saved whole or not at all. See which with: cart carts --all"

_OF_A_STORE: Final = ("--store", "--session", "--user")

# What is said of a command that was interrupted.
_GO_ON: Final = {
    "checkout": "If anything was charged, the same command finds it out, and never charges twice.",
    "store": "The same command goes on where this one was stopped.",
}

# What is said of a command that was interrupted, or for which the disk failed.
_WHOLE: Final = {
    "backup": "There is a whole backup now, or none.",
    "restore": "There is the old store now, or the whole new one. Run the same command again.",
}


def tell(error: BaseException, args: Sequence[str] = ()) -> int:
    """Say on standard error what went wrong with the command of these `args`, and return the exit
    status."""
    status, code, message, hint = _described(error, args)
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        return status  # whoever read our output has gone; there is nobody to tell
    command = next((arg for arg in args if arg in COMMANDS), "")
    if command in _WHOLE and (code == "interrupted" or isinstance(error, OSError)):
        hint = _WHOLE[command]
    elif command in _GO_ON and code == "interrupted":
        hint = _GO_ON[command]
    split = command == "checkout" and code == "usage" and not isinstance(error, GiveCard)
    known = _known(error)
    message, hint = masked(message, parts=split, known=known), masked(hint, known=known)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        text = message
    elif _wants_json(args):
        import json

        record = error_dict(status, code, message, hint, error)
        text = json.dumps({**record, "next": _next(error, args, hint)})
    else:
        text = _wrapped(f"Error: {message}\n{hint}".rstrip())
    with suppress(OSError):  # standard error is closed or full: the status still tells
        click.echo(text, err=True)
    return status


def _next(error: BaseException, args: Sequence[str], hint: str) -> list[str] | None:
    """The arguments of the command to run next, if that is known: the same one when it was only too
    early, unless a card number is among them."""
    if isinstance(error, RetryLater):
        same = ["cart", *args]
        return same if masked(" ".join(same), parts=True) == " ".join(same) else None
    if not isinstance(error, CartError):
        return next_of(hint)
    return next_of(with_flags(hint_for(error, whole_ids=True), _flags_in(args)))


def _flags_in(args: Sequence[str]) -> list[str]:
    """Those of the `args` that say which store is meant, and who."""
    flags = []
    for arg, following in pairwise([*args, ""]):
        if arg in _OF_A_STORE:
            flags += [arg, following]
        elif arg.startswith(tuple(f"{name}=" for name in _OF_A_STORE)):
            flags.append(arg)
    return flags


def _known(error: BaseException) -> list[str]:
    """The SKUs in what is said of the `error` that stand in the catalogue or a cart, so that they
    are no card's number."""
    if not isinstance(error, CartError):
        return []
    in_cart = [str(error.facts.get("sku", ""))] if isinstance(error, ReviewCart) else []
    similar = error.facts.get("similar")
    return [*(similar if isinstance(similar, list) else []), *in_cart]


def _described(error: BaseException, args: Sequence[str]) -> tuple[int, str, str, str]:
    """The exit status, the code, the message and the hint of `error`."""
    if isinstance(error, CartError):
        hint = with_flags(hint_for(error), _flags_in(args))
        return status_of(error), error.code, error.message, hint
    status, code = next(_OTHERS[kind] for kind in type(error).__mro__ if kind in _OTHERS)
    match error:
        case click.UsageError() if error.ctx:
            hint = f"See: {error.ctx.command_path} --help"
            if isinstance(error, click.NoSuchOption):
                hint += "\nWhat begins with a dash, and is no option, stands after -- alone."
            return status, code, error.format_message(), hint
        case click.ClickException():
            return status, code, error.format_message(), ""
        case OSError():
            name = f"{os.fsdecode(error.filename)}: " if error.filename else ""
            hint = f"{_REMEDIES.get(error.errno or 0, '')} {_SAVED}".strip()
            return status, code, f"{name}{error.strerror or error}", hint
    return status, code, "interrupted", ""


def _wrapped(text: str) -> str:
    """`text` fitted to the terminal; its indented lines are commands to copy, and stay whole."""
    import sys
    import textwrap

    from cartcli.cli.text import columns_of, escaped

    width = columns_of(sys.stderr)
    lines = [escaped(line) for line in text.split("\n")]
    if width is None:
        return "\n".join(lines)
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
    with suppress(FixInput, OSError):  # a bad setting is perhaps the very error to tell
        chosen = load().output
    for arg, following in pairwise([*args, ""]):
        if arg in ("-o", "--output"):
            chosen = following
        elif arg.startswith(("-o", "--output=")):
            chosen = arg.removeprefix("--output=").removeprefix("-o").removeprefix("=")
    return chosen.lower() in JSON
