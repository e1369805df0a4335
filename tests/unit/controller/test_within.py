"""What a shop calls, a function, an iterator, a processor, and what calls the shop again.

Either that works, or it is told at once: the shops here wait for others for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from cartcli import Controller
from cartcli.errors import FixInput, RetryLater, ReviewCart, WaitForPayment
from cartcli.merchant.importing.source import Source
from cartcli.model.changes import Add
from cartcli.payment.local.processor import LocalPaymentProcessor
from tests.helpers import ALICE, BOB, CARD, PLATES, RICE, at_once, shop_in

FOR_EVER: Final = 1e6  # seconds
Contents = dict[str, int]


@pytest.fixture
def shop(store: Path) -> Controller:
    return shop_in(store, lock_wait=FOR_EVER)


# What a function that makes the new contents of one cart may do.
FINE: Final[dict[str, Callable[[Controller, str, str], object]]] = {
    "a look": lambda shop, mine, other: shop.get_carts(ALICE),
    "a new cart": lambda shop, mine, other: shop.update_cart(ALICE, None, {RICE: 1}),
    "another cart": lambda shop, mine, other: shop.update_cart(ALICE, other, lambda _: {RICE: 2}),
    "another's payment": lambda shop, mine, other: shop.checkout_cart(ALICE, other, CARD),
    "another is deleted": lambda shop, mine, other: shop.delete_cart(ALICE, other),
    "somebody else's": lambda shop, mine, other: shop.change_cart(BOB, None, [Add(RICE)]),
    "all that waits": lambda shop, mine, other: shop.merchant.settle(),
    "a login": lambda shop, mine, other: shop.guest(),
}


@pytest.mark.parametrize("name", FINE)
def test_a_function_may_use_the_shop(shop: Controller, name: str) -> None:
    mine, other = (shop.change_cart(ALICE, None, [Add(PLATES)]).id for _ in range(2))
    called: list[Contents] = []

    def one_more(contents: Contents) -> Contents:
        called.append(contents)
        FINE[name](shop, mine, other)
        return contents | {PLATES: contents[PLATES] + 1}

    assert shop.update_cart(ALICE, mine, one_more).contents == {PLATES: 2}
    assert len(called) == 1
    assert shop.audit().disagreements == []


def test_a_function_that_always_changes_its_own_cart_is_told(shop: Controller) -> None:
    cart = shop.change_cart(ALICE, None, [Add(PLATES)])

    def both(contents: Contents) -> Contents:
        shop.change_cart(ALICE, cart.id, [Add(RICE)])
        return contents | {PLATES: 9}

    with pytest.raises(FixInput, match=r"changes cart .* itself") as told:
        shop.update_cart(ALICE, cart.id, both)
    assert told.value.facts == {"cart": cart.id}
    (now,) = shop.get_carts(ALICE)
    assert now.contents == {PLATES: 1, RICE: 2}  # what is said to stay
    assert shop.update_cart(ALICE, cart.id, lambda now: now | {RICE: 0}).contents == {PLATES: 1}


def test_a_function_that_buys_its_own_cart_is_told(shop: Controller) -> None:
    cart = shop.change_cart(ALICE, None, [Add(PLATES)])

    def buy(contents: Contents) -> Contents:
        shop.checkout_cart(ALICE, cart.id, CARD)
        return contents | {PLATES: 9}

    with pytest.raises(ReviewCart, match="purchased"):
        shop.update_cart(ALICE, cart.id, buy)
    assert shop.audit()[:3] == (1, 1, [])


def test_a_processor_that_pays_the_cart_it_is_charging_is_told(
    shop: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer is nobody's then, and the next checkout finds out."""
    cart, other = (shop.change_cart(ALICE, None, [Add(PLATES)]).id for _ in range(2))
    charge = LocalPaymentProcessor.charge
    bought: list[str] = []

    def again(self: LocalPaymentProcessor, *args: object) -> object:
        monkeypatch.setattr(LocalPaymentProcessor, "charge", charge)
        bought.append(shop.checkout_cart(ALICE, other, CARD).cart)
        with pytest.raises(WaitForPayment):
            shop.change_cart(ALICE, cart, [Add(PLATES)])
        shop.checkout_cart(ALICE, cart, CARD)
        raise AssertionError

    monkeypatch.setattr(LocalPaymentProcessor, "charge", again)
    with pytest.raises(WaitForPayment, match="of the same thread"):
        shop.checkout_cart(ALICE, cart, CARD)
    assert bought == [other]
    assert shop.checkout_cart(ALICE, cart, CARD).cart == cart
    assert shop.audit().disagreements == []


def test_who_watches_the_carts_may_change_them(shop: Controller) -> None:
    for identity in (ALICE, BOB):
        shop.change_cart(identity, None, [Add(PLATES)])

    def watched(owners: list[str]) -> Iterable[str]:
        for owner in owners:
            yield owner
            shop.change_cart(ALICE, None, [Add(RICE)])

    assert len(shop.merchant.carts_frame(progress=watched)) >= 2
    assert len(shop.merchant.report("open", progress=watched)) >= 1
    for found in shop._services.cart_reader.everything():
        assert shop.checkout_cart(ALICE, shop.change_cart(ALICE, None, [Add(RICE)]).id, CARD)
        assert found


def imported(shop: Controller, path: Path, told: Callable[..., None]) -> None:
    """Import the product file at `path`."""
    with shop.merchant.plan_import(told=told) as plan, path.open("rb") as file:
        plan.read(Source(file, str(path), 0), None, datetime.now(UTC))
        plan.write()


@pytest.fixture
def products(tmp_path: Path) -> Path:
    """A product file that is large enough for its import to tell how far it has come."""
    path = tmp_path / "products.csv"
    rows = (f"S{number},Thing,2,\n" for number in range(1_200))
    path.write_text("sku,name,price,description\n" + "".join(rows))
    return path


def test_who_is_told_of_an_import_may_sell(shop: Controller, products: Path) -> None:
    imported(shop, products, lambda *_: None)
    told: list[str] = []

    def sell(what: str, *_: int) -> None:
        told.append(what)
        cart = shop.change_cart(ALICE, None, [Add("S1")])
        assert shop.checkout_cart(ALICE, cart.id, CARD).amount.decimal == "2.00"
        assert shop.get_catalog(limit=1)

    imported(shop, products, sell)
    assert any("Writing" in what for what in told)
    assert shop.audit().disagreements == []


def test_who_is_told_of_an_import_and_imports_is_told(shop: Controller, products: Path) -> None:
    """Not while something is only read: then the other import is done, and this one after it."""
    imported(shop, products, lambda *_: None)

    def again(what: str, *_: int) -> None:
        if what.startswith("Writing"):
            imported(shop, products, lambda *_: None)

    with pytest.raises(RetryLater, match="of the same thread"):
        imported(shop, products, again)
    assert len(shop.get_catalog()) == 1_200


def test_nobody_starves(store: Path) -> None:
    """Functions, plain changes and new carts of one customer: each has its turn within the wait
    that is usual, and nothing is lost."""
    shop = shop_in(store)
    cart = shop.change_cart(ALICE, None, [Add(PLATES)])

    def work(number: int) -> None:
        for _ in range(40):
            if number % 4 == 0:
                shop.change_cart(ALICE, None, [Add(RICE)])
            elif number % 4 == 1:
                shop.change_cart(ALICE, cart.id, [Add(PLATES)])
            else:
                shop.update_cart(ALICE, cart.id, lambda now: now | {PLATES: now[PLATES] + 1})

    assert at_once(8, work) == [None] * 8
    (now,) = shop.get_carts(ALICE, [cart.id])
    assert now.contents == {PLATES: 1 + 6 * 40}
    assert len(shop.get_carts(ALICE)) == 1 + 2 * 40
