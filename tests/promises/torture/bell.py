"""The bell that the simulated processor rings when something has changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Ring = Callable[[str, str], None]


class Bell(ThreadingHTTPServer):
    """Tells whoever is `rung` of which order and key it is; nobody at first."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rung: Ring = lambda order, key: None

    @property
    def url(self) -> str:
        """Where it is rung."""
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Bell

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.rung(told["order"], told["key"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@contextmanager
def hung_up() -> Iterator[Bell]:
    """A bell that can be rung in the `with` block."""
    with Bell() as bell:
        Thread(target=bell.serve_forever, daemon=True).start()
        yield bell
        bell.shutdown()
