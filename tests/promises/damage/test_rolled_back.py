"""An old copy of all of a user's carts beside what was charged since: the copy does not know of it.

What is charged is never charged again. The next checkout finds the capture, and makes the cart
purchased from it, as it was charged, whatever the copy says; until then an audit names the cart.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from typing import Final

import pytest

from cartcli import Cart, Controller, Money, Receipt
from cartcli.errors import ReviewCart
from cartcli.files import names, sealed
from cartcli.model.changes import Add, Change
from cartcli.model.times import utc_now
from cartcli.payment import Payment, Processors
from cartcli.payment.card import Card
from tests.helpers import (
    ALICE,
    CARD,
    DECLINED_CARD,
    DRONE,
    LOST_ANSWER_CARD,
    PLATES,
    RICE,
    WAITING_CARD,
    run_cart,
    shop_in,
    write_catalog,
)
from tests.promises.damage.sample import Sample, tree
from tests.simulated.attended import Attended

OTHER_CARD: Final = "378282246310005"


def _rolled_back(sample: Sample, buy: Callable[[], Receipt]) -> Receipt:
    """Let the user `buy`, and restore the copy of all their carts from before."""
    folder = sample.open_file().parent
    copy = sample.store.with_name("copy")
    shutil.copytree(folder, copy)
    receipt = buy()
    shutil.rmtree(folder)
    copy.rename(folder)
    return receipt


def _buys(sample: Sample, cart: Cart, card: str | None = CARD) -> Callable[[], Receipt]:
    return lambda: sample.shop.checkout_cart(ALICE, cart.id, card)


def _payments(sample: Sample) -> list[Payment]:
    return [one for one in sample.processor.payments() if isinstance(one, Payment)]


def _problems(sample: Sample) -> list[tuple[str, str]]:
    return [(cart, problem) for cart, problem in sample.shop.merchant.audit().disagreements]


@pytest.mark.parametrize("card", [CARD, DECLINED_CARD, LOST_ANSWER_CARD, WAITING_CARD, OTHER_CARD])
def test_an_open_copy_is_not_charged_again_whatever_the_card(sample: Sample, card: str) -> None:
    cart = sample.opened
    receipt = _rolled_back(sample, _buys(sample, cart))
    answers = tree(sample.store / "payments")
    assert _problems(sample) == [(cart.id, f"open, but charged {receipt.amount}")]
    args = ("checkout", cart.id, "--card", "-", "-o", "json")
    ran = run_cart(*args, store=sample.store, input=card)
    assert ran.returncode == 0
    assert (ran.json["payment"], ran.json["key"]) == (receipt.payment, receipt.key)
    assert "nothing else was charged" in ran.stderr
    assert tree(sample.store / "payments") == answers
    assert _problems(sample) == []
    assert sample.shop.checkout_cart(ALICE, cart.id, None) == receipt


def _sells(sample: Sample, *rows: tuple[str, str, str, str], currency: str = "USD") -> Controller:
    """The shop, which sells something else by now."""
    catalog = write_catalog(sample.store.with_name("today.csv"), rows)
    terms = {"currency": currency, "catalogue": str(catalog)}
    (sample.store / names.SHOP).write_bytes(sealed.seal(terms))
    return shop_in(sample.store)


def _emptied(sample: Sample) -> Controller:
    sample.shop.update_cart(ALICE, sample.opened.id, {})
    return sample.shop


def _elsewhere(sample: Sample) -> Controller:
    """The shop, whose payments another processor takes by now."""
    shop = sample.shop
    remote = Attended(sample.store, utc_now)
    vars(shop._services)["payments"] = Processors(remote, sample.processor)
    return shop


# What has become of the shop, or of the copy: reasons to refuse it, or to charge otherwise.
TODAY: Final[dict[str, Callable[[Sample], Controller]]] = {
    "as it was": lambda sample: sample.shop,
    "free now": lambda sample: _sells(
        sample, (PLATES, "Plates", "0", ""), (DRONE, "Drone", "0", "")
    ),
    "no longer sold": lambda sample: _sells(sample, (RICE, "Rice", "1.00", "")),
    "another currency": lambda sample: _sells(
        sample, (PLATES, "Plates", "1.00", ""), (DRONE, "Drone", "1.00", ""), currency="EUR"
    ),
    "empty": _emptied,
    "another processor": _elsewhere,
}


@pytest.mark.parametrize("source", [None, Card(OTHER_CARD)], ids=["no card", "a card"])
@pytest.mark.parametrize("total", [None, Money("1.00", "USD")], ids=["any total", "another total"])
@pytest.mark.parametrize("today", TODAY)
def test_an_open_copy_is_bought_whatever_it_is_today(
    sample: Sample, today: str, total: Money | None, source: Card | None
) -> None:
    receipt = _rolled_back(sample, _buys(sample, sample.opened))
    shop = TODAY[today](sample)
    answers = tree(sample.store / "payments")
    buy = partial(shop.buy_cart, ALICE, sample.opened.id, source, expect_total=total)
    if total is None:
        assert buy() == (receipt, "settled an earlier attempt")
    else:
        with pytest.raises(ReviewCart) as told:
            buy()
        assert told.value.facts["receipt"] == receipt
    assert tree(sample.store / "payments") == answers
    assert shop.merchant.audit().disagreements == []
    assert shop.buy_cart(ALICE, sample.opened.id, None) == (receipt, "bought before")


def test_an_open_copy_is_not_deleted(sample: Sample) -> None:
    receipt = _rolled_back(sample, _buys(sample, sample.opened))
    with pytest.raises(ReviewCart, match="went through: it is purchased"):
        sample.shop.delete_cart(ALICE, sample.opened.id)
    (bought,) = sample.shop.get_carts(ALICE, [sample.opened.id])
    assert bought.receipt == receipt
    assert _problems(sample) == []


def test_what_was_put_in_anew_is_bought_as_it_was(sample: Sample) -> None:
    """The same items, put in at another price than in the copy."""
    cart = sample.opened

    def buy() -> Receipt:
        shop = _sells(sample, (PLATES, "Plates", "1.00", ""), (DRONE, "Drone", "2.00", ""))
        shop.update_cart(ALICE, cart.id, {})
        shop.update_cart(ALICE, cart.id, cart.contents)
        return shop.checkout_cart(ALICE, cart.id, CARD)

    receipt = _rolled_back(sample, buy)
    assert sample.shop.checkout_cart(ALICE, cart.id, None) == receipt
    assert _problems(sample) == []


@pytest.mark.parametrize("changes", [[], [Add(RICE)]], ids=["as it was", "changed since"])
def test_what_was_charged_is_what_is_bought(sample: Sample, changes: list[Change]) -> None:
    """The copy lists other lines than were charged: those were bought."""
    cart = sample.opened

    def buy() -> Receipt:
        sample.shop.change_cart(ALICE, cart.id, [Add(RICE, 7)])
        return sample.shop.checkout_cart(ALICE, cart.id, CARD)

    receipt = _rolled_back(sample, buy)
    answers = tree(sample.store / "payments")
    if changes:
        sample.shop.change_cart(ALICE, cart.id, changes)
    bought = sample.shop.buy_cart(ALICE, cart.id, Card(OTHER_CARD))
    assert (bought.receipt, bought.how) == (receipt, "settled an earlier attempt")
    assert tree(sample.store / "payments") == answers
    (found,) = sample.shop.get_carts(ALICE, [cart.id])
    assert found.contents == {line.sku: line.quantity for line in receipt.lines}
    assert _problems(sample) == []


@pytest.mark.parametrize("card", [None, CARD])
@pytest.mark.parametrize("state", ["pending", "waiting"])
def test_a_pending_copy_finds_its_own_capture(sample: Sample, state: str, card: str | None) -> None:
    cart = sample.pending if state == "pending" else sample.waiting
    receipt = _rolled_back(sample, _buys(sample, cart, None))
    answers = tree(sample.store / "payments")
    assert _problems(sample) == []  # it waits for just this
    assert sample.shop.checkout_cart(ALICE, cart.id, card) == receipt
    assert tree(sample.store / "payments") == answers
    assert _problems(sample) == []


@pytest.mark.parametrize("end", ["cancelled", "declined"])
def test_a_pending_copy_finds_the_capture_under_a_later_key(sample: Sample, end: str) -> None:
    """The attempt that it waits for charged nothing, and another one did since."""
    cart = sample.opened
    attempt = sample.attempt("d" * 32)
    sample.carts.mark(ALICE.owner, cart.id, attempt, if_version=cart.version)
    if end == "declined":
        sample.processor.charge(attempt, Card(DECLINED_CARD))
    receipt = _rolled_back(sample, _buys(sample, cart))
    assert receipt.key != attempt.key
    known = _payments(sample)
    assert [one.status for one in known if one.key == attempt.key] == [end]
    assert sample.shop.checkout_cart(ALICE, cart.id, None) == receipt
    assert _payments(sample) == known
    assert _problems(sample) == []


def test_a_waiting_copy_finds_the_capture_under_a_later_key(sample: Sample) -> None:
    """A change of the cart cancelled what the bank was asked, and it was bought since."""
    cart = sample.waiting

    def buy() -> Receipt:
        sample.shop.change_cart(ALICE, cart.id, [Add(RICE)])
        sample.shop.update_cart(ALICE, cart.id, cart.contents)
        return sample.shop.checkout_cart(ALICE, cart.id, CARD)

    receipt = _rolled_back(sample, buy)
    known = _payments(sample)
    assert sample.shop.checkout_cart(ALICE, cart.id, OTHER_CARD) == receipt
    assert _payments(sample) == known
    assert _problems(sample) == []


def test_a_change_of_a_pending_copy_meets_the_capture(sample: Sample) -> None:
    receipt = _rolled_back(sample, _buys(sample, sample.pending, None))
    ran = run_cart("add", sample.pending.id, RICE, store=sample.store)
    assert ran.returncode == 6
    assert "went through" in ran.stderr
    (bought,) = sample.shop.get_carts(ALICE, [sample.pending.id])
    assert bought.receipt == receipt


def test_other_carts_go_on_working(sample: Sample) -> None:
    _rolled_back(sample, _buys(sample, sample.opened))
    new = sample.shop.update_cart(ALICE, None, {RICE: 1})
    assert sample.shop.checkout_cart(ALICE, new.id, CARD).cart == new.id
    assert [cart for cart, _ in _problems(sample)] == [sample.opened.id]
