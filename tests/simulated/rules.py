"""The rules of a remote payment processor, on plain values: those that Stripe documents.

An intent is a payment to be: it is confirmed with a token, or cancelled. A page is one where the
customer pays, as long as it is open. Either charges once at most. A declined intent can be
confirmed again: only what has succeeded, was cancelled or has expired is final.

A memory is what the processor remembers, as JSON has it: `intents` and `pages` by id, the answers
that are replayed by their `keys`, and the `charges`, each time that money moved.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from cartcli.model.times import parse_time, rfc3339

Record = dict[str, Any]
Chance = Callable[[], float]

MINIMUM: Final = Decimal("0.50")
KEYS_ARE_KEPT: Final = timedelta(hours=24)
PAGES_ARE_OPEN: Final = timedelta(minutes=30)
FINAL: Final = ("succeeded", "cancelled", "complete", "expired")
LIST_LENGTH: Final = 100
# What comes before an endpoint begins is not kept under a key, and may be asked again.
_NOT_KEPT: Final = ("invalid", "token_invalid", "amount_too_small", "missing")
_ASKED: Final = ("order", "key", "amount", "currency")


class Request(NamedTuple):
    """What is asked. With a `key`, the answer is kept and replayed."""

    method: str
    path: str
    body: Record
    key: str = ""


class Answer(NamedTuple):
    """A status of HTTP, and what is said. `replayed` is one that was kept."""

    status: int
    body: Record
    replayed: bool = False

    @property
    def code(self) -> str:
        """Which error it is, "" for none."""
        return str(self.body.get("error", {}).get("code", ""))


def nothing() -> Record:
    """The memory of a processor that nobody has asked yet."""
    return {"intents": {}, "pages": {}, "keys": {}, "charges": []}


def error(status: int, code: str, message: str, thing: Record | None = None) -> Answer:
    """An error, with the intent or page that it is about."""
    return Answer(status, {"error": {"code": code, "message": message, "about": thing}})


def answered(memory: Record, request: Request, now: datetime, chance: Chance) -> Answer:
    """The answer to a `request`, which changes the `memory`. `chance` decides where a token leaves
    it open."""
    asked = [request.method, request.path, request.body]
    kept = memory["keys"].get(request.key) if request.key else None
    if kept and now - parse_time(kept["at"]) < KEYS_ARE_KEPT:
        if kept["asked"] != asked:
            return error(400, "key_reused", "the key was used with other parameters")
        return Answer(kept["status"], kept["body"], replayed=True)
    answer = _Rules(memory, now, chance).answer(request)
    if request.key and answer.code not in _NOT_KEPT:
        keep(memory, request, answer, now)
    return answer


def keep(memory: Record, request: Request, answer: Answer, now: datetime) -> None:
    """Let `answer` be replayed whenever the same is asked under the key of `request`."""
    memory["keys"][request.key] = {
        "asked": [request.method, request.path, request.body],
        "status": answer.status,
        "body": answer.body,
        "at": rfc3339(now),
    }


class _Rules:
    def __init__(self, memory: Record, now: datetime, chance: Chance) -> None:
        self._memory = memory
        self._now = now
        self._chance = chance

    def answer(self, request: Request) -> Answer:
        parts = request.path.strip("/").split("/")
        match (request.method, *parts):
            case ("GET", "answers"):
                return self._list(request.body)
            case ("POST", "intents" | "pages" as kind):
                return self._create(kind, request.body)
            case (_, "intents" | "pages" as kind, reference, *verb):
                thing = self._memory[kind].get(reference)
                if thing is None:
                    return error(404, "missing", f"there is no {reference}")
                self._expire(thing)
                return self._act(thing, [request.method, kind, *verb], request.body)
            case _:
                return error(404, "missing", "there is no such path")

    def _act(self, thing: Record, what: list[str], body: Record) -> Answer:
        match what:
            case ["GET", _]:
                return _said(thing)
            case ["POST", "intents", "confirm"]:
                return self._confirm(thing, body)
            case ["POST", "intents", "cancel"] if thing["status"] in _LIVE:
                return self._end(thing, "cancelled")
            case ["POST", "pages", "expire"] if thing["status"] == "open":
                return self._end(thing, "expired")
            case ["POST", "intents", "approve"] if thing["status"] == "requires_action":
                return self._succeed(thing)
            case ["POST", "intents", "deny"] if thing["status"] == "requires_action":
                return self._decline(thing, "the customer did not confirm it")
            case ["POST", "intents", "finish"] if thing["status"] == "processing":
                return self._succeed(thing)
            case ["POST", "intents", "fail"] if thing["status"] == "processing":
                return self._decline(thing, "the bank has refused it")
            case ["POST", "pages", "pay"] if thing["status"] == "open":
                return self._pay(thing, body)
            case _:
                return _unexpected(thing)

    def _create(self, kind: str, body: Record) -> Answer:
        if sorted(body) != sorted(_ASKED) or not all(isinstance(body[n], str) for n in _ASKED):
            return error(400, "invalid", f"exactly {', '.join(_ASKED)} are needed, each a text")
        try:
            amount = Decimal(body["amount"])
        except InvalidOperation:
            return error(400, "invalid", f"{body['amount']!r} is not an amount")
        if amount < MINIMUM:
            return error(400, "amount_too_small", f"the least amount is {MINIMUM}")
        page = kind == "pages"
        reference = f"{'page' if page else 'pi'}_{secrets.token_hex(10)}"
        thing = {
            "id": reference,
            **body,
            "status": "open" if page else "requires_payment_method",
            "received": "0",
            "charge": "",
            "reason": "",
            "brand": "",
            "last4": "",
            "url": f"/pay/{reference}" if page else "",
            "until": rfc3339(self._now + PAGES_ARE_OPEN) if page else "",
            "created": rfc3339(self._now),
            "ended": "",
        }
        self._memory[kind][reference] = thing
        return _said(thing)

    def _confirm(self, intent: Record, body: Record) -> Answer:
        if intent["status"] not in _LIVE:
            return _unexpected(intent)
        if {**intent, **body} != {**intent, "token": body.get("token")}:
            return error(400, "invalid", "the intent is about something else", intent)
        match self._outcome(str(body["token"]), intent):
            case "charged":
                return self._succeed(intent)
            case "declined":
                return self._decline(intent, "the card was declined")
            case "waiting":
                intent.update(status="requires_action", url=f"/3ds/{intent['id']}", reason="")
            case "processing":
                intent.update(status="processing", url="", reason="")
            case _:
                return error(400, "token_invalid", "there is no such token", intent)
        return _said(intent)

    def _pay(self, page: Record, body: Record) -> Answer:
        """On a page the bank asks at once, and a declined customer may try again."""
        if self._outcome(str(body.get("token")), page) == "charged":
            return self._succeed(page)
        page["reason"] = "the card was declined"
        return error(402, "declined", page["reason"], dict(page))

    def _outcome(self, token: str, thing: Record) -> str:
        if token == "tok_second":
            return "charged" if thing["reason"] else "declined"
        if token != "tok_any":
            return _TOKENS.get(token, "")
        chance = self._chance()
        return next(outcome for below, outcome in _ODDS if chance < below)

    def _succeed(self, thing: Record) -> Answer:
        thing.update(
            status="complete" if thing["until"] else "succeeded",
            received=thing["amount"],
            charge=f"ch_{secrets.token_hex(10)}",
            reason="",
            brand="visa",
            last4="4242",
            url="",
            ended=rfc3339(self._now),
        )
        charge = {"id": thing["charge"], "reference": thing["id"]}
        self._memory["charges"].append(charge | {name: thing[name] for name in _ASKED})
        return _said(thing)

    def _decline(self, intent: Record, reason: str) -> Answer:
        """Which ends nothing: the intent can be confirmed again."""
        intent.update(status="requires_payment_method", reason=reason, url="")
        intent.update(brand="visa", last4="0002")
        return error(402, "declined", reason, dict(intent))

    def _end(self, thing: Record, status: str) -> Answer:
        thing.update(status=status, url="", ended=rfc3339(self._now))
        return _said(thing)

    def _expire(self, thing: Record) -> None:
        if thing["status"] == "open" and parse_time(thing["until"]) <= self._now:
            self._end(thing, "expired")

    def _list(self, body: Record) -> Answer:
        """What is final, intents before pages, each in the order in which they were made; those
        that have ended `since` then, and come `after` one of them."""
        things = [*self._memory["intents"].values(), *self._memory["pages"].values()]
        for thing in things:
            self._expire(thing)
        if body.get("after"):
            things = things[[thing["id"] for thing in things].index(body["after"]) + 1 :]
        ended = [
            dict(thing)
            for thing in things
            if thing["status"] in FINAL and thing["ended"] >= body.get("since", "")
        ]
        return Answer(200, {"data": ended[:LIST_LENGTH], "more": len(ended) > LIST_LENGTH})


_LIVE: Final = ("requires_payment_method", "requires_action")
_TOKENS: Final = {
    "tok_good": "charged",
    "tok_lost": "charged",  # the server loses the answer
    "tok_declined": "declined",
    "tok_waiting": "waiting",
    "tok_processing": "processing",
}
_ODDS: Final = ((0.55, "charged"), (0.75, "declined"), (0.9, "waiting"), (1.0, "processing"))


def _said(thing: Record) -> Answer:
    return Answer(200, dict(thing))


def _unexpected(thing: Record) -> Answer:
    return error(
        400, "unexpected_state", f"this cannot be done while it is {thing['status']}", dict(thing)
    )
