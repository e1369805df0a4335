"""What every command needs: the settings, the shop, and who is logged in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import click

from cartcli.cli.command import flag
from cartcli.cli.login_file import SavedLogin
from cartcli.cli.text import escaped
from cartcli.errors import FixInput, LogIn
from cartcli.outputs import JSON
from cartcli.settings import KEYS, Settings, load

if TYPE_CHECKING:
    from cartcli.cli.bar import Bars
    from cartcli.controller import Shop
    from cartcli.model.people import Identity, Session


_SOON: Final = 1.0  # seconds; what takes less needs no bar


class App:
    """One call of `cart`; `flags` are the options that all commands take, by name, which those of
    the command itself are put into when they are read. A `quiet` one tells no notes, and waits for
    nobody."""

    def __init__(self, flags: Mapping[str, Any], *, quiet: bool = False) -> None:
        self._flags = flags
        self._noted: set[str] = set()
        self._quiet = quiet
        # No child process shall see it.
        self.password = os.environ.pop("CART_PASSWORD", "") or None

    @cached_property
    def settings(self) -> Settings:
        settings = load(self._given, named="--{}")
        return settings._replace(lock_wait=0) if self._quiet else settings

    @property
    def output(self) -> str:
        """How to print the result: table, json, jsonl, csv or tsv."""
        return self.settings.output

    @property
    def sources(self) -> dict[str, str]:
        """Where the settings come from that are not defaults."""
        given = {key: f"--{key}" for key, value in self._given.items() if value is not None}
        return dict(self.settings.sources) | given

    @property
    def _given(self) -> dict[str, Any]:
        """The settings among the flags."""
        return {key: self._flags.get(key) for key in KEYS}

    @cached_property
    def shop(self) -> Shop:
        from cartcli.bootstrap import open_shop

        self._tell_root()
        return open_shop(self.settings, progress=self._show_reading, note=self.note)

    @cached_property
    def display(self) -> Shop:
        """The shop to look at: with the catalogue that is given, whichever it sells from."""
        from cartcli.bootstrap import look_at

        self._tell_root()
        return look_at(self.settings, progress=self._show_reading, note=self.note)

    def _tell_root(self) -> None:
        from cartcli.bootstrap import stranger

        if owner := stranger(self.settings):
            self.note(f"This store belongs to {owner}, and what you write there to root.")

    def note(self, text: str) -> None:
        """Tell the user, once, something about their settings."""
        if text not in self._noted and not self._quiet:
            self._noted.add(text)
            message(f"Note: {text}")

    def _show_reading(self, done: int, of: int) -> None:
        """How far a large catalogue is read, which it is whole after it has changed."""
        self._bars.show("Reading the catalogue", done, of)
        if done == of:
            self._bars.end()

    @cached_property
    def _bars(self) -> Bars:
        from cartcli.cli.bar import Bars  # few catalogues are large

        return Bars(_SOON)

    @property
    def saved_login(self) -> SavedLogin:
        return SavedLogin(self.settings.store, self.settings.session)

    @cached_property
    def session(self) -> Session:
        """The session of the saved login; LogIn when there is none, it is over, or another user's
        than it has to be."""
        session = self.shop.identify(self.saved_login.token())
        self.check_user(session.identity)
        return session

    def check_user(self, identity: Identity) -> None:
        """LogIn unless this is who has to be logged in, if anybody has to be."""
        if not self.settings.user:
            return
        from cartcli.model.people import Identity  # most commands take whoever is logged in

        if Identity(self.settings.user) != identity:
            raise LogIn(
                f"{identity.name} is to do this, and it has to be {self.settings.user}",
                "Nothing was changed.",
                wanted=self.settings.user,
            )

    @property
    def identity(self) -> Identity:
        return self.session.identity


pass_app = click.make_pass_decorator(App)


def message(text: str) -> None:
    """Tell the user something that is not the result; nothing depends on its being heard. Programs
    that read JSON get an object a line, under `note` or `warning`."""
    from cartcli.payment.masked import masked  # most commands have nothing to say

    kind, colon, rest = text.partition(": ")
    kind = kind.lower() if colon and kind in ("Note", "Warning") else ""
    if flag("quiet") and kind != "warning":
        return
    told = masked(text)
    if _programs_read():
        from cartcli.cli.output import json_line

        told = json_line({kind or "note": masked(rest if kind else text).strip()}).rstrip()
    with suppress(OSError):
        click.echo(escaped(told), err=True)


def _programs_read() -> bool:
    """Whether what is told is read by programs: then it is JSON, as the result is."""
    ctx = click.get_current_context(silent=True)
    app = ctx.find_root().obj if ctx else None
    with suppress(FixInput, OSError):
        return isinstance(app, App) and app.output in JSON
    return False


def ask_hidden(label: str) -> str:
    """What is typed on the terminal, without being shown."""
    try:
        return str(click.prompt(label, hide_input=True, err=True))
    except UnicodeDecodeError:
        raise FixInput(f"{label}: this is not UTF-8 text", "Type it again.") from None
