"""Commands of click that start faster, and the options that all of them take.

Whenever a command starts, click looks for a translation of the help option's text, and takes `-o`
for a long option first, for which it makes an error with suggestions, only to catch it. Each takes
milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from cartcli.outputs import OUTPUTS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


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


_HELP: Final = Telling(["-h", "--help"], click.Context.get_help, help="Show this and exit.")


class Choice(click.Choice[str]):
    """One of these words, in upper or lower case; of another one it says what was perhaps meant."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(words, case_sensitive=False)

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        from difflib import get_close_matches  # of a mistake alone

        told = super().get_invalid_choice_message(value, ctx)
        meant = get_close_matches(str(value).lower(), self.choices, 1)
        return f"{told} Did you mean {meant[0]!r}?" if meant else told


class Place(click.ParamType[str]):
    """A path that is taken as it stands; a shell completes it with folders, or files."""

    def __init__(self, kind: Literal["dir", "file"]) -> None:
        self.name = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type=self.name)]


def flags_of(ctx: click.Context) -> dict[str, Any]:
    """The options of this call that all commands take, by name: as far as they were read."""
    flags: dict[str, Any] = ctx.meta.setdefault("cartcli.flags", {})
    return flags


def flag(name: str) -> Any:
    """What was given for the option `name`, which all commands take; None without a command."""
    ctx = click.get_current_context(silent=True)
    return flags_of(ctx).get(name) if ctx else None


_OWN: Final = "everywhere_"


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> object:
    if value not in (None, False):
        flags_of(ctx)[str(param.name).removeprefix(_OWN)] = value
    return value


def _everywhere(*, hidden: bool) -> list[click.Parameter]:
    """The options that stand before the command or after it; most are `hidden` in the help of a
    command, which tells of its own. Eager ones, because others depend on the currency."""

    def option(*names: str, hidden: bool = hidden, **how: Any) -> click.Option:
        own = _OWN + names[-1].lstrip("-").replace("-", "_")  # an argument may be called so, too
        return click.Option(
            (*names, own), is_eager=True, expose_value=False, hidden=hidden, callback=_keep, **how
        )

    def switch(*names: str, **how: Any) -> click.Option:
        return option(*names, is_flag=True, **how)

    return [
        option("--store", type=Place("dir"), metavar="DIR", help="The folder everything lies in."),
        option("--catalog", type=Place("file"), metavar="FILE", help="The catalogue, a CSV file."),
        option("--currency", metavar="CUR", help="The shop's currency, such as USD."),
        option(
            *("-o", "--output"), hidden=False, type=Choice(OUTPUTS), help="How to print the result."
        ),
        option("--session", type=Place("file"), metavar="FILE", help="Keeps the login."),
        option("--user", metavar="NAME", help="Who has to be logged in; else nothing is done."),
        switch("-q", "--quiet", help="Tell no notes; warnings and errors are told."),
        switch("--no-input", help="Ask nothing, even on a terminal."),
        switch("--no-color", help="Print without colours, as NO_COLOR has it."),
        switch("--no-pager", help="Print at once, however long it is."),
    ]


EVERYWHERE: Final = _everywhere(hidden=False)
_AFTER: Final = _everywhere(hidden=True)


class Command(click.Command):
    """As click's, with `--help` in English, and with the options that all commands take."""

    def get_help_option(self, ctx: click.Context) -> click.Option:
        return _HELP

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        params = super().get_params(ctx)
        if ctx.parent is None:
            return params
        taken = {name for param in params for name in param.opts}
        return [*params, *(param for param in _AFTER if taken.isdisjoint(param.opts))]

    def make_parser(self, ctx: click.Context) -> Any:
        parser = super().make_parser(ctx)
        # Without these names click is as slow as ever, and right; with them it takes -o=json, too.
        long_options = getattr(parser, "_long_opt", {})
        for name, option in getattr(parser, "_short_opt", {}).items():
            long_options.setdefault(name, option)
        return parser


class Group(Command, click.Group):
    """A command with commands of its own."""
