"""The process of the simulated processor: JSON over HTTP, on a free port of this machine.

It prints its address and ends with its standard input. Every request names a ledger; what of it is
no POST or GET of `rules.py` is for tests:

    POST /test/weather      the weather from now on, see `account.Weather`
    POST /test/calm         fair weather; answers when nothing is underway any more
    POST /test/opened       a customer opens a URL
    POST /test/act/…        a request that meets no fault: the customer's, or the bank's
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from cartcli.model.times import parse_time
from tests.simulated import people
from tests.simulated.account import Account, Weather
from tests.simulated.faults import chosen, faulty
from tests.simulated.rules import Answer, Request

_TESTS: Final = "/test/"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._accounts: dict[str, Account] = {}
        self._lock = Lock()

    def account(self, ledger: str) -> Account:
        """The account of the file `ledger`."""
        with self._lock:
            if ledger not in self._accounts:
                self._accounts[ledger] = account = Account(ledger)
                account.changed = people.changed
            return self._accounts[ledger]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = urlsplit(self.path)
        told_more = json.loads(body or "{}") | dict(parse_qsl(asked.query))
        request = Request(self.command, asked.path, told_more, self.headers.get("Key", ""))
        account = self.server.account(self.headers["Ledger"])
        told = self.headers.get("Now", "")
        account.now = now = parse_time(told) if told else datetime.now(UTC)
        answer: Answer | None
        if request.path.startswith(_TESTS):
            answer = _for_tests(account, request, now)
        else:
            answer = faulty(account, request, now, chosen(account, request.method))
        if answer:  # else it is hung up on
            self._say(answer)

    def _say(self, answer: Answer) -> None:
        data = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(data)))
        if answer.replayed:
            self.send_header("Replayed", "true")
        self.end_headers()
        self.wfile.write(data)


def _for_tests(account: Account, request: Request, now: datetime) -> Answer:
    match request.path.removeprefix(_TESTS):
        case "weather":
            account.have(Weather(**request.body))
        case "calm":
            account.calm()
            return Answer(200, dict(account.met))
        case "opened":
            people.opened(account, request.body["path"])
        case action:
            return account.served(request._replace(path=action.removeprefix("act/")), now)
    return Answer(200, {})


def _end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    Thread(target=_end_with_stdin, daemon=True).start()
    with _Server() as server:
        print(f"127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
