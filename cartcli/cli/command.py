"""Commands of click that start faster. Whenever a command starts, click looks for a translation of
the help option's text, and takes `-o` for a long option first, for which it makes an error with
suggestions, only to catch it. Each takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import click


class Telling(click.Option):
    """A flag that prints what `tells` makes of the context, and ends the command. Takes what else
    `click.Option` does."""

    def __init__(
        self, names: list[str], tells: Callable[[click.Context], str], **more: Any
    ) -> None:
        def tell(ctx: click.Context, param: click.Parameter, value: bool) -> None:
            if value and not ctx.resilient_parsing:
                click.echo(tells(ctx), color=ctx.color)
                ctx.exit()

        super().__init__(
            names, is_flag=True, is_eager=True, expose_value=False, callback=tell, **more
        )


_HELP: Final = Telling(["--help"], click.Context.get_help, help="Show this message and exit.")


class Command(click.Command):
    """As click's, with `--help` in English."""

    def get_help_option(self, ctx: click.Context) -> click.Option:
        return _HELP

    def make_parser(self, ctx: click.Context) -> Any:
        parser = super().make_parser(ctx)
        # Without these names click is as slow as ever, and right; with them it takes -o=json, too.
        long_options = getattr(parser, "_long_opt", {})
        for name, option in getattr(parser, "_short_opt", {}).items():
            long_options.setdefault(name, option)
        return parser


class Group(Command, click.Group):
    """A command with commands of its own."""
