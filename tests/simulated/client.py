"""The contract of payment processors, fulfilled by asking the simulated one.

What is asked twice does no harm: by its state an intent is charged once at most, and whatever was
cancelled stays so. The keys only save work, and nothing rests on them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from cartcli.errors import FixInput, RestoreData, RetryLater
from cartcli.model.ids import is_cart_id, is_key
from cartcli.model.money import Money
from cartcli.model.order import Attempt, Waiting
from cartcli.model.times import parse_time, rfc3339
from cartcli.payment import Payment, Refused, Status
from cartcli.payment.answers import IndefiniteError
from cartcli.payment.source import HostedPage, Source, Token

_MINIMUM: Final = Decimal("0.50")
_KINDS: Final = {"pi": "intents", "page": "pages"}
_REFUSALS: Final = ("token_invalid", "amount_too_small")
_MISTAKES: Final = ("invalid", "key_reused")
_IN_THE_WAY: Final = (409, 429)  # nobody has looked at the request
Record = dict[str, Any]


class Said(NamedTuple):
    """A status of HTTP, and what the processor said; `replayed` is what it had said before, and
    what may have changed since."""

    status: int
    body: Record
    replayed: bool

    @property
    def code(self) -> str:
        return str(self.body.get("error", {}).get("code", ""))

    def definite(self, **facts: object) -> Record:
        """What it is about. Refused, with these `facts`, for a definite refusal, FixInput for a
        mistake of ours, RetryLater when another request was in the way, IndefiniteError for any
        other error."""
        if self.status == 200:
            return self.body
        message = str(self.body.get("error", {}).get("message", self.status))
        if self.code in _REFUSALS:
            hint = "This call charged nothing."
            raise Refused(f"the payment processor refused it: {message}", hint, **facts)
        if self.code in _MISTAKES:
            raise FixInput(f"the payment processor did not take it: {message}")
        if self.status in _IN_THE_WAY:
            raise RetryLater(f"the payment processor is busy: {message}")
        raise IndefiniteError(f"the payment processor says: {message}")


class SimulatedProcessor:
    """The `account` whose ledger is in the file `ledger`, at the `address` of the processor (host
    and port). Nobody waits longer than `timeout` seconds for a part of its answer. With a `clock`,
    its time goes by that one."""

    prepares = True

    def __init__(
        self,
        address: str,
        ledger: str,
        account: str = "test",
        *,
        timeout: float = 30.0,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.name = f"simulated:{account}"
        self._address = address
        self._ledger = ledger
        self._timeout = timeout
        self._clock = clock

    def accepts(self, source: Source, amount: Money) -> None:
        if not isinstance(source, Token | HostedPage):
            raise FixInput(
                "this payment processor takes tokens and payments on its own page, and no numbers"
                " of cards",
                "This call charged nothing.",
            )
        if amount.amount < _MINIMUM:
            raise FixInput(
                f"the payment processor takes no less than {_MINIMUM} {amount.currency}, not"
                f" {amount}",
                "This call charged nothing.",
            )

    def prepare(self, attempt: Attempt, source: Source) -> str:
        _check_ids(attempt)
        kind = "pages" if isinstance(source, HostedPage) else "intents"
        said = self._ask("POST", kind, _asked(attempt), f"{attempt.key}.prepare")
        thing = said.definite(cart=attempt.cart, amount=attempt.amount)
        reference = str(thing["id"])
        self._answer(attempt._replace(reference=reference), thing)
        return reference

    def charge(self, attempt: Attempt, source: Source) -> Payment | Waiting:
        """A page is ready: whoever learns its URL may pay. A token is charged at once."""
        path = _path(attempt)
        if not isinstance(source, Token):
            return self._read(attempt)
        body = {**_asked(attempt), "token": source.value}
        said = self._ask("POST", f"{path}/confirm", body, f"{attempt.key}.confirm")
        if said.replayed or said.code in ("declined", "unexpected_state"):
            return self._read(attempt)
        thing = said.definite(cart=attempt.cart, amount=attempt.amount)
        return self._answer(attempt, thing)

    def look(self, attempt: Attempt) -> Payment | Waiting:
        return self._read(attempt)

    def cancel(self, attempt: Attempt) -> Payment | Waiting:
        """Without a key: a failure would be replayed for a day."""
        path = _path(attempt)
        verb = "expire" if path.startswith("pages") else "cancel"
        said = self._ask("POST", f"{path}/{verb}")
        if said.code != "unexpected_state":
            answer = self._answer(attempt, said.definite())
        else:
            answer = self._answer(attempt, self._ask("GET", path).definite())
        if isinstance(answer, Waiting) and answer.why != _PROCESSING:
            raise IndefiniteError("the payment has neither ended nor been cancelled")
        return answer

    def captured(self, cart: str) -> None:
        """It keeps no record here."""

    def payments(self, since: datetime | None = None) -> Iterator[Payment | RestoreData]:
        after = ""
        more = True
        while more:
            asked = {"since": rfc3339(since) if since else "", "after": after}
            page = self._ask("GET", f"answers?{urlencode(asked)}").definite()
            for thing in page["data"]:
                yield _listed(thing)
                after = thing["id"]
            more = page["more"]

    def _read(self, attempt: Attempt) -> Payment | Waiting:
        """What has become of it. A declined intent waits for nobody, but could be confirmed again:
        it is cancelled before that is told."""
        thing = self._ask("GET", _path(attempt)).definite()
        if thing["status"] == "requires_payment_method" and thing["reason"]:
            return self.cancel(attempt)
        return self._answer(attempt, thing)

    def _answer(self, attempt: Attempt, thing: Record) -> Payment | Waiting:
        """What an intent or page says about the attempt."""
        _check_about(attempt, thing)
        url = f"http://{self._address}{thing['url']}"
        match thing["status"]:
            case "succeeded" | "complete":
                return _payment(thing, "charged")
            case "cancelled" | "expired":
                return _ended(thing)
            case "requires_action":
                return Waiting("the bank asks the customer", url)
            case "open":
                return Waiting("the customer pays on a page", url, parse_time(thing["until"]))
            case "processing":
                return Waiting(_PROCESSING)
            case "requires_payment_method":
                return Waiting("nobody has paid it yet")
            case status:
                raise IndefiniteError(f"the payment processor says that it is {status!r}")

    def _ask(self, method: str, path: str, body: Record | None = None, key: str = "") -> Said:
        headers = {"Ledger": self._ledger, "Key": key}
        if self._clock:
            headers["Now"] = rfc3339(self._clock())
        connection = HTTPConnection(self._address, timeout=self._timeout)
        try:
            connection.request(method, f"/{path}", json.dumps(body or {}), headers)
            response = connection.getresponse()
            said = json.loads(response.read())
            return Said(response.status, said, response.getheader("Replayed") is not None)
        finally:
            connection.close()


_PROCESSING: Final = "the bank is still processing it"


def _asked(attempt: Attempt) -> Record:
    """What of the attempt the processor is told, and tells again."""
    return {
        "order": attempt.cart,
        "key": attempt.key,
        "amount": attempt.amount.decimal,
        "currency": attempt.amount.currency,
    }


def _check_about(attempt: Attempt, thing: Record) -> None:
    """IndefiniteError unless an intent or page is about the attempt, and so is what it received."""
    amount, received = (Money(thing[name], thing["currency"]) for name in ("amount", "received"))
    about = thing["id"], thing["key"], thing["order"], amount
    if about != (attempt.reference, attempt.key, attempt.cart, attempt.amount):
        raise IndefiniteError("the payment processor answered for another payment")
    charged = thing["status"] in ("succeeded", "complete")
    if received.amount != (amount.amount if charged else 0):
        raise IndefiniteError("the payment processor received another amount")


def _path(attempt: Attempt) -> str:
    _check_ids(attempt)
    kind, _, digits = attempt.reference.partition("_")
    if kind not in _KINDS or not digits.isalnum():
        raise FixInput(f"{attempt.reference!r} is no reference of this payment processor")
    return f"{_KINDS[kind]}/{attempt.reference}"


def _check_ids(attempt: Attempt) -> None:
    if not is_key(attempt.key) or not is_cart_id(attempt.cart):
        raise FixInput(f"{attempt.key!r} is no idempotency key, or {attempt.cart!r} no cart's id")


def _listed(thing: Record) -> Payment | RestoreData:
    try:
        charged = thing["status"] in ("succeeded", "complete")
        return _payment(thing, "charged") if charged else _ended(thing)
    except (KeyError, TypeError, ValueError) as error:
        return RestoreData(f"the payment processor lists what is no payment: {error}")


def _ended(thing: Record) -> Payment:
    declined = thing["status"] == "cancelled" and thing["reason"]
    return _payment(thing, "declined" if declined else "cancelled")


def _payment(thing: Record, status: Status) -> Payment:
    amount = None if status == "cancelled" else Money(thing["amount"], thing["currency"])
    return Payment(
        thing["key"],
        thing["charge"] or thing["id"],
        thing["order"],
        thing["id"],
        status,
        amount,
        thing["brand"],
        thing["last4"],
        parse_time(thing["ended"]),
        thing["reason"],
    )
