"""Values that a well-formed record with a right checksum cannot have: told, never believed."""

from __future__ import annotations

from typing import Any

import pytest

from cartcli.cli.login_file import SavedLogin
from cartcli.errors import CheckOutAgain, LogIn, RestoreData
from cartcli.model.changes import Add
from cartcli.payment import Payment
from tests.helpers import ALICE, CARD, PASSWORD, RICE
from tests.promises.damage.impossible import CASES, SUBTOTAL, TOTAL
from tests.promises.damage.readers import READERS
from tests.promises.damage.sample import FILES, Sample, rewrite, rewrite_cart, tree


@pytest.mark.parametrize("kind", CASES)
def test_impossible_values_are_told(sample: Sample, kind: str) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    original = path.read_bytes()
    for number, change in enumerate(CASES[kind]):
        path.write_bytes(original)
        rewrite(path, change)
        data = path.read_bytes()
        assert data != original, number
        with pytest.raises(RestoreData) as told:
            pytest.fail(f"change {number} of {kind} is believed: {read()!r}")
        assert str(path) in told.value.message
        assert len(told.value.message) < 1_000
        assert path.read_bytes() == data


@pytest.mark.parametrize("token", ["", None, 5, "x" * 97, "\ud800", ["a"]])
def test_a_saved_login_that_is_no_token_is_nobodys(sample: Sample, token: object) -> None:
    rewrite(sample.saved_login_file, lambda record: record.update(token=token))
    with pytest.raises(LogIn):
        sample.shop.identify(SavedLogin(str(sample.store)).token())


@pytest.mark.parametrize(
    "turns",
    [5, [], [1], [1, 2, 3], ["many", "now"], [1, "now"], [1, None], "ab", {"a": 1, "b": 2}],
)
def test_turns_that_are_none_keep_nobody_out(sample: Sample, turns: object) -> None:
    account = sample.turns_file

    def change(record: dict[str, Any]) -> None:
        record.update(dict.fromkeys([*record], turns), format=1)

    rewrite(account, change)
    assert sample.shop.login(ALICE.name, PASSWORD).identity == ALICE


def test_a_record_that_is_only_sealed_again_is_believed(sample: Sample) -> None:
    """So that what is told above is told of the change."""
    for kind in CASES:
        path, read = FILES[kind](sample), READERS[kind](sample)
        before = read()
        rewrite(path, lambda record: record)
        assert read() == before, kind


@pytest.mark.parametrize("quote", ["none", "of its own"])
def test_a_capture_of_another_amount_is_not_taken_for_the_carts(sample: Sample, quote: str) -> None:
    def change(record: dict[str, Any]) -> None:
        (answer,) = record["answers"]
        answer.update(amount="1.00", quote=None)
        if quote == "of its own":
            entries = [SUBTOTAL, TOTAL]
            answer["quote"] = {"lines": [["A", "a", "1.00", 1]], "entries": entries, "was": []}

    rewrite(sample.answers_file(sample.pending), change)
    before = tree(sample.store)
    for card in (None, CARD):
        with pytest.raises(RestoreData, match=r"99\.00 USD, but was charged 1\.00 USD"):
            sample.shop.checkout_cart(ALICE, sample.pending.id, card)
    with pytest.raises(RestoreData):
        sample.shop.change_cart(ALICE, sample.pending.id, [Add(RICE)])
    assert tree(sample.store) == before


def test_a_pending_cart_that_names_another_processor_is_not_opened(sample: Sample) -> None:
    """What is charged stays with whoever charged it, also when the cart says otherwise."""
    path = sample.open_file()
    rewrite_cart(path, sample.pending, lambda cart: cart["attempt"].update(processor="elsewhere"))
    before = tree(sample.store)
    for call in (
        lambda: sample.shop.checkout_cart(ALICE, sample.pending.id, CARD),
        lambda: sample.shop.change_cart(ALICE, sample.pending.id, [Add(RICE)]),
    ):
        with pytest.raises(CheckOutAgain, match="'elsewhere', which is not set up here"):
            call()
    assert tree(sample.store) == before


def test_a_cart_that_says_there_was_nothing_to_pay_is_not_believed(sample: Sample) -> None:
    path = sample.open_file()
    rewrite_cart(path, sample.pending, lambda cart: cart["attempt"].update(processor="none"))
    before = tree(sample.store)
    with pytest.raises(CheckOutAgain, match=r"99\.00 USD is not free of charge"):
        sample.shop.checkout_cart(ALICE, sample.pending.id, CARD)
    assert tree(sample.store) == before


def test_a_cart_that_denies_its_capture_is_charged_no_second_time(sample: Sample) -> None:
    """As never begun, it is opened; the next checkout meets the capture."""
    change = {"reference": ""}
    (capture,) = (one for one in _payments(sample) if one.cart == sample.pending.id)
    rewrite_cart(sample.open_file(), sample.pending, lambda cart: cart["attempt"].update(change))
    receipt = sample.shop.checkout_cart(ALICE, sample.pending.id, CARD)
    assert (receipt.payment, receipt.key, receipt.amount) == (
        *(capture.id, capture.key, capture.amount),
    )
    assert [one for one in _payments(sample) if one.cart == sample.pending.id] == [capture]
    assert sample.shop.merchant.audit().disagreements == []


def _payments(sample: Sample) -> list[Payment]:
    return [one for one in sample.processor.payments() if isinstance(one, Payment)]
