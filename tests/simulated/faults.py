"""What goes wrong between a client and the simulated processor."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from tests.simulated.account import SOON, Account
from tests.simulated.rules import Answer, Request, error, keep

# Of a request that changes something, and of one that only reads; the likelier ones more often.
OF_POST: Final = (
    "lost_request",
    "lost_reply",
    "lost_reply",
    "late",
    "late_forgotten",
    "doubled",
    "doubled_forgotten",
    "error_before",
    "error_after",
    "too_many",
    "in_use",
    "forgotten",
    "slow",
)
OF_GET: Final = ("lost_reply", "error_before", "too_many", "slow")
# What some requests are refused with before anybody looks at them; such an answer is never kept.
_REFUSALS: Final = {
    "too_many": error(429, "rate_limit", "too many requests"),
    "in_use": error(409, "key_in_use", "another request has this key"),
}
_BROKEN: Final = error(500, "broken", "something went wrong")


def chosen(account: Account, method: str) -> str:
    """The fault that the weather has for the next request, "" for none."""
    if account.script:
        return account.script.popleft()
    if account.random.random() >= account.weather.rate:
        return ""
    known = OF_POST if method == "POST" else OF_GET
    kinds = [kind for kind in known if kind in (account.weather.kinds or known)]
    return account.random.choice(kinds or [""])


def faulty(account: Account, request: Request, now: datetime, fault: str) -> Answer | None:
    """What the client gets to hear when `request` meets the `fault`; None when it is hung up on."""
    account.met[fault] += 1
    forgotten = request._replace(key="")
    match fault:
        case "too_many" | "in_use":
            return _REFUSALS[fault]
        case "error_before":
            return _broken(account, request, now, replaces=False)
        case "lost_request":
            return None
        case "late" | "late_forgotten":
            late = request if fault == "late" else forgotten
            account.later(lambda: account.served(late, now))
            return None
    _meddle(account, fault)
    answer = account.served(request, now)
    match fault:
        case "doubled":
            return account.served(request, now)
        case "doubled_forgotten":
            account.later(lambda: account.served(forgotten, now))
        case "error_after":
            return _broken(account, request, now, replaces=True)
    lost = answer.status == 200 and request.body.get("token") == "tok_lost"
    return None if lost or fault == "lost_reply" else answer


def _meddle(account: Account, fault: str) -> None:
    if fault == "slow":
        time.sleep(account.random.random() * SOON)
    elif fault == "forgotten":
        with account.ledger.memory(changes=True) as memory:
            memory["keys"].clear()


def _broken(account: Account, request: Request, now: datetime, *, replaces: bool) -> Answer:
    """A 500, which is kept and replayed like any answer."""
    if request.key:
        with account.ledger.memory(changes=True) as memory:
            if replaces or request.key not in memory["keys"]:
                keep(memory, request, _BROKEN, now)
    return _BROKEN
