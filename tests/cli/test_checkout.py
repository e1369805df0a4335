"""cart checkout."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import NewCart, Run, pay, payments_in, states_in, statuses
from tests.cli.terminal import END_OF_INPUT, INTERRUPT, Terminal
from tests.helpers import (
    ALICE,
    CARD,
    CART,
    CATALOG,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    PLATES,
    TEA,
    cart_env,
    shop_in,
    write_catalog,
)

NAME = CATALOG[0][1]
DIGITS = CARD.replace(" ", "")


def test_a_receipt_and_the_same_again(cart: Run, full: str, shared: Path) -> None:
    paid = pay(cart, full[:8], CARD, "-o", "json")
    assert (paid.returncode, paid.stderr) == (0, "")
    receipt = paid.json
    assert (receipt["cart"], receipt["amount"], receipt["brand"], receipt["last4"]) == (
        full,
        "64.16",
        "visa",
        "4242",
    )
    (payment,) = payments_in(shared)
    assert (payment["id"], payment["key"], payment["cart"], payment["amount"]) == (
        receipt["payment"],
        receipt["key"],
        full,
        "64.16",
    )
    for args in ((), ("--card", DECLINED_CARD), ("--expect-total", "64.160")):
        again = cart("checkout", full, *args, "-o", "json")
        assert (again.returncode, again.stdout) == (0, paid.stdout)
        told = "This cart was bought before; this command charged nothing.\n"
        assert again.notes.endswith(told)
    assert statuses(shared) == ["charged"]
    assert states_in(shared) == ["purchased"]


def test_the_receipt_for_people(cart: Run, full: str) -> None:
    paid = pay(cart, full, CARD)
    assert paid.returncode == 0
    assert f"Cart {full[:8]}  purchased  64.16 USD" in paid.stdout
    assert "Paid 64.16 USD with visa ending in 4242 on 2" in paid.stdout
    assert "Payment pay_" in paid.stdout


def test_a_receipt_outlives_the_catalogue(cart: Run, full: str, shared: Path) -> None:
    receipt = pay(cart, full, CARD, "-o", "json").json
    write_catalog(shared / "catalog.csv", [(TEA, "Gyokuro", "15", "")])
    assert cart("checkout", full, "-o", "json").json == receipt
    assert cart("carts", full, "-o", "json").json[0]["total"] == "64.16"


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("4000000000000002", "the card was declined"),
        ("4000000000009995", "insufficient funds"),
        ("4000000000000069", "the card has expired"),
        ("4000000000000127", "the security code is wrong"),
        ("4000000000000119", "the card could not be processed"),
    ],
)
def test_a_declined_card_charges_nothing(
    cart: Run, full: str, shared: Path, card: str, reason: str
) -> None:
    declined = pay(cart, full, card)
    assert (declined.returncode, declined.stdout) == (5, "")
    assert f"was declined: {reason}" in " ".join(declined.stderr.split())
    assert f"\n  cart checkout {full[:8]}\n" in declined.stderr
    assert states_in(shared) == ["open"]
    assert pay(cart, full, CARD).returncode == 0
    assert sorted(statuses(shared)) == ["charged", "declined"]


@pytest.fixture
def free(cart: Run, new_cart: NewCart, shared: Path) -> str:
    """A cart that comes to nothing."""
    write_catalog(shared / "catalog.csv", [("GIFT", "Gift", "0", "")])
    return new_cart({"GIFT": 2})


@pytest.mark.parametrize("card", [None, CARD])
def test_what_comes_to_nothing_needs_no_card(
    cart: Run, free: str, shared: Path, card: str | None
) -> None:
    bought = pay(cart, free, card, "-o", "json") if card else cart("checkout", free, "-o", "json")
    assert (bought.returncode, bought.stderr) == (0, "")
    receipt = bought.json
    assert (receipt["payment"], receipt["amount"], receipt["last4"]) == (None, "0.00", "")
    assert payments_in(shared) == []
    again = cart("checkout", free)
    assert "There was nothing to pay on 2" in again.stdout
    assert "bought before" in again.stderr
    assert cart("audit").stderr == "1 cart and 0 payments compared: all agree.\n"


def test_what_rounds_to_nothing_needs_no_card_either(
    cart: Run, new_cart: NewCart, shared: Path
) -> None:
    write_catalog(shared / "catalog.csv", [("BIT", "Bit", "0.0010", "")])
    bit = new_cart({"BIT": 4})
    (shown,) = cart("carts", bit, "-o", "json").json
    assert (shown["lines"][0]["price"], shown["total"]) == ("0.001", "0.00")
    bought = cart("checkout", bit, "-o", "csv", "--expect-total", "0")
    assert (bought.returncode, bought.stderr) == (0, "")
    dearer = new_cart({"BIT": 4})
    write_catalog(shared / "catalog.csv", [("BIT", "Bit", "0.01", "")])
    refused = cart("checkout", dearer)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "comes to 0.04 USD and no card was given" in refused.stderr
    assert payments_in(shared) == []


def test_nor_is_anybody_asked_for_one(free: str, shared: Path) -> None:
    with Terminal("checkout", free, store=shared) as terminal:
        assert terminal.end() == 0
        assert "Card number" not in terminal.shown
    assert states_in(shared) == ["purchased"]


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("4242424242424241", "check digit"),
        ("4242", "12 to 19 digits"),
        ("4242 4242 4242 424٢", "12 to 19 digits"),
        ("", "12 to 19 digits"),
        ("4" * 300, "12 to 19 digits"),
    ],
)
def test_a_wrong_card_number(cart: Run, full: str, shared: Path, card: str, reason: str) -> None:
    ran = pay(cart, full, card)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert reason in ran.stderr
    assert card.replace(" ", "") not in ran.stderr or not card
    assert states_in(shared) == ["open"]
    assert payments_in(shared) == []


@pytest.mark.parametrize(
    "number", ["4242-4242-4242-4242", " 4242 4242 4242 4242 ", "5555555555554444"]
)
def test_ways_to_write_a_card(cart: Run, full: str, number: str) -> None:
    assert pay(cart, full, number).returncode == 0


def test_the_card_needs_no_line_end(cart: Run, full: str) -> None:
    assert cart("checkout", full, "--card", "-", input=DIGITS).returncode == 0


def test_a_number_on_the_command_line_is_warned_of(cart: Run, full: str) -> None:
    ran = cart("checkout", full, "--card", DIGITS, "-o", "json")
    assert ran.returncode == 0
    assert ran.json["last4"] == "4242"
    told = "other users of this machine can see the card number; use --card -"
    assert json.loads(ran.stderr) == {"warning": told}
    told_people = cart("checkout", full, "--card", DIGITS).stderr
    assert told_people.startswith(f"Warning: {told}\n")
    assert DIGITS not in ran.stderr


@pytest.mark.parametrize("output", ["table", "json"])
def test_a_number_that_is_mistaken_for_something_else_is_not_shown(
    cart: Run, full: str, output: str
) -> None:
    blanks = "4242 4242 4242 4242"
    for number in (
        [DIGITS],
        [blanks],
        blanks.split(),
        [blanks.replace(" ", "-")],
        [f"--card{DIGITS}"],
        ["--card", *blanks.split()],
        ["--card", "3782", "822463", "10005"],
    ):
        ran = cart("checkout", full, *number, "-o", output)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert not re.search("4242|822463|10005", ran.stderr.replace(full, ""))


def test_without_a_card(cart: Run, full: str, shared: Path) -> None:
    ran = cart("checkout", full)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no card was given" in ran.stderr
    assert states_in(shared) == ["open"]
    assert payments_in(shared) == []


def test_no_card_number_is_on_disk(cart: Run, full: str, shared: Path) -> None:
    for card in (DECLINED_CARD, LOST_ANSWER_CARD):
        pay(cart, full, card)
    assert pay(cart, full, CARD).returncode == 0
    files = [path for path in shared.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        content = path.read_bytes()
        assert not any(
            card.encode() in content for card in (DECLINED_CARD, LOST_ANSWER_CARD, DIGITS)
        )
        assert path.stat().st_mode & 0o077 == 0 or path.name == "catalog.csv", path


def test_what_cannot_be_bought(cart: Run, full: str, new_cart: NewCart, shared: Path) -> None:
    empty = new_cart({PLATES: 1})
    assert cart("remove", empty, PLATES).returncode == 0
    assert pay(cart, empty, CARD).returncode == 6
    write_catalog(shared / "catalog.csv", [(TEA, "Tea", "12", "")])
    withdrawn = pay(cart, full, CARD)
    assert withdrawn.returncode == 6
    assert "no longer sold" in " ".join(withdrawn.stderr.split())
    assert payments_in(shared) == []


def test_the_card_is_asked_for_on_a_terminal_and_hidden(cart: Run, full: str, shared: Path) -> None:
    with Terminal("checkout", full, store=shared) as terminal:
        terminal.wait_for("comes to 64.16 USD")
        terminal.answer("Card number: ", DIGITS)
        assert terminal.end() == 0
        assert DIGITS not in terminal.shown
        assert "Paid 64.16 USD" in terminal.shown


@pytest.mark.parametrize("key", [INTERRUPT, END_OF_INPUT])
def test_the_question_for_the_card_can_be_left(
    cart: Run, full: str, shared: Path, key: str
) -> None:
    with Terminal("checkout", full, store=shared) as terminal:
        terminal.wait_for("Card number: ")
        terminal.press(key)
        assert terminal.end() == 130
        assert "Traceback" not in terminal.shown
    assert states_in(shared) == ["open"]
    assert payments_in(shared) == []


@pytest.mark.parametrize("output", ["table", "json"])
def test_an_interrupt_while_the_processor_is_asked(
    cart: Run, full: str, shared: Path, output: str
) -> None:
    process = subprocess.Popen(
        [CART, "checkout", full, "--card", DIGITS, "-o", output],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=cart_env({"HOME": str(shared.parent), "CART_PAYMENT_DELAY": "60"}, shared),
    )
    wait_until(lambda: payments_in(shared) != [], process)
    rival = cart("add", full, TEA)
    assert rival.returncode == 7
    assert "in progress" in rival.stderr
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (8, "")
    assert "Traceback" not in stderr
    if output == "json":
        assert json.loads(stderr.splitlines()[-1])["error"] == "payment_unknown"
    assert states_in(shared) == ["pending"]
    assert cart("checkout", full).returncode == 0
    assert statuses(shared) == ["charged"]


def wait_until(happened: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Return when something `happened` that the running `process` does, and soon does."""
    deadline = time.monotonic() + 60
    while not happened():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_interrupt_while_waiting_for_another_payment(cart: Run, full: str, shared: Path) -> None:
    with shop_in(shared)._services.cart_db.paying(ALICE.owner, full):
        process = subprocess.Popen(
            [CART, "checkout", full, "--card", DIGITS],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=cart_env({"HOME": str(shared.parent), "CART_LOCK_WAIT": "60"}, shared),
        )
        assert process.stderr is not None
        process.stderr.readline()  # the warning: the command is at work
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stderr.lstrip().startswith("Error: interrupted\n")
    assert "never charges twice" in stderr
    assert states_in(shared) == ["open"]


def test_a_payment_in_progress_is_waited_for_only_so_long(
    cart: Run, full: str, shared: Path
) -> None:
    with shop_in(shared)._services.cart_db.paying(ALICE.owner, full):
        ran = pay(cart, full, CARD, env={"CART_LOCK_WAIT": "0.1"})
    assert ran.returncode == 7
    assert "is in progress" in ran.stderr
    assert payments_in(shared) == []
    assert states_in(shared) == ["open"]


def test_the_environment_of_children_holds_no_password(shared: Path) -> None:
    """A pager is the one program that `cart` starts."""
    pager = shared.parent / "pager"
    pager.write_text("#!/bin/sh\ncat >/dev/null\nenv\n")
    pager.chmod(0o755)
    env = {"PAGER": str(pager), "CART_PASSWORD": "a secret"}
    with Terminal("catalog", store=shared, size=(3, 80), env=env) as terminal:
        assert terminal.end() == 0
        assert f"CART_STORE={shared}" in terminal.shown
        assert "CART_PASSWORD" not in terminal.shown


def test_a_checkout_that_is_only_tried(cart: Run, full: str, shared: Path) -> None:
    tried = cart("checkout", full, "--dry-run", "-o", "json")
    assert (tried.returncode, tried.json["id"], tried.json["total"]) == (0, full, "64.16")
    assert tried.notes == "64.16 USD would be charged; nothing was.\n"
    for args in (("-n", "--expect-total", "64.16"), ("-n", "--card", "-")):
        assert cart("checkout", full, *args).returncode == 0
    refused = cart("checkout", full, "-n", "--expect-total", "1")
    assert (refused.returncode, refused.stdout) == (6, "")
    assert states_in(shared) == ["open"]
    assert payments_in(shared) == []


def test_what_a_try_finds_out(cart: Run, new_cart: NewCart, shared: Path) -> None:
    empty, lost = new_cart({}), new_cart({PLATES: 1})
    assert cart("checkout", empty, "--dry-run").returncode == 6
    assert pay(cart, lost, LOST_ANSWER_CARD).returncode == 8
    waits = cart("checkout", lost, "--dry-run")
    assert waits.returncode == 0
    assert "Whether 39.47 USD was charged would be found out" in waits.stderr
    assert sorted(states_in(shared)) == ["open", "pending"]
    assert cart("checkout", lost).returncode == 0
    bought = cart("checkout", lost, "--dry-run")
    assert "bought before, for 39.47 USD" in bought.stderr
    assert cart("checkout", lost, "-n", "--expect-total", "1").returncode == 6
    write_catalog(shared / "catalog.csv", [(TEA, "Tea", "1", "")])
    gone = new_cart({TEA: 1})
    write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "1", "")])
    assert cart("checkout", gone, "--dry-run").returncode == 6
