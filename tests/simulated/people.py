"""The customer and the bank, who act in their own time, and the bell that tells of it."""

from __future__ import annotations

import json
import urllib.request
from contextlib import suppress

from tests.simulated.account import Account
from tests.simulated.rules import Record, Request

_TRIES = 3
_WAIT = 5.0


def opened(account: Account, path: str) -> None:
    """A customer has opened the `path` of a URL: of a page, or of their bank."""
    where, reference = path.strip("/").split("/")

    def act(tries: int = _TRIES) -> None:
        chance = account.random.random()
        if where == "pay":
            _ask(account, f"pages/{reference}/pay", token="tok_any")
        elif chance < 0.8:  # the others close the tab
            _ask(account, f"intents/{reference}/{'approve' if chance < 0.5 else 'deny'}")
        if tries > 1:
            account.later(lambda: act(tries - 1))

    if account.weather.people:
        account.later(act)


def changed(account: Account, thing: Record) -> None:
    """An intent or page has changed: the bank may have to act, and the bell rings."""
    if account.weather.people and thing["status"] == "processing":
        verb = "finish" if account.random.random() < 0.6 else "fail"
        account.later(lambda: _ask(account, f"intents/{thing['id']}/{verb}"))
    if account.weather.bell:
        for _ in range(account.random.choice((1, 1, 2, 3))):
            account.later(lambda: _ring(account.weather.bell, thing))


def _ask(account: Account, path: str, **body: str) -> None:
    """As long as the object is in use, again."""
    request = Request("POST", path, body)
    while account.served(request, account.now).status == 429:
        pass


def _ring(bell: str, thing: Record) -> None:
    """Which payment it is about, and no more: nobody is to believe it."""
    told = json.dumps({name: thing[name] for name in ("order", "key", "id")}).encode()
    with suppress(OSError):
        urllib.request.urlopen(urllib.request.Request(bell, told), timeout=_WAIT).close()
