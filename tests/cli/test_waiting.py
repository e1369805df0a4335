"""Payments whose outcome is not known yet, and those that wait for somebody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, pay, states_in, statuses
from tests.cli.terminal import Terminal
from tests.helpers import CARD, LOST_ANSWER_CARD, PLATES, TEA, WAITING_CARD


def test_a_lost_answer_is_found_by_the_same_command(cart: Run, full: str, shared: Path) -> None:
    lost = pay(cart, full, LOST_ANSWER_CARD)
    assert (lost.returncode, lost.stdout) == (8, "")
    assert "is not known yet" in " ".join(lost.stderr.split())
    assert f"\n  cart checkout {full[:8]}\n" in lost.stderr
    assert states_in(shared) == ["pending"]
    assert states_in(shared) == ["pending"]  # looking settles nothing
    found = pay(cart, full, LOST_ANSWER_CARD, "-o", "json")
    assert (found.returncode, found.json["last4"]) == (0, "0341")
    assert found.notes == (
        "The payment that was begun before went through; nothing else was charged.\n"
    )
    assert statuses(shared) == ["charged"]


def test_adding_to_a_pending_cart_settles_it_first(cart: Run, full: str, shared: Path) -> None:
    assert pay(cart, full, LOST_ANSWER_CARD).returncode == 8
    assert cart("add", full, PLATES).returncode == 6
    assert states_in(shared) == ["purchased"]
    assert cart("checkout", full, "-o", "json").json["amount"] == "64.16"


def test_nobody_is_asked_for_a_card_that_is_not_needed(cart: Run, full: str, shared: Path) -> None:
    assert pay(cart, full, LOST_ANSWER_CARD).returncode == 8
    for _ in range(2):
        with Terminal("checkout", full, store=shared) as terminal:
            assert terminal.end() == 0
            assert "Card number" not in terminal.shown


def test_a_payment_that_waits_is_finished_by_the_same_command(
    cart: Run, full: str, shared: Path
) -> None:
    waiting = pay(cart, full, WAITING_CARD)
    assert (waiting.returncode, waiting.stdout) == (8, "")
    told = " ".join(waiting.stderr.split())
    assert "is not finished: the bank asks the customer" in told
    assert f"\n  cart checkout {full[:8]}\n" in waiting.stderr
    assert statuses(shared) == ["waiting"]
    assert "Waiting: the bank asks the customer" in cart("carts").stdout
    (shown,) = cart("carts", "-o", "json").json
    assert (shown["state"], shown["waiting_for"], shown["url"]) == (
        "pending",
        "the bank asks the customer",
        None,
    )
    assert statuses(shared) == ["waiting"]  # looking at a cart settles nothing
    finished = pay(cart, full, WAITING_CARD, "-o", "json")
    assert (finished.returncode, finished.json["last4"]) == (0, "3155")
    assert "The payment that was begun before went through" in finished.stderr
    assert statuses(shared) == ["charged"]
    assert cart("carts", full, "-o", "json").json[0]["waiting_for"] is None
    assert cart("audit").returncode == 0


@pytest.mark.parametrize("args", [("add", TEA), ("remove", PLATES)])
def test_a_change_cancels_a_payment_that_waits(
    cart: Run, full: str, shared: Path, args: tuple[str, str]
) -> None:
    assert pay(cart, full, WAITING_CARD).returncode == 8
    changed = cart(args[0], full, args[1], "-o", "json")
    assert (changed.returncode, changed.json["state"]) == (0, "open")
    assert (changed.json["waiting_for"], statuses(shared)) == (None, ["cancelled"])
    paid = pay(cart, full, CARD, "-o", "json")
    assert (paid.returncode, paid.json["amount"]) == (0, changed.json["total"])
    assert sorted(statuses(shared)) == ["cancelled", "charged"]


def test_another_card_finishes_what_waits_and_is_not_charged(
    cart: Run, full: str, shared: Path
) -> None:
    assert pay(cart, full, WAITING_CARD).returncode == 8
    assert pay(cart, full, CARD, "-o", "json").json["last4"] == "3155"
    assert statuses(shared) == ["charged"]
