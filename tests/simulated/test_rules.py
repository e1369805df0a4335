"""The rules are those that Stripe documents: what a client may rely on, and what it may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.helpers import Clock
from tests.simulated.rules import (
    LIST_LENGTH,
    Answer,
    Record,
    Request,
    answered,
    nothing,
)

ORDER = {"order": "an order", "key": "a key", "amount": "17.80", "currency": "USD"}


class Asked:
    """Asks the rules, on a memory of its own."""

    def __init__(self, clock: Clock) -> None:
        self.memory = nothing()
        self.chance = 0.0
        self._clock = clock

    def __call__(self, method: str, path: str, under: str = "", /, **body: Any) -> Answer:
        request = Request(method, path, body, under)
        return answered(self.memory, request, self._clock(), lambda: self.chance)

    def new(self, kind: str = "intents") -> str:
        """The path of a new intent, or page."""
        return f"{kind}/{self('POST', kind, **ORDER).body['id']}"

    def in_state(self, state: str) -> str:
        """The path of an intent, or page, in that state."""
        path = self.new("pages" if state in ("open", "complete", "expired") else "intents")
        for verb, body in WAYS[state]:
            self("POST", f"{path}/{verb}", **body)
        assert self("GET", path).body["status"] == state
        return path

    @property
    def charges(self) -> list[Record]:
        """Each time that money moved."""
        charges: list[Record] = self.memory["charges"]
        return charges


# How to get there.
WAYS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "requires_payment_method": [],
    "requires_action": [("confirm", {"token": "tok_waiting"})],
    "processing": [("confirm", {"token": "tok_processing"})],
    "succeeded": [("confirm", {"token": "tok_good"})],
    "cancelled": [("cancel", {})],
    "open": [],
    "complete": [("pay", {"token": "tok_good"})],
    "expired": [("expire", {})],
}


@pytest.fixture
def ask(clock: Clock) -> Asked:
    """The rules, on an empty memory."""
    return Asked(clock)


def test_an_answer_is_replayed_under_its_key(ask: Asked) -> None:
    first = ask("POST", "intents", "k", **ORDER)
    again = ask("POST", "intents", "k", **ORDER)
    assert again == first._replace(replayed=True)
    assert len(ask.memory["intents"]) == 1


def test_a_replayed_answer_may_be_out_of_date(ask: Asked) -> None:
    path = ask.new()
    ask("POST", f"{path}/confirm", "k", token="tok_waiting")
    ask("POST", f"{path}/approve")
    again = ask("POST", f"{path}/confirm", "k", token="tok_waiting")
    assert again.body["status"] == "requires_action"
    assert ask("GET", path).body["status"] == "succeeded"


def test_a_key_is_refused_for_other_parameters(ask: Asked) -> None:
    ask("POST", "intents", "k", **ORDER)
    assert ask("POST", "intents", "k", **{**ORDER, "amount": "17.81"}).code == "key_reused"
    assert len(ask.memory["intents"]) == 1


def test_a_key_is_forgotten_after_a_day(ask: Asked, clock: Clock) -> None:
    first = ask("POST", "intents", "k", **ORDER)
    clock.move(hours=23.9)
    assert ask("POST", "intents", "k", **ORDER).body == first.body
    clock.move(hours=0.2)
    assert ask("POST", "intents", "k", **ORDER).body["id"] != first.body["id"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": "0.49"}, "amount_too_small"),
        ({"amount": "a lot"}, "invalid"),
        ({"amount": 18}, "invalid"),
        ({"more": "x"}, "invalid"),
    ],
)
def test_what_was_not_valid_is_not_kept(ask: Asked, change: Record, code: str) -> None:
    assert ask("POST", "intents", "k", **{**ORDER, **change}).code == code
    assert ask("POST", "intents", "k", **ORDER).status == 200
    assert len(ask.memory["intents"]) == 1


def test_a_declined_intent_can_be_confirmed_again(ask: Asked) -> None:
    path = ask.new()
    declined = ask("POST", f"{path}/confirm", token="tok_declined")
    assert (declined.status, declined.code) == (402, "declined")
    assert ask("GET", path).body["status"] == "requires_payment_method"
    assert ask("POST", f"{path}/confirm", token="tok_good").body["status"] == "succeeded"
    assert [charge["order"] for charge in ask.charges] == [ORDER["order"]]


@pytest.mark.parametrize("state", ["requires_payment_method", "requires_action"])
def test_what_nobody_has_paid_can_be_cancelled(ask: Asked, state: str) -> None:
    path = ask.in_state(state)
    assert ask("POST", f"{path}/cancel").body["status"] == "cancelled"


@pytest.mark.parametrize("state", ["processing", "succeeded"])
def test_what_is_paid_or_being_paid_cannot_be_cancelled(ask: Asked, state: str) -> None:
    path = ask.in_state(state)
    assert ask("POST", f"{path}/cancel").code == "unexpected_state"
    assert ask("GET", path).body["status"] == state


@pytest.mark.parametrize("state", ["succeeded", "cancelled", "complete", "expired"])
@pytest.mark.parametrize(
    "verb", ["confirm", "cancel", "approve", "deny", "finish", "fail", "pay", "expire"]
)
def test_what_is_final_stays_so(ask: Asked, state: str, verb: str) -> None:
    path = ask.in_state(state)
    before = ask("GET", path), list(ask.charges)
    assert ask("POST", f"{path}/{verb}", token="tok_good").code == "unexpected_state"
    assert (ask("GET", path), ask.charges) == before
    assert len(ask.charges) == (state in ("succeeded", "complete"))


@pytest.mark.parametrize(
    ("state", "verb", "then"),
    [
        ("requires_action", "approve", "succeeded"),
        ("requires_action", "deny", "requires_payment_method"),
        ("processing", "finish", "succeeded"),
        ("processing", "fail", "requires_payment_method"),
    ],
)
def test_the_customer_and_the_bank_end_what_waits_for_them(
    ask: Asked, state: str, verb: str, then: str
) -> None:
    path = ask.in_state(state)
    ask("POST", f"{path}/{verb}")
    assert ask("GET", path).body["status"] == then
    assert len(ask.charges) == (then == "succeeded")


def test_a_page_can_be_paid_until_it_expires(ask: Asked, clock: Clock) -> None:
    paid, late = ask.new("pages"), ask.new("pages")
    clock.move(seconds=29.9 * 60)
    assert ask("POST", f"{paid}/pay", token="tok_good").body["status"] == "complete"
    clock.move(seconds=6)
    assert ask("POST", f"{late}/pay", token="tok_good").code == "unexpected_state"
    assert ask("GET", late).body["status"] == "expired"
    assert len(ask.charges) == 1


def test_on_a_page_one_may_try_again(ask: Asked) -> None:
    path = ask.new("pages")
    assert ask("POST", f"{path}/pay", token="tok_declined").code == "declined"
    assert ask("GET", path).body["status"] == "open"
    assert ask("POST", f"{path}/pay", token="tok_good").body["status"] == "complete"


def test_some_tokens_are_good_when_they_are_tried_again(ask: Asked) -> None:
    path = ask.new()
    assert ask("POST", f"{path}/confirm", token="tok_second").code == "declined"
    assert ask("POST", f"{path}/confirm", token="tok_second").body["status"] == "succeeded"


def test_a_token_that_is_none_is_refused_and_changes_nothing(ask: Asked) -> None:
    path = ask.new()
    before = ask("GET", path)
    assert ask("POST", f"{path}/confirm", "k", token="tok_bad").code == "token_invalid"
    assert ask("GET", path) == before
    assert ask.memory["keys"] == {}


@pytest.mark.parametrize(
    "change", [{"amount": "17.81"}, {"currency": "EUR"}, {"order": "x"}, {"status": "succeeded"}]
)
def test_a_confirmation_of_something_else_is_refused(ask: Asked, change: Record) -> None:
    path = ask.new()
    assert ask("POST", f"{path}/confirm", token="tok_good", **change).code == "invalid"
    assert ask.charges == []
    assert ask("POST", f"{path}/confirm", token="tok_good", **ORDER).status == 200


@pytest.mark.parametrize(
    ("chance", "state"),
    [
        (0.5, "succeeded"),
        (0.6, "requires_payment_method"),
        (0.8, "requires_action"),
        (0.95, "processing"),
    ],
)
def test_some_tokens_leave_it_to_chance(ask: Asked, chance: float, state: str) -> None:
    path = ask.new()
    ask.chance = chance
    ask("POST", f"{path}/confirm", token="tok_any")
    assert ask("GET", path).body["status"] == state


@pytest.mark.parametrize("path", ["intents/pi_1", "pages/page_1", "pages/pi_1", "elsewhere"])
def test_what_is_not_there_is_told(ask: Asked, path: str) -> None:
    assert ask("GET", path).code == "missing"


def test_what_is_final_is_listed_a_page_at_a_time(ask: Asked, clock: Clock) -> None:
    ask.in_state("processing")
    ended = [ask.in_state("cancelled") for _ in range(LIST_LENGTH)]
    since = clock.now + timedelta(hours=1)
    clock.move(hours=1)
    ended.append(ask.in_state("complete"))
    first = ask("GET", "answers").body
    rest = ask("GET", "answers", after=first["data"][-1]["id"]).body
    assert [thing["id"] for thing in first["data"] + rest["data"]] == [
        path.split("/")[1] for path in ended
    ]
    assert (first["more"], rest["more"]) == (True, False)
    (latest,) = ask("GET", "answers", since=since.isoformat().replace("+00:00", "Z")).body["data"]
    assert f"pages/{latest['id']}" == ended[-1]
