"""The check of what a processor answers: an answer settles an attempt only if all of it fits."""

from __future__ import annotations

from typing import Any

import pytest

from cartcli import Cart, Money
from cartcli.model.order import Attempt
from cartcli.model.times import utc_now
from cartcli.payment import Payment
from cartcli.payment.answers import IndefiniteError, check, is_earlier_capture
from tests.helpers import attempt_for, line

CART = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"
OTHER_CART = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f3"
OTHER_KEY = "0" * 32


@pytest.fixture
def attempt() -> Attempt:
    now = utc_now()
    cart = Cart(CART, "alice", "open", (line("MUG", 2),), "USD", now, now)
    return attempt_for(cart)._replace(reference="pi_1")


def answered(attempt: Attempt, status: Any) -> Payment:
    """The answer that a processor should give."""
    amount = None if status == "cancelled" else attempt.amount
    return Payment(attempt.key, "pay_1", CART, attempt.reference, status, amount, "", "", utc_now())


FINAL = ["charged", "declined", "cancelled"]


@pytest.mark.parametrize("status", FINAL)
def test_a_final_answer_for_the_attempt_settles_it(attempt: Attempt, status: str) -> None:
    payment = answered(attempt, status)
    check(attempt, payment)
    assert not is_earlier_capture(attempt, payment)


@pytest.mark.parametrize("status", FINAL)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"key": OTHER_KEY}, "another payment"),
        ({"cart": OTHER_CART}, "another cart"),
        ({"reference": "pi_2"}, "another payment"),
        ({"reference": ""}, "another payment"),
        ({"amount": Money("17.81", "USD")}, "another amount"),
        ({"amount": Money("17.80", "EUR")}, "another amount"),
        ({"status": "waiting"}, "'waiting'"),
        ({"status": "succeeded"}, "'succeeded'"),
        ({"status": ""}, "''"),
    ],
    ids=str,
)
def test_an_answer_that_differs_settles_nothing(
    attempt: Attempt, status: str, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(IndefiniteError, match=told):
        check(attempt, answered(attempt, status)._replace(**change))


def test_a_charge_of_no_amount_settles_nothing(attempt: Attempt) -> None:
    with pytest.raises(IndefiniteError, match="another amount"):
        check(attempt, answered(attempt, "charged")._replace(amount=None))


def test_the_carts_capture_under_an_earlier_key_is_told_apart(attempt: Attempt) -> None:
    earlier = answered(attempt, "charged")._replace(
        key=OTHER_KEY, reference="pi_0", amount=Money("99.00", "USD")
    )
    check(attempt, earlier)
    assert is_earlier_capture(attempt, earlier)


@pytest.mark.parametrize("status", ["declined", "cancelled"])
def test_how_an_earlier_key_ended_otherwise_settles_nothing(attempt: Attempt, status: str) -> None:
    earlier = answered(attempt, status)._replace(key=OTHER_KEY, reference="pi_0")
    with pytest.raises(IndefiniteError, match="another payment"):
        check(attempt, earlier)


def test_the_capture_of_another_cart_is_no_earlier_one(attempt: Attempt) -> None:
    other = answered(attempt, "charged")._replace(key=OTHER_KEY, reference="pi_0", cart=OTHER_CART)
    with pytest.raises(IndefiniteError, match="another cart"):
        check(attempt, other)
