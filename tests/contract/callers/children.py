"""A child process that makes one call. It inherits the object and the arguments as they are; what
comes of it, and whatever is asked afterwards, goes through a pipe.

An argument that is a function or an iterator stays at home: the child asks for each call of it.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from tests.contract.callers.lanes import LostError
from tests.contract.callers.parcels import Batches, batched, parted
from tests.contract.callers.ways import Verb


class Child:
    """The place of one call: a process that ends when the place is left. One is made at a time, so
    that no other inherits its end of the pipe."""

    def __init__(self, verb: Verb, glance: Callable[[], None], patience: float) -> None:
        self._patience = patience
        self._home: list[Callable[..., object]] = []
        self._pipe, away = Pipe()
        sent = self._with_stand_ins(verb, away)
        self._pid = os.fork()
        if self._pid == 0:
            self._pipe.close()
            _live(away, sent, glance)
        away.close()

    def begin(self) -> object:
        """What was sent of the result."""
        try:
            return self._answer()
        except BaseException:
            self.leave()
            raise

    def go_on(self, step: Callable[..., object], *args: object) -> Any:
        self._pipe.send((step, args))
        return self._answer()

    def leave(self) -> None:
        pid, self._pid = self._pid, 0
        if pid:
            with suppress(OSError):
                self._pipe.send(None)
            self._pipe.close()
            os.waitpid(pid, 0)

    def _answer(self) -> object:
        """What comes of the latest step. Until then, the child is told what it asks."""
        while isinstance(message := self._received(), _Asked):
            told = _outcome_of(partial(_listed, self._home[message.which], *message.args))
            self._pipe.send_bytes(_portable(told))
        return message.opened()

    def _received(self) -> _Asked | _Outcome:
        if not self._pipe.poll(self._patience):
            if self._pid:
                os.kill(self._pid, signal.SIGKILL)
            raise LostError(f"a child did not answer within {self._patience} seconds")
        try:
            message: _Asked | _Outcome = self._pipe.recv()
        except (EOFError, ConnectionError):
            raise LostError("a child ended without an answer") from None
        return message

    def _with_stand_ins(self, verb: Verb, away: Connection) -> Verb:
        """The `verb` with arguments for the child: of what stays at home, something that asks."""

        def stand_in(value: object) -> object:
            which = len(self._home)
            if isinstance(value, Iterator):
                self._home.append(Batches(value).more)
                return batched(partial(_ask, away, which))
            if callable(value):
                self._home.append(value)
                return partial(_ask, away, which)
            return value

        named = {name: stand_in(value) for name, value in verb.named.items()}
        return Verb(verb.method, tuple(map(stand_in, verb.args)), named)


class _Asked(NamedTuple):
    """A child asks for a call of what stays at home."""

    which: int
    args: tuple[object, ...]


class _Outcome(NamedTuple):
    """What came of something: a value, or an error and where it came from."""

    value: object
    error: BaseException | None = None
    trace: str = ""

    def opened(self) -> Any:
        """The value; raises the error."""
        if self.error:
            raise self.error from _ElsewhereError(self.trace)
        return self.value


class _ElsewhereError(Exception):
    """Shows where an error of another process comes from."""


def _live(pipe: Connection, verb: Verb, glance: Callable[[], None]) -> None:
    """The life of a child."""
    gc.disable()  # what its parent has yet to leave is not the child's to leave
    try:
        _serve(pipe, verb, glance)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)  # and nothing that this process was to do at its end is done by the child


def _serve(pipe: Connection, verb: Verb, glance: Callable[[], None]) -> None:
    stays: object = None

    def call() -> object:
        nonlocal stays
        sent, stays = parted(verb())
        glance()
        return sent

    pipe.send_bytes(_portable(_outcome_of(call)))
    while stays is not None and (message := pipe.recv()):
        step, args = message
        pipe.send_bytes(_portable(_outcome_of(partial(step, stays, *args))))


def _ask(pipe: Connection, which: int, *args: object) -> Any:
    """What comes of a call of what stays at home."""
    pipe.send(_Asked(which, args))
    outcome: _Outcome = pipe.recv()
    return outcome.opened()


def _outcome_of(task: Callable[[], object]) -> _Outcome:
    try:
        return _Outcome(task())
    except BaseException as error:
        return _Outcome(None, error, traceback.format_exc())


def _portable(outcome: _Outcome) -> bytes:
    """The `outcome` for a pipe; an error in its place when it cannot be sent, or not be read."""
    try:
        data = pickle.dumps(outcome)
        if outcome.error:
            pickle.loads(data)
    except Exception as error:
        lost = LostError(f"{outcome} cannot be sent to another process: {error!r}")
        return pickle.dumps(_Outcome(None, lost, outcome.trace))
    return data


def _listed(function: Callable[..., object], *args: object) -> object:
    """What the function returns; of an iterator, the list of what it gives, which can be sent."""
    value = function(*args)
    return list(value) if isinstance(value, Iterator) else value
