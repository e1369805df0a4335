"""The judge is itself tested: each rule is broken once in books that are otherwise sound."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.promises.faults.injector import KILLED
from tests.promises.faults.judge import Books, disagreements, misbehaviour, untrue_receipt
from tests.promises.faults.processes import Ended

OPEN, PENDING, PURCHASED = "an open one", "a pending one", "a purchased one"
LINES: Final = [["TEA", "Tea", "12.345", 3], ["MUG", "Mug", "8.90", 1]]  # 45.935
AMOUNT: Final = "45.94"


def sound() -> Books:
    """A cart in each state; the pending one is charged, and its answer was lost."""
    carts = {}
    answers = {}
    for number, cart_id in enumerate((OPEN, PENDING, PURCHASED)):
        key, payment = f"key {number}", f"pay_{number}"
        attempt = {"key": key, "reference": key, "quote": {"lines": LINES}, "amount": AMOUNT}
        receipt = {"key": key, "reference": key, "payment": payment, "amount": AMOUNT}
        carts[cart_id] = {
            "id": cart_id,
            "user": "alice",
            "state": ("open", "pending", "purchased")[number],
            "lines": LINES,
            "currency": "USD",
            "attempt": attempt if cart_id != OPEN else None,
            "receipt": receipt if cart_id == PURCHASED else None,
        }
        answers[key] = {
            "key": key,
            "reference": key,
            "id": payment,
            "cart": cart_id,
            "status": "charged" if cart_id != OPEN else "declined",
            "amount": AMOUNT,
            "currency": "USD",
            "quote": {"lines": LINES} if cart_id != OPEN else None,
        }
    return Books(copy.deepcopy(carts), answers, [])


Break = Callable[[dict[str, Any], dict[str, Any]], object]

# What is done to the carts and the answers of sound books, and what is found.
BROKEN: Final[dict[str, Break]] = {
    "cart a purchased one is charged 2 times": lambda _, answers: answers.update(
        more=answers["key 2"] | {"key": "key 2"}
    ),
    "a purchased one is charged, and no such cart is there": lambda carts, _: carts.pop(PURCHASED),
    "pending with the attempt None": lambda carts, _: carts[PENDING].update(attempt=None),
    "open with the attempt {'key'": lambda carts, _: carts[PENDING].update(state="open"),
    "open, but charged": lambda _, answers: answers["key 0"].update(status="charged"),
    "purchased with the receipt None": lambda carts, _: carts[PURCHASED].update(receipt=None),
    "pending with the receipt {'key'": lambda carts, _: carts[PURCHASED].update(state="pending"),
    "its lines are not those of its attempt": lambda carts, _: carts[PENDING].update(lines=[]),
    "its lines do not come to 45.93": lambda carts, _: carts[PENDING]["attempt"].update(
        amount="45.93"
    ),
    "charged under another key": lambda _, answers: answers["key 1"].update(key="key 9"),
    "45.94 was frozen, but 45.93 charged": lambda _, answers: answers["key 1"].update(
        amount="45.93"
    ),
    "priced in USD, but charged in EUR": lambda _, answers: answers["key 1"].update(currency="EUR"),
    "purchased, but not charged": lambda _, answers: answers["key 2"].update(status="declined"),
    "its receipt names another payment": lambda _, answers: answers["key 2"].update(id="pay_9"),
    "its receipt says 45.93, but 45.94 was charged": lambda carts, _: carts[PURCHASED][
        "receipt"
    ].update(amount="45.93"),
    "its receipt is of another attempt": lambda carts, _: carts[PURCHASED]["receipt"].update(
        reference="key 9"
    ),
    "charged under another reference": lambda _, answers: answers["key 1"].update(reference="9"),
    "charged for another quote": lambda _, answers: answers["key 2"].update(quote={"lines": []}),
}


def test_sound_books_are_found_sound() -> None:
    assert [*disagreements(sound())] == []


@pytest.mark.parametrize("finding", BROKEN)
def test_a_disagreement_is_found(finding: str) -> None:
    books = sound()
    BROKEN[finding](books.carts, books.answers)
    assert any(finding in found for found in disagreements(books)), [*disagreements(books)]


def test_what_is_unreadable_is_a_finding() -> None:
    assert [*disagreements(sound()._replace(unreadable=["a torn file"]))] == ["a torn file"]


PRINTED: Final = {
    "cart": PURCHASED,
    "payment": "pay_2",
    "key": "key 2",
    "reference": "key 2",
    "amount": AMOUNT,
    "brand": "visa",
    "last4": "4242",
    "purchased": "2026-01-02T03:04:05Z",
    "lines": [dict(zip(("sku", "name", "price", "quantity"), ln, strict=True)) for ln in LINES],
}


def test_a_true_receipt_is_found_true() -> None:
    assert [*untrue_receipt(PRINTED, _with_card())] == []


@pytest.mark.parametrize("field", PRINTED)
def test_an_untrue_receipt_is_found(field: str) -> None:
    other: object = PENDING if field == "cart" else []
    assert [*untrue_receipt(PRINTED | {field: other}, _with_card())]


def _with_card() -> Books:
    """Sound books, whose receipt says all that a receipt does."""
    books = sound()
    more = {name: PRINTED[name] for name in ("brand", "last4", "purchased")}
    books.carts[PURCHASED]["receipt"].update(more)
    return books


@pytest.mark.parametrize(
    ("ended", "finding"),
    [
        (Ended(77, "", "why"), "the exit status 77 is not in the table"),
        (Ended(-14, "", "why"), "the exit status -14 is not in the table"),
        (Ended(KILLED, "", "why"), f"the exit status {KILLED} is not in the table"),
        (Ended(0, "", "Traceback (most recent call last)"), "a traceback"),
        (Ended(8, "{}", "why"), "it failed with 8, and printed '{}'"),
        (Ended(8, "", ""), "it failed with 8, and said nothing"),
    ],
)
def test_misbehaviour_is_found(ended: Ended, finding: str) -> None:
    assert any(found.startswith(finding) for found in misbehaviour(ended))


@pytest.mark.parametrize(
    "ended", [Ended(0, "{}", "a note"), Ended(8, "", "why"), Ended(KILLED, "{", "", (("open",),))]
)
def test_good_behaviour_is_none(ended: Ended) -> None:
    assert [*misbehaviour(ended)] == []
