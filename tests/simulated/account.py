"""One account of the simulated processor: its ledger, what is going on in it, and what goes on
later, when whoever asked has long gone."""

from __future__ import annotations

import random
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Condition, Lock, Thread
from typing import Final, NamedTuple

from tests.simulated.ledger import Ledger
from tests.simulated.rules import Answer, Record, Request, answered, error, nothing

SOON: Final = 0.25  # seconds within which all that is late happens
_DAWDLES: Final = 0.3  # of the requests, while the weather is bad


class Weather(NamedTuple):
    """What a ledger's requests have to go through: `rate` of them meet a fault, which the `seed`
    chooses, of these `kinds` or of all; but first, one request after the other meets the faults of
    the `script`, "" for none. With `people`, customers act at what they open, and the bank ends
    what it processes. Each change is told to the address `bell`, one to three times.
    """

    rate: float = 0.0
    kinds: tuple[str, ...] = ()
    seed: int = 0
    script: tuple[str, ...] = ()
    people: bool = False
    bell: str = ""


class Account:
    """The account of the ledger in the file `path`. It is `now` as late as the latest request has
    said."""

    def __init__(self, path: str) -> None:
        self.ledger = Ledger(path, nothing)
        self.weather = Weather()
        self.random = random.Random(0)
        self.script: deque[str] = deque()
        self.now = datetime.min.replace(tzinfo=UTC)
        self.met: Counter[str] = Counter()
        self.changed: Callable[[Account, Record], None] = lambda account, thing: None
        self._busy: set[str] = set()
        self._lock = Lock()
        self._underway = 0
        self._settled = Condition()

    def have(self, weather: Weather) -> None:
        """From now on, this `weather`."""
        self.random = random.Random(weather.seed)
        self.script = deque(weather.script)
        self.weather = weather

    def served(self, request: Request, now: datetime) -> Answer:
        """What the rules say, unless the key, or what the request is about, is in use."""
        key = request.key and f"key {request.key}"
        thing = _about(request)
        with self._lock:
            if key in self._busy:
                return error(409, "key_in_use", "another request has this key")
            if thing in self._busy:
                return error(429, "lock_timeout", "another request uses this object")
            self._busy |= {key, thing} - {""}
        try:
            self._dawdle()
            with self.ledger.memory(changes=request.method == "POST") as memory:
                answer = answered(memory, request, now, self.random.random)
        finally:
            with self._lock:
                self._busy -= {key, thing}
        about = answer.body.get("error", {}).get("about", answer.body)
        if thing and about and not answer.replayed:
            self.changed(self, about)
        return answer

    def later(self, action: Callable[[], object]) -> None:
        """Let `action` happen soon, whoever waits for it."""
        pause = self.random.random() * SOON

        def act() -> None:
            time.sleep(pause)
            try:
                with suppress(OSError):  # the test has ended, and its folder is gone
                    action()
            finally:
                with self._settled:
                    self._underway -= 1
                    self._settled.notify_all()

        with self._settled:
            self._underway += 1
        Thread(target=act, daemon=True).start()

    def calm(self) -> None:
        """From now on, no more faults; return when all that was to happen later has happened."""
        self.weather = self.weather._replace(rate=0.0)
        self.script.clear()
        with self._settled:
            self._settled.wait_for(lambda: self._underway == 0)

    def _dawdle(self) -> None:
        """In bad weather requests take their time, so that others come between."""
        if self.weather.rate and self.random.random() < _DAWDLES:
            time.sleep(self.random.random() * 0.02)


def _about(request: Request) -> str:
    """The intent or page that a request is to change, "" for none."""
    parts = request.path.strip("/").split("/")
    return parts[1] if request.method == "POST" and len(parts) > 1 else ""
