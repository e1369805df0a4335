"""Progress bars, for what seldom takes long: one after the other, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING, Final, Self

import click

from cartcli.cli.text import escaped, is_terminal
from cartcli.payment.masked import masked

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

_LABEL: Final = 40  # characters, to leave room for the bar


class Bars:
    """Draws how far something has come, if standard error is a terminal and it has taken longer
    than `patience` seconds. Use it with `with`: at the end nothing of a bar is left half drawn."""

    def __init__(self, patience: float = 0) -> None:
        self._patience = patience if is_terminal(sys.stderr) else float("inf")
        self._begun = time.monotonic()
        self._label = ""
        self._bar: ProgressBar[int] | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.end()

    def show(self, label: str, done: int, of: int) -> None:
        """`done` steps `of` so many (0: nobody knows) are done of what the `label` says."""
        if time.monotonic() - self._begun < self._patience:
            return
        if self._bar is None or label != self._label:
            self.end()
            self._label = label
            self._bar = self._open.enter_context(_bar(label, of))
        self._bar.update(max(done - self._bar.pos, 0))

    def over(self, things: list[str], label: str) -> Iterator[str]:
        """The `things`, one after the other; the bar shows how many were taken."""
        for number, thing in enumerate(things):
            self.show(label, number, len(things))
            yield thing
        if things:
            self.show(label, len(things), len(things))
        self.end()

    def end(self) -> None:
        """Go to the line below the bar, if there is one."""
        self._open.close()
        self._bar = None


def _bar(label: str, of: int) -> ProgressBar[int]:
    return click.progressbar(
        count(),
        length=of or None,
        label=escaped(masked(label))[:_LABEL],
        width=0,  # as wide as the terminal
        show_pos=not of,
        file=sys.stderr,
    )
