"""The embedded processor's answers on files: what is written, when, and how durably."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from cartcli import Cart, Line, Money
from cartcli.errors import RepairStore, RestoreData, RetryLater
from cartcli.model.order import Attempt, Waiting
from cartcli.model.quote import Quote
from cartcli.payment import Payment, PaymentProcessor, Refused, open_embedded
from cartcli.payment.card import Card
from cartcli.payment.local.file_ledger import FileLedger
from tests.helpers import CARD, DECLINED_CARD, WAITING_CARD, Clock, attempt_for, held, line

CART: Final = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"
NEIGHBOUR: Final = "6f00000e-8a43-4c39-9a55-3d9bd0a4b7f2"  # its answers lie in the same folder
STRANGER: Final = "7a1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"


def attempt(cart: str = CART, *lines: Line) -> Attempt:
    now = Clock().now
    return attempt_for(Cart(cart, "alice", "open", lines or (line("MUG", 2),), "USD", now, now))


def file_of(store: Path, cart: str = CART) -> Path:
    return store / "payments" / cart[:2] / f"{cart}.json"


@pytest.fixture
def processor(store: Path, clock: Clock) -> PaymentProcessor:
    return open_embedded(str(store), 0.02, 0, clock)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is synced, and what gets a name, from now on."""
    steps: list[str] = []

    def noting(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def noted(*args: Any) -> Any:
            if name == "fsync":
                steps.append("sync " + ("folder" if stat.S_ISDIR(os.fstat(args[0])[0]) else "file"))
            else:
                steps.append(name)
            return real(*args)

        return noted

    for name in ("fsync", "rename", "link", "mkdir", "replace", "unlink"):
        monkeypatch.setattr(os, name, noting(name))
    return steps


def test_answers_stand_in_one_file_a_cart(
    processor: PaymentProcessor, store: Path, clock: Clock
) -> None:
    cancelled, waiting, charged = attempt(), attempt(), attempt()
    tombstone = processor.cancel(cancelled)
    processor.charge(waiting, Card(WAITING_CARD))
    begun = json.loads(file_of(store).read_bytes())["answers"][1]
    processor.cancel(waiting)
    declined = processor.charge(charged, Card(DECLINED_CARD))
    assert isinstance(tombstone, Payment)
    assert isinstance(declined, Payment)
    record = json.loads(file_of(store).read_bytes())
    assert list(record) == ["format", "cart", "answers", "crc32"]
    assert (record["format"], record["cart"]) == (2, CART)
    assert [answer["status"] for answer in record["answers"]] == [
        "cancelled",
        "waiting",
        "cancelled",
        "declined",
    ]
    assert record["answers"][0] == {
        "key": cancelled.key,
        "id": tombstone.id,
        "reference": cancelled.key,
        "status": "cancelled",
        "amount": None,
        "currency": None,
        "brand": "",
        "last4": "",
        "created": "2026-01-02T03:04:05.678901Z",
        "reason": "",
        "quote": None,
    }
    assert record["answers"][1] == {**begun, "quote": None}
    assert begun["quote"] == {
        "lines": [["MUG", "name of MUG", "8.90", 2]],
        "entries": [["subtotal", "Subtotal", "17.80"], ["total", "Total", "17.80"]],
        "was": [],
    }
    assert record["answers"][3] == {
        **record["answers"][0],
        "key": charged.key,
        "id": declined.id,
        "reference": charged.key,
        "status": "declined",
        "amount": "17.80",
        "currency": "USD",
        "brand": "visa",
        "last4": "0002",
        "reason": "the card was declined",
    }


def test_the_store_is_claimed_before_anything_is_put_there(
    processor: PaymentProcessor, store: Path
) -> None:
    assert isinstance(processor.look(attempt()), Waiting)
    assert [*processor.payments()] == []
    assert not store.exists()
    processor.charge(attempt(), Card(CARD))
    found = {str(path.relative_to(store)) for path in store.rglob("*")}
    lock = "payments/6f/lock"
    assert found == {"orders", "payments", "payments/6f", lock, f"payments/6f/{CART}.json"}
    assert (store / "orders").is_file()
    assert stat.S_IMODE(file_of(store).stat().st_mode) == 0o600


def test_an_older_store_is_left_alone(processor: PaymentProcessor, store: Path) -> None:
    (store / "orders").mkdir(parents=True, mode=0o700)
    with pytest.raises(RepairStore, match="older version"):
        processor.charge(attempt(), Card(CARD))
    assert [*store.rglob("*")] == [store / "orders"]


def test_a_charge_is_one_durable_write(
    processor: PaymentProcessor, steps: list[str], store: Path
) -> None:
    processor.charge(attempt(NEIGHBOUR), Card(CARD))  # has made the folder
    steps.clear()
    processor.charge(attempt(), Card(CARD))
    assert steps == ["sync file", "rename", "sync folder"]


@pytest.mark.parametrize("card", [DECLINED_CARD, WAITING_CARD])
def test_so_is_any_other_answer(processor: PaymentProcessor, steps: list[str], card: str) -> None:
    processor.charge(attempt(NEIGHBOUR), Card(CARD))
    steps.clear()
    processor.charge(attempt(), Card(card))
    assert steps == ["sync file", "rename", "sync folder"]


@pytest.mark.parametrize("card", [CARD, DECLINED_CARD])
def test_a_known_answer_is_made_durable_before_it_is_told(
    processor: PaymentProcessor, steps: list[str], card: str
) -> None:
    """Whoever wrote it may have been killed between the rename and the sync."""
    asked = attempt()
    processor.charge(asked, Card(card))
    calls: list[Callable[[], object]] = [
        lambda: processor.charge(asked, Card(card)),
        lambda: processor.look(asked),
        lambda: processor.cancel(asked),
    ]
    for call in calls:
        steps.clear()
        call()
        assert steps == ["sync folder"]


def test_an_answer_that_is_not_durable_is_not_told(
    processor: PaymentProcessor, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    asked = attempt()
    processor.cancel(attempt())  # has made the folder
    real = os.fsync

    def failing(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd)[0]):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(fd)

    for _ in range(2):  # first the one that is written, then the one that is found
        monkeypatch.setattr(os, "fsync", failing)
        with pytest.raises(OSError, match="Input/output"):
            processor.charge(asked, Card(CARD))
        monkeypatch.undo()
    assert asked.key not in file_of(store).read_text("ascii")  # its folder failed first
    assert processor.charge(asked, Card(CARD)) == processor.cancel(asked)


def test_new_folders_are_durable_before_an_answer_is_in_them(
    processor: PaymentProcessor, steps: list[str]
) -> None:
    processor.charge(attempt(), Card(CARD))
    assert steps[-3:] == ["sync file", "rename", "sync folder"]
    made = [at for at, step in enumerate(steps) if step == "mkdir"]
    assert len(made) >= 3  # the store, payments, and the one of this cart
    assert {steps[at + 1] for at in made} == {"sync folder"}


def test_what_others_have_put_first_is_seen(store: Path, clock: Clock) -> None:
    ledger = FileLedger(str(store), 1)
    before = ledger.answers(CART)
    open_embedded(str(store), 1, 0, clock).cancel(attempt())
    (tombstone,) = ledger.answers(CART)
    late = tombstone._replace(key="0" * 32, reference="0" * 32)
    assert not ledger.add(late, before)
    assert ledger.answers(CART) == (tombstone,)
    assert ledger.add(late, (tombstone,))
    assert ledger.answers(CART) == (tombstone, late)


def test_only_who_answers_is_kept_out_by_the_lock(processor: PaymentProcessor, store: Path) -> None:
    known = attempt()
    answer = processor.charge(known, Card(CARD))
    with held(store / "payments" / "6f" / "lock"):
        with pytest.raises(RetryLater, match="another process holds"):
            processor.charge(attempt(NEIGHBOUR), Card(CARD))
        assert processor.cancel(known) == answer
        assert [*processor.payments()] == [answer]
        assert isinstance(processor.charge(attempt(STRANGER), Card(CARD)), Payment)
    assert isinstance(processor.charge(attempt(NEIGHBOUR), Card(CARD)), Payment)


def test_what_a_killed_writer_left_is_cleared_away(
    processor: PaymentProcessor, store: Path
) -> None:
    processor.cancel(attempt(NEIGHBOUR))
    left = file_of(store).with_name(f"{CART}.json.tmp")
    left.write_bytes(b"half")
    payment = processor.charge(attempt(), Card(CARD))
    assert not left.exists()
    assert payment in [*processor.payments()]


def test_a_record_that_could_not_be_read_again_is_refused(
    processor: PaymentProcessor, store: Path
) -> None:
    huge = Line("MUG", "x" * (63 << 20), Money("1.00", "USD"), 1)
    asked = attempt(CART, huge)
    for number in (CARD, WAITING_CARD):
        with pytest.raises(Refused, match=r"would take 6\d MiB") as refused:
            processor.charge(asked, Card(number))
        assert "charged nothing" in refused.value.hint
    assert not file_of(store).exists()
    tombstone = processor.cancel(asked)  # which is how a checkout ends what was refused
    assert processor.charge(asked, Card(CARD)) == tombstone


def test_payments_given_up_leave_room_for_the_next(
    processor: PaymentProcessor, store: Path
) -> None:
    large = Line("MUG", "x" * (24 << 20), Money("1.00", "USD"), 1)
    for _ in range(3):
        asked = attempt(CART, large)
        assert isinstance(processor.charge(asked, Card(WAITING_CARD)), Waiting)
        processor.cancel(asked)
    paid = attempt(CART, large)
    assert isinstance(processor.charge(paid, Card(WAITING_CARD)), Waiting)
    charged = processor.look(paid)
    assert isinstance(charged, Payment)
    assert charged.quote == paid.quote
    assert file_of(store).stat().st_size < 25 << 20


def test_a_quote_that_differs_from_what_was_put_in_is_kept(
    processor: PaymentProcessor,
) -> None:
    asked = attempt()
    quote = Quote.of(asked.lines, "USD", was=[line("MUG", 2, "7.5")])
    payment = processor.charge(asked._replace(quote=quote), Card(CARD))
    assert isinstance(payment, Payment)
    assert payment.quote == quote
    assert processor.look(asked) == payment


def test_a_copied_folder_has_the_answers_for_a_cart_or_none(
    processor: PaymentProcessor, store: Path, tmp_path: Path, clock: Clock
) -> None:
    asked = attempt()
    payment = processor.charge(asked, Card(CARD))
    copy = tmp_path / "copy"
    shutil.copytree(store, copy)
    assert open_embedded(str(copy), 1, 0, clock).cancel(asked) == payment
    file_of(copy).unlink()
    again = open_embedded(str(copy), 1, 0, clock).cancel(asked)
    assert isinstance(again, Payment)
    assert again.status == "cancelled"


def test_damage_names_its_path_and_cart(processor: PaymentProcessor, store: Path) -> None:
    processor.charge(attempt(), Card(CARD))
    other = processor.charge(attempt(STRANGER), Card(CARD))
    file_of(store).write_bytes(file_of(store).read_bytes()[:-1])
    with pytest.raises(RestoreData) as told:
        processor.cancel(attempt())
    for error in (told.value, next(iter(processor.payments()))):
        assert isinstance(error, RestoreData)
        assert (error.path, error.facts["cart"]) == (str(file_of(store)), CART)
    assert [*processor.payments()][1:] == [other]
