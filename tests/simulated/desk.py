"""What a test holds of the simulated processor: the process, and for each ledger the weather, the
customer and the bank."""

from __future__ import annotations

import atexit
import functools
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cartcli.model.times import rfc3339

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0


@functools.cache
def address() -> str:
    """Host and port of the one that this process has started, or starts now. It ends with it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.simulated.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    atexit.register(_end, process)
    return process.stdout.readline().strip()


def _end(process: subprocess.Popen[str]) -> None:
    with process:  # closes its standard input, and waits for it
        pass


class Desk:
    """The ledger in the file `ledger`, at this `address`. With a `clock`, the customer and the
    bank go by that one."""

    def __init__(
        self, address: str, ledger: Path, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.address = address
        self.ledger = ledger
        self._clock = clock

    @property
    def books(self) -> dict[str, Any]:
        """Everything that the processor remembers."""
        if not self.ledger.exists():
            return {"intents": {}, "pages": {}, "keys": {}, "charges": []}
        books: dict[str, Any] = json.loads(self.ledger.read_text("utf-8"))
        return books

    def weather(self, **weather: Any) -> None:
        """From now on, this weather; see `account.Weather`."""
        self.ask("test/weather", **weather)

    def calm(self) -> dict[str, int]:
        """Fair weather from now on; returns when nothing is underway any more, how often which
        fault was met."""
        return self.ask("test/calm")

    def open(self, url: str) -> None:
        """A customer opens a URL that they were told."""
        self.ask("test/opened", path=urlsplit(url).path)

    def pay(self, page: str, token: str = "tok_good") -> None:
        """The customer pays on the page."""
        self.ask(f"test/act/pages/{page}/pay", token=token)

    def bank(self, verb: str, intent: str) -> None:
        """The customer at the bank, to `approve` or to `deny`; the bank, to `finish` or to `fail`
        what it processes."""
        self.ask(f"test/act/intents/{intent}/{verb}")

    def ask(self, path: str, /, **body: Any) -> dict[str, Any]:
        """Ask the server; an answer that is none of success or of a decline fails the test."""
        connection = HTTPConnection(self.address, timeout=_PATIENCE)
        try:
            headers = {"Ledger": str(self.ledger)}
            if self._clock:
                headers["Now"] = rfc3339(self._clock())
            connection.request("POST", f"/{path}", json.dumps(body), headers)
            response = connection.getresponse()
            said: dict[str, Any] = json.loads(response.read())
            assert response.status in (200, 402), said
            return said
        finally:
            connection.close()
