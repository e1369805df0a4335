"""What goes wrong on the way leaves the outcome open, and asking once more tells it."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cartcli.errors import RetryLater
from cartcli.model.order import Attempt
from cartcli.model.times import utc_now
from cartcli.payment import Payment
from cartcli.payment.answers import IndefiniteError
from cartcli.payment.source import HostedPage, Token
from tests.simulated.account import Account
from tests.simulated.client import SimulatedProcessor
from tests.simulated.desk import Desk
from tests.simulated.faults import OF_GET, OF_POST
from tests.simulated.rules import Request

GOOD = Token("tok_good")
# What is told all the same, in spite of the fault.
HEARD = ("doubled", "doubled_forgotten", "forgotten", "slow")
# Whether money moves by a charge that meets it, at once or later.
WITHOUT_EFFECT = ("lost_request", "error_before", "too_many", "in_use")


def charged(desk: Desk) -> int:
    """How often money moved."""
    return len(desk.books["charges"])


@pytest.mark.parametrize("fault", sorted(set(OF_POST)))
def test_a_charge_meets_it(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt, fault: str
) -> None:
    asked = attempt._replace(reference=processor.prepare(attempt, GOOD))
    desk.weather(script=[fault])
    if fault in HEARD:
        assert isinstance(processor.charge(asked, GOOD), Payment)
    else:
        with pytest.raises((OSError, RetryLater, IndefiniteError)):
            processor.charge(asked, GOOD)
    assert desk.calm()[fault] == 1
    moved = fault not in WITHOUT_EFFECT
    assert charged(desk) == moved
    payment = processor.cancel(asked)
    assert isinstance(payment, Payment)
    assert payment.status == ("charged" if moved else "cancelled")
    assert charged(desk) == moved


@pytest.mark.parametrize("fault", sorted(set(OF_POST)))
def test_a_preparation_meets_it(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt, fault: str
) -> None:
    desk.weather(script=[fault])
    if fault in HEARD:
        assert processor.prepare(attempt, GOOD)
    else:
        with pytest.raises((OSError, RetryLater, IndefiniteError)):
            processor.prepare(attempt, GOOD)
    assert desk.calm()[fault] == 1
    books = desk.books
    assert books["charges"] == []
    prepared = 0 if fault in WITHOUT_EFFECT else 2 if fault == "doubled_forgotten" else 1
    assert len(books["intents"]) == prepared


@pytest.mark.parametrize("fault", sorted(set(OF_POST)))
def test_a_cancellation_meets_it(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt, fault: str
) -> None:
    asked = attempt._replace(reference=processor.prepare(attempt, GOOD))
    desk.weather(script=[fault])
    if fault in HEARD:
        assert isinstance(processor.cancel(asked), Payment)
    else:
        with pytest.raises((OSError, RetryLater, IndefiniteError)):
            processor.cancel(asked)
    payment = processor.charge(asked, GOOD)  # perhaps it comes before a late cancellation
    desk.calm()
    assert processor.cancel(asked) == payment
    assert isinstance(payment, Payment)
    assert charged(desk) == (payment.status == "charged")


@pytest.mark.parametrize("fault", sorted(set(OF_GET)))
def test_a_look_meets_it(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt, fault: str
) -> None:
    asked = attempt._replace(reference=processor.prepare(attempt, GOOD))
    payment = processor.charge(asked, GOOD)
    desk.weather(script=[fault])
    if fault == "slow":
        assert processor.look(asked) == payment
    else:
        with pytest.raises((OSError, RetryLater, IndefiniteError)):
            processor.look(asked)
    assert processor.look(asked) == payment


def test_a_failure_is_replayed_under_its_key(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    desk.weather(script=["error_before"])
    for _ in range(3):
        with pytest.raises(IndefiniteError, match="something went wrong"):
            processor.prepare(attempt, GOOD)
    desk.weather(script=["forgotten"])
    assert processor.prepare(attempt, GOOD)


def test_a_late_charge_finds_what_was_cancelled(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    asked = attempt._replace(reference=processor.prepare(attempt, GOOD))
    desk.weather(script=["late_forgotten"])
    with pytest.raises(OSError, match="closed connection"):
        processor.charge(asked, GOOD)
    payment = processor.cancel(asked)
    desk.calm()
    assert processor.cancel(asked) == payment
    assert isinstance(payment, Payment)
    assert charged(desk) == (payment.status == "charged")


@pytest.mark.parametrize(
    ("second_key", "status", "code"),
    [("k", 409, "key_in_use"), ("other", 429, "lock_timeout")],
)
def test_of_two_at_once_one_is_refused(
    tmp_path: Path, second_key: str, status: int, code: str
) -> None:
    account = Account(str(tmp_path / "ledger.json"))
    order = {"order": "an order", "key": "a key", "amount": "5", "currency": "USD"}
    new = account.served(Request("POST", "intents", order), utc_now()).body["id"]
    with ThreadPoolExecutor(2) as pool:
        with account.ledger.memory(changes=False):  # until then, nobody gets any further
            both = [
                pool.submit(
                    account.served,
                    Request("POST", f"intents/{new}/confirm", {"token": "tok_good"}, key),
                    utc_now(),
                )
                for key in ("k", second_key)
            ]
            (refused,) = wait(both, return_when=FIRST_COMPLETED).done
        answers = [one.result() for one in both]
    assert (refused.result().status, refused.result().code) == (status, code)
    assert sorted(answer.status for answer in answers) == [200, status]


def test_the_weather_is_what_its_seed_says(tmp_path: Path, desk: Desk) -> None:
    address = desk.address

    def met(seed: int) -> dict[str, int]:
        here = Desk(address, tmp_path / f"{time.monotonic_ns()}.json")
        here.weather(rate=0.5, seed=seed)
        client = SimulatedProcessor(address, str(here.ledger))
        for _ in range(30):
            with suppress(OSError, RetryLater, IndefiniteError):
                assert [*client.payments()] == []
        return here.calm()

    first = met(1)
    assert met(1) == first != met(2)
    assert 5 <= sum(first.values()) - first[""] <= 25


def test_people_pay_what_they_opened_and_the_bell_rings(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    rung: list[str] = []

    class Bell(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            rung.append(self.rfile.read(length).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    page = HostedPage()
    with HTTPServer(("127.0.0.1", 0), Bell) as bell:
        Thread(target=bell.serve_forever, daemon=True).start()
        desk.weather(people=True, bell=f"http://127.0.0.1:{bell.server_port}/", seed=1)
        asked = attempt._replace(reference=processor.prepare(attempt, page))
        while not charged(desk):  # each customer gives up after three tries
            desk.open("/pay/" + asked.reference)
            desk.calm()
        bell.shutdown()
    payment = processor.look(asked)
    assert isinstance(payment, Payment)
    assert payment.status == "charged"
    assert rung
    assert all(asked.reference in told and "charged" not in told for told in rung)


def test_the_bank_ends_what_it_processes(
    processor: SimulatedProcessor, desk: Desk, attempt: Attempt
) -> None:
    desk.weather(people=True)
    asked = attempt._replace(reference=processor.prepare(attempt, GOOD))
    processor.charge(asked, Token("tok_processing"))
    desk.calm()
    assert isinstance(processor.look(asked), Payment)


def test_what_is_unknown_fails_the_test(desk: Desk) -> None:
    with pytest.raises(AssertionError, match="missing"):
        desk.ask("test/act/intents/pi_1/approve")
