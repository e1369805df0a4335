"""Checkout under a fault, and what one more run of the same command must then find."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from tests.promises.faults.injector import Fault
from tests.promises.faults.judge import Record, lines_of, untrue_receipt
from tests.promises.faults.pictures import Picture
from tests.promises.faults.processes import Ended
from tests.promises.faults.scene import (
    CONTENTS,
    DECLINED,
    GOOD,
    LOST,
    WAITING,
    Bench,
    Day,
    Trial,
    priced,
)
from tests.promises.faults.sweeps import Attack, Outcome

_FINAL: Final = {GOOD: 0, DECLINED: 5, LOST: 0, WAITING: 0}
_FIRST: Final = _FINAL | {LOST: 8, WAITING: 8}


def checkout(card: str) -> Attack:
    """Check the cart out with `card`, with a fault, and then without one."""

    def attack(bench: Bench, fault: Fault) -> Outcome:
        with bench.trial() as trial:
            run = pay(trial, card, fault)
            findings = [*after_fault(trial, run, card)]
            if not run.met and run.status != _FIRST[card]:
                findings.append(f"without a fault it exits with {run.status}")
            findings += recovery(trial, card, once_more=fault.kind == "kill")
            return Outcome(run.met, findings)

    return attack


def recovery_of(picture: Picture, card: str) -> Attack:
    """What a killed checkout left is in `picture`: a fault meets the next one, too."""

    def attack(bench: Bench, fault: Fault) -> Outcome:
        with bench.trial(picture) as trial:
            frozen = trial.books().carts[bench.scene.cart]["attempt"]
            run = pay(trial, card, fault, "after")
            findings = [*after_fault(trial, run, card, "after", frozen)]
            return Outcome(run.met, [*findings, *recovery(trial, card, frozen=frozen)])

    return attack


def wrecks(bench: Bench, card: str) -> list[Picture]:
    """What a checkout leaves behind that is killed: at its first call, at its second, …"""
    pictures: list[Picture] = []
    for at in itertools.count(1):
        with bench.trial() as trial:
            if not pay(trial, card, Fault("kill", at)).met:
                return pictures
            pictures.append(trial.picture())
    raise AssertionError


def pending(bench: Bench, wrecks: list[Picture], *, charged: bool) -> Picture:
    """The first wreck whose cart waits for its payment, and is charged already or not yet."""
    for picture in wrecks:
        with bench.trial(picture) as trial:
            books = trial.books()
        is_pending = books.carts[bench.scene.cart]["state"] == "pending"
        if is_pending and bool(books.captures(bench.scene.cart)) == charged:
            return picture
    raise AssertionError("no kill leaves the cart pending like that")


def pay(trial: Trial, card: str, fault: Fault | None = None, day: Day = "before") -> Ended:
    """Check the cart out."""
    args = ("checkout", trial.bench.scene.cart, "--card", "-")
    return trial.run(*args, card=card, fault=fault, day=day)


def after_fault(
    trial: Trial, run: Ended, card: str, day: Day = "before", frozen: Record | None = None
) -> Iterator[str]:
    """What is wrong after the `run`, at the prices of the `day`; an attempt may have been
    `frozen` earlier."""
    books = trial.books()
    yield from trial.broken_promises(run, books=books)
    cart_id = trial.bench.scene.cart
    cart, charged = books.carts[cart_id], books.captures(cart_id)
    if charged and run.status not in (0, 8) and not run.killed:
        yield f"charged, and the exit status is {run.status}"
    if run.status == 0:
        yield from untrue_receipt(run.json, books)
    elif run.status == 5 and cart["state"] != "open":
        yield f"declined, and the cart is {cart['state']}"
    if charged and card == DECLINED:
        yield "charged to a card that is declined"
    yield from _wrong_lines(cart, day, frozen)


def _wrong_lines(cart: Record, day: Day, frozen: Record | None) -> Iterator[str]:
    """Whether a marked cart has the lines and prices at which it was marked."""
    attempt = cart["attempt"]
    if not attempt:
        if {sku: quantity for sku, _, _, quantity in cart["lines"]} != CONTENTS:
            yield f"the open cart holds {cart['lines']}"
    elif frozen and attempt["key"] == frozen["key"]:
        if attempt != frozen:
            yield f"the attempt was {frozen} and is now {attempt}"
    elif lines_of(attempt) != priced(CONTENTS, day):
        yield f"the lines were frozen as {lines_of(attempt)}"


def recovery(
    trial: Trial, card: str, *, frozen: Record | None = None, once_more: bool = False
) -> Iterator[str]:
    """What is wrong when the same command runs again, without a fault and at new prices, and
    when a charge of a lost attempt arrives after all, be it of one that was `frozen` before the
    fault; and with `once_more` when a receipt is asked for again."""
    before = trial.books()
    cart_id = trial.bench.scene.cart
    pending = before.carts[cart_id]["attempt"]
    paid = before.captures(cart_id)
    run = pay(trial, card, None, "after")
    yield from after_fault(trial, run, card, "after", pending)
    if run.status == _FIRST[card] == 8:
        pending = pending if paid else trial.books().carts[cart_id]["attempt"]
        run = pay(trial, card, None, "after")
        yield from after_fault(trial, run, card, "after", pending)
    if run.status != _FINAL[card]:
        yield f"one more run exits with {run.status}: {run.stderr}"
        return
    if paid and pending and trial.books().carts[cart_id]["attempt"] != pending:
        yield "what was charged is not what is purchased"
    ended = {attempt["key"]: attempt for attempt in (pending, frozen) if attempt}
    for attempt in ended.values():
        yield from _late_charge(trial, attempt)
    if run.status == 0:
        yield from untrue_receipt(run.json, trial.books())
        if once_more:
            yield from _asked_again(trial, card, run.stdout)


def _late_charge(trial: Trial, attempt: Record) -> Iterator[str]:
    """The charge of an attempt that has ended arrives only now: it must change nothing."""
    if not attempt["reference"]:  # it was never bound, so nobody can charge it
        return
    answers = trial.books().answers
    if attempt["key"] not in answers:
        yield f"no answer is on record for the ended attempt {attempt['key']}"
    number = {"4242": GOOD, "0002": DECLINED, "0341": LOST, "3155": WAITING}[attempt["last4"]]
    args = (attempt["key"], attempt["reference"], trial.bench.scene.cart, attempt["amount"], number)
    trial.run(trial.store, *args, program="charge")
    books = trial.books()
    for finding in trial.broken_promises(books=books):
        yield f"after a charge that arrived late: {finding}"
    if books.answers != answers:
        yield "a charge that arrived late was not refused"


def _asked_again(trial: Trial, card: str, receipt: str) -> Iterator[str]:
    """A purchased cart gives the same receipt again, and nothing moves."""
    picture = trial.picture()
    run = pay(trial, card, None, "after")
    if run.status or run.stdout != receipt:
        yield f"the receipt is not the same again: {run}"
    if trial.picture() != picture:
        yield "giving the receipt again changed the store"
