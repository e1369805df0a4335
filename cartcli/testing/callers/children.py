"""A child process, which makes calls of the object that it has inherited. Whatever it is told, and
what comes of that, goes through a pipe.

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
from enum import Enum
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from cartcli.testing.callers.lanes import LostError
from cartcli.testing.callers.parcels import Batches, batched, parted
from cartcli.testing.callers.ways import Verb


class Life(NamedTuple):
    """What a child is born with: the object that was `made`, what its parent has `moved` whenever
    it is told something, and how long its parent waits for an answer, in seconds."""

    made: object
    moved: object
    patience: float


class Child:
    """A process that does what it is told. One is made at a time, so that no other inherits its end
    of the pipe."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._pipe, away = Pipe()
        self._pid = os.fork()
        if self._pid == 0:
            self._pipe.close()
            _live(away, life)
        away.close()

    def tell(self, message: Verb | _Step | _Order) -> None:
        """Have it call a verb, or go on with what has stayed of the last one; it answers that."""
        with suppress(OSError):  # that it is gone is seen when its answer is waited for
            self._pipe.send((_moved(self._life), message))

    def told(self) -> _Asked | _Outcome:
        """What it tells next."""
        if not self._pipe.poll(self._life.patience):
            os.kill(self._pid, signal.SIGKILL)
            raise LostError(f"a child did not answer within {self._life.patience} seconds")
        try:
            told: _Asked | _Outcome = self._pipe.recv()
        except (EOFError, ConnectionError):
            raise LostError("a child ended without an answer") from None
        return told

    def answer(self, outcome: _Outcome) -> None:
        """Tell what came of what it has asked for."""
        self._pipe.send_bytes(_portable(outcome))

    def end(self) -> None:
        """Have it end once it has done what it was told."""
        self.tell(_Order.END)
        self._pipe.close()
        os.waitpid(self._pid, 0)


class Task:
    """The place of one call: a child that is nobody else's until it is left."""

    def __init__(self, child: Child, give_back: Callable[[Child], None]) -> None:
        self._child = child
        self._give_back: Callable[[Child], None] | None = give_back
        self._home: list[Callable[..., object]] = []

    def begin(self, verb: Verb) -> object:
        """What was sent of the result."""
        named = {name: self._sent(value) for name, value in verb.named.items()}
        self._child.tell(verb._replace(args=tuple(map(self._sent, verb.args)), named=named))
        try:
            return self._answer()
        except LostError:
            self._give_back = None  # it is of no use any more
            raise
        except BaseException:
            self.leave()
            raise

    def go_on(self, step: Callable[..., object], *args: object) -> Any:
        self._child.tell(_Step(step, args))
        return self._answer()

    def leave(self) -> None:
        give_back, self._give_back = self._give_back, None
        if give_back:
            self._child.tell(_Order.DROP)
            give_back(self._child)

    def _answer(self) -> object:
        """What came of what the child was told last. Until then, it is given what it asks for."""
        while isinstance(told := self._child.told(), _Asked):
            task = partial(_listed, self._home[told.which], *told.args)
            self._child.answer(_outcome_of(task))
        return told.opened()

    def _sent(self, value: object) -> object:
        """An argument for the child: of what stays at home, something that asks."""
        if isinstance(value, Iterator):
            self._home.append(Batches(value).more)
            return _AtHome(len(self._home) - 1, iterates=True)
        if callable(value):
            self._home.append(value)
            return _AtHome(len(self._home) - 1, iterates=False)
        return value


class _Order(Enum):
    """What a child does not answer."""

    DROP = "drop what has stayed"
    END = "end"


class _Step(NamedTuple):
    """A function to call with what has stayed, and with `args`."""

    function: Callable[..., object]
    args: tuple[object, ...]


class _AtHome(NamedTuple):
    """Stands for an argument that the child has to ask for."""

    which: int
    iterates: bool


class _Asked(NamedTuple):
    """A child asks for a call of what is at home."""

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


class _Servant:
    """What a child does, told through its end of the `pipe`."""

    def __init__(self, pipe: Connection, life: Life) -> None:
        self._pipe = pipe
        self._life = life
        self._stays: object = None

    def serve(self) -> None:
        """Do what is told until the end."""
        while (message := self._told()) is not _Order.END:
            if message is _Order.DROP:
                self._stays = None
            else:
                self._pipe.send_bytes(_portable(_outcome_of(partial(self._done, message))))

    def _told(self) -> Verb | _Step | _Order:
        moved, message = self._pipe.recv()
        _moved(self._life).update(moved)
        told: Verb | _Step | _Order = message
        return told

    def _done(self, message: Verb | _Step) -> object:
        if isinstance(message, _Step):
            return message.function(self._stays, *message.args)
        named = {name: self._here(value) for name, value in message.named.items()}
        verb = message._replace(args=tuple(map(self._here, message.args)), named=named)
        sent, self._stays = parted(verb.of(self._life.made))
        return sent

    def _here(self, value: object) -> object:
        """An argument; of what is at home, something that asks."""
        if not isinstance(value, _AtHome):
            return value
        ask = partial(self._ask, value.which)
        return batched(ask) if value.iterates else ask

    def _ask(self, which: int, *args: object) -> Any:
        self._pipe.send(_Asked(which, args))
        outcome: _Outcome = self._pipe.recv()
        return outcome.opened()


def _live(pipe: Connection, life: Life) -> None:
    """The life of a child, to its end."""
    gc.disable()  # what its parent has yet to leave is not the child's to leave
    try:
        _Servant(pipe, life).serve()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)  # and nothing that its parent was to do at its end is done by the child


def _moved(life: Life) -> dict[str, object]:
    """The attributes that the parent changes."""
    return {} if life.moved is None else vars(life.moved)


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
