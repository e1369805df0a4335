"""An old copy of a user's unpurchased carts, restored when one of them had been bought since.

The purchase stands: its old entry is never changed nor charged, and the other carts go on working.
"""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from cartcli import Cart
from cartcli.errors import ReviewCart
from cartcli.model.changes import Add
from tests.helpers import ALICE, BOB, CARD, DRONE, PLATES, RICE, run_cart
from tests.promises.damage.sample import Sample, attempt_of, tree


def _restored(sample: Sample, cart: Cart) -> Cart:
    """Buy the `cart`, and restore the copy in which it was not bought; the cart as it is bought."""
    old = sample.open_file().read_bytes()
    sample.shop.checkout_cart(ALICE, cart.id, CARD)
    sample.open_file().write_bytes(old)
    (bought,) = sample.shop.get_carts(ALICE, [cart.id])
    return bought


@pytest.fixture
def bought(sample: Sample) -> Cart:
    """A purchased cart, of which an open entry is left."""
    return _restored(sample, sample.opened)


def _entry(sample: Sample, cart: Cart) -> list[dict[str, Any]]:
    """What the user's unpurchased carts say of the `cart`."""
    carts: list[dict[str, Any]] = pickle.loads(sample.open_file().read_bytes())["carts"]
    return [entry for entry in carts if entry["id"] == cart.id]


@pytest.mark.parametrize("verb", ["add", "remove"])
def test_it_is_not_changed(sample: Sample, bought: Cart, verb: str) -> None:
    before = tree(sample.store)
    ran = run_cart(verb, bought.id, PLATES, "1", "-o", "json", store=sample.store)
    assert (ran.returncode, ran.stdout) == (9, "")
    assert '"error": "damaged"' in ran.stderr
    assert f"cart {bought.short_id} is purchased, but stands among the open ones" in ran.stderr
    assert tree(sample.store) == before


def test_it_is_not_charged_again(sample: Sample, bought: Cart) -> None:
    before = tree(sample.store)
    args = ("checkout", bought.id, "--card", "-", "-o", "json")
    ran = run_cart(*args, store=sample.store, input=CARD)
    assert ran.returncode == 0
    assert bought.receipt
    assert ran.json["payment"] == bought.receipt.payment
    assert tree(sample.store) == before


def test_it_is_shown_as_purchased_when_it_is_named(sample: Sample, bought: Cart) -> None:
    before = tree(sample.store)
    for args in ([bought.id], ["--all"], ["--purchased"]):
        ran = run_cart("carts", *args, "-o", "json", store=sample.store)
        assert ran.returncode == 0
        states = [cart["state"] for cart in ran.json if cart["id"] == bought.id]
        assert states == ["purchased"]
    assert tree(sample.store) == before


def test_an_audit_names_it(sample: Sample, bought: Cart) -> None:
    before = tree(sample.store)
    ran = run_cart("audit", "-o", "json", store=sample.store)
    assert ran.returncode == 9
    (problem,) = (one["problem"] for one in ran.json["disagreements"])
    assert f"cart {bought.id} is purchased, and open" in problem
    assert str(sample.open_file()) in problem
    assert tree(sample.store) == before


def test_other_carts_go_on_working(sample: Sample, bought: Cart) -> None:
    shop, entry = sample.shop, _entry(sample, bought)
    purchase = sample.purchased_file(bought).read_bytes()
    new = shop.update_cart(ALICE, None, {RICE: 1})
    assert shop.update_cart(ALICE, new.id, {RICE: 2}).contents == {RICE: 2}
    assert shop.checkout_cart(ALICE, new.id, CARD).cart == new.id
    assert shop.checkout_cart(ALICE, sample.pending.id, None).cart == sample.pending.id
    kept = shop.update_cart(ALICE, None, {DRONE: 3})
    shop.checkout_cart(BOB, sample.of_bob.id, CARD)
    ran = run_cart("carts", "-o", "json", store=sample.store)
    assert kept.id in [cart["id"] for cart in ran.json]
    states = {cart.id: cart.state for cart in shop.get_carts(ALICE, which="all")}
    assert states == {
        sample.purchased.id: "purchased",
        sample.pending.id: "purchased",
        sample.waiting.id: "pending",
        new.id: "purchased",
        bought.id: "purchased",
        kept.id: "open",
    }
    assert _entry(sample, bought) == entry  # it is left for whoever compares the two
    assert sample.purchased_file(bought).read_bytes() == purchase


def test_it_is_not_deleted(sample: Sample, bought: Cart) -> None:
    before = tree(sample.store)
    with pytest.raises(ReviewCart, match="it is purchased"):
        sample.shop.delete_cart(ALICE, bought.id)
    assert tree(sample.store) == before


@pytest.mark.parametrize("state", ["pending", "waiting"])
def test_one_that_was_pending_counts_for_nothing(sample: Sample, state: str) -> None:
    """A checkout leaves just this behind when it is killed as soon as the purchase is written."""
    bought = _restored(sample, sample.pending if state == "pending" else sample.waiting)
    assert len(_entry(sample, bought)) == 1
    ran = run_cart("add", bought.id, PLATES, store=sample.store)
    assert ran.returncode == 6
    assert run_cart("audit", store=sample.store).returncode == 0
    assert sample.shop.checkout_cart(ALICE, bought.id, None) == bought.receipt
    listed = run_cart("carts", "-o", "json", store=sample.store).json
    assert bought.id not in [cart["id"] for cart in listed]
    sample.shop.update_cart(ALICE, sample.opened.id, {RICE: 1})
    assert _entry(sample, bought) == []


def test_one_that_was_pending_under_another_key_counts_for_nothing(sample: Sample) -> None:
    """Its payment was cancelled by a change, and another one bought it."""
    old = sample.open_file().read_bytes()
    sample.shop.change_cart(ALICE, sample.waiting.id, [Add(PLATES)])
    receipt = sample.shop.checkout_cart(ALICE, sample.waiting.id, CARD)
    sample.open_file().write_bytes(old)
    before = tree(sample.store)
    assert receipt.key != attempt_of(sample.waiting).key
    assert sample.shop.checkout_cart(ALICE, sample.waiting.id, CARD) == receipt
    assert sample.shop.merchant.audit().disagreements == []
    with pytest.raises(ReviewCart, match="is purchased"):
        sample.shop.change_cart(ALICE, sample.waiting.id, [Add(RICE)])
    assert tree(sample.store) == before
