"""A progress bar for what seldom takes long."""

from __future__ import annotations

import sys
import time
from typing import Any, Final

import click

from cartcli.cli.text import is_terminal

_SOON: Final = 1.0  # seconds; what takes less needs no bar


class SlowBar:
    """Called with the steps done and how many there are, draws a bar on standard error if that is
    a terminal, once it has taken longer than a second."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._begun = time.monotonic()
        self._bar: Any = None

    def __call__(self, done: int, of: int) -> None:
        if self._bar is None and time.monotonic() - self._begun > _SOON:
            hidden = not is_terminal(sys.stderr)
            self._bar = click.progressbar(
                length=of, label=self._label, file=sys.stderr, hidden=hidden
            )
            self._bar.render_progress()
        if self._bar is not None:
            self._bar.update(done - self._bar.pos)
            if done == of:
                self._bar.render_finish()
