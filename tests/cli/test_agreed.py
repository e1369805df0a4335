"""What a customer agreed to is bought, or nothing: the total, names and prices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import NewCart, Run, pay, payments_in, states_in, statuses
from tests.cli.terminal import Terminal
from tests.helpers import CARD, CATALOG, DECLINED_CARD, LOST_ANSWER_CARD, PLATES, TEA, write_catalog

NAME = CATALOG[0][1]
DIGITS = CARD.replace(" ", "")


@pytest.mark.parametrize("output", ["table", "json", "csv"])
def test_the_receipt_of_another_total_than_expected(
    cart: Run, full: str, shared: Path, output: str
) -> None:
    assert pay(cart, full, LOST_ANSWER_CARD).returncode == 8
    for _ in range(2):  # what is settled now, and what was bought before
        ran = cart("checkout", full, "--expect-total", "1", "-o", output)
        assert ran.returncode == 6
        assert ran.stdout == cart("checkout", full, "-o", output).stdout
        told = json.loads(ran.stderr)["message"] if output == "json" else ran.stderr
        told = " ".join(told.split())
        assert f"cart {full[:8]} was bought for 64.16 USD, not for 1.00 USD" in told
        assert "This command charged nothing more." in ran.stderr
    assert statuses(shared) == ["charged"]


@pytest.mark.parametrize("total", ["64.16", "64.160", "64.1600"])
def test_the_expected_total(cart: Run, full: str, total: str) -> None:
    assert pay(cart, full, CARD, "--expect-total", total).returncode == 0


@pytest.mark.parametrize(
    ("total", "status"),
    [("64.15", 6), ("64.17", 6), ("0", 6), ("64.1600001", 2), ("6e1", 2), ("-64.16", 2), ("", 2)],
)
def test_another_total_than_expected(
    cart: Run, full: str, shared: Path, total: str, status: int
) -> None:
    ran = pay(cart, full, CARD, "--expect-total", total)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert "This command charged nothing." in ran.stderr
    assert states_in(shared) == ["open"]
    assert payments_in(shared) == []


def test_a_total_that_changed_since(cart: Run, full: str, shared: Path) -> None:
    write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "40", ""), (TEA, "Tea", "12", "")])
    refused = pay(cart, full, CARD, "--expect-total", "64.16")
    assert refused.returncode == 6
    assert "comes to 64.00 USD, not to 64.16 USD" in " ".join(refused.stderr.split())
    paid = pay(cart, full, CARD, "--expect-total", "64", "-o", "json")
    assert (paid.returncode, paid.json["amount"]) == (0, "64.00")
    assert paid.json["lines"][0]["price"] == "40.00"


def test_the_largest_total_can_be_expected_and_looked_for(
    cart: Run, new_cart: NewCart, shared: Path
) -> None:
    write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "900719925474.0991", "")])
    full, most = new_cart({PLATES: 100}), "90071992547409.91"
    assert cart("carts", full, "-o", "json").json[0]["total"] == most
    assert pay(cart, full, CARD, "--expect-total", "90071992547409.90").returncode == 6
    bought = pay(cart, full, CARD, "--expect-total", most, "-o", "json")
    assert (bought.returncode, bought.json["amount"]) == (0, most)
    for limit in ("--min-price", "--max-price"):
        assert cart("catalog", limit, most).returncode == 0


def test_what_had_changed_when_it_was_charged_is_told(cart: Run, full: str, shared: Path) -> None:
    """On standard error, and again for who did not hear it; the receipt is the receipt."""
    write_catalog(shared / "catalog.csv", [(PLATES, NAME, "40", ""), (TEA, "Tea", "12.345", "")])
    notes = (
        f"Note: the price of {NAME} ({PLATES}) changed from 39.47 to 40.00 USD.\n"
        f"Note: 玉露 green tea ({TEA}) is called Tea now.\n"
    )
    declined = pay(cart, full, DECLINED_CARD)
    assert declined.stderr.startswith(notes)  # before anything is charged
    paid = pay(cart, full, CARD)
    assert (paid.returncode, paid.stderr) == (0, notes)
    assert "changed" not in paid.stdout
    write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "50", "")])
    again = pay(cart, full, CARD, "-o", "json")
    assert again.notes.endswith(notes.replace("Note: ", ""))
    plates, tea = again.json["lines"]
    assert (plates["changed_from"], plates["name_changed_from"]) == ("39.47", None)
    assert (tea["changed_from"], tea["name_changed_from"]) == (None, "玉露 green tea")
    shown = cart("carts", full, "-o", "json").json[0]["lines"]
    assert [{**line, "sold": True} for line in (plates, tea)] == shown


def test_a_terminal_is_told_before_it_is_asked_for_the_card(full: str, shared: Path) -> None:
    write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "40", ""), (TEA, "Tea", "12", "")])
    with Terminal("checkout", full, store=shared) as terminal:
        terminal.wait_for("changed from 39.47 to 40.00 USD.")
        terminal.wait_for("comes to 64.00 USD")
        terminal.answer("Card number: ", DIGITS)
        assert terminal.end() == 0
        assert terminal.shown.count("changed from 39.47") == 1


def test_what_a_terminal_was_shown_is_what_may_be_charged(full: str, shared: Path) -> None:
    """Whatever happens to the prices while somebody looks for their card."""
    with Terminal("checkout", full, store=shared) as terminal:
        terminal.wait_for("comes to 64.16 USD")
        write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "40", ""), (TEA, "T", "12", "")])
        terminal.answer("Card number: ", DIGITS)
        assert terminal.end() == 6
        assert "comes to 64.00 USD, not to 64.16 USD" in terminal.shown
    assert states_in(shared) == ["open"]
    assert payments_in(shared) == []


def test_what_a_terminal_was_shown_is_what_may_be_bought(full: str, shared: Path) -> None:
    """At the same total: nobody who agreed to plates pays for something else."""
    with Terminal("checkout", full, store=shared) as terminal:
        terminal.wait_for("comes to 64.16 USD")
        renamed = [(PLATES, "Hubcaps", "39.47", ""), *CATALOG[1:]]
        write_catalog(shared / "catalog.csv", renamed)
        terminal.answer("Card number: ", DIGITS)
        assert terminal.end() == 6
        assert f"{NAME} ({PLATES}) is called Hubcaps now." in terminal.shown
        assert "is not what was shown any more" in terminal.shown
        assert "This command charged nothing." in terminal.shown
    assert (states_in(shared), payments_in(shared)) == (["open"], [])
