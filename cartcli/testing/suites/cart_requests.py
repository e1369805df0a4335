"""What every cart DB promises about request ids: what is asked for again is made once."""

from __future__ import annotations

from typing import Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb
from cartcli.errors import FixInput, ReviewCart, VersionConflict
from cartcli.model.changes import Add, Changes, Remove, Replace, Set
from cartcli.testing.fixtures import OpenCarts
from cartcli.testing.suites.cart_db import MINE, THEIRS, UUID4, buy, mark
from cartcli.testing.values import Clock, add, at_once, item

KNOWN: Final = 64


def test_a_request_makes_one_cart(carts: CartDb, open_carts: OpenCarts, clock: Clock) -> None:
    cart = carts.create(MINE, [add("MUG", 2)], currency="USD", request_id="r1")
    assert UUID4.fullmatch(cart.id)
    clock.move(hours=1)
    again = open_carts().create(MINE, [add("MUG", 2, "9.90")], currency="USD", request_id="r1")
    assert [again] == carts.find(MINE) == [cart]  # whatever the price is by now


def test_other_requests_and_other_owners_make_other_carts(carts: CartDb) -> None:
    made = [
        carts.create(owner, [add()], currency="USD", request_id=request)
        for owner in (MINE, THEIRS)
        for request in ("r1", "r2", "")
    ]
    assert len({cart.id for cart in made}) == 6
    assert len(carts.find(MINE)) == len(carts.find(THEIRS)) == 3


@pytest.mark.parametrize("state", ["open", "pending", "purchased"])
def test_a_request_made_again_tells_the_cart_as_it_is_by_now(carts: CartDb, state: str) -> None:
    cart = carts.create(MINE, [add()], currency="USD", request_id="r1")
    changes = [add("TEA", 3)]
    cart = carts.update(MINE, cart.id, changes, if_version=1, request_id="r2")
    cart = carts.update(MINE, cart.id, [Remove("TEA")])
    if state == "pending":
        cart = mark(carts, MINE, cart)
    if state == "purchased":
        cart = buy(carts, MINE, cart)
    assert carts.create(MINE, [add()], currency="USD", request_id="r1") == cart
    assert carts.update(MINE, cart.id, changes, if_version=1, request_id="r2") == cart
    assert carts.find(MINE) == [cart]


OTHERS: Final[list[Changes]] = [
    [],
    [add("MUG", 2)],
    [add("TEA", 1)],
    [add("MUG", 1), add("MUG", 1)],
    [Set("MUG", 1, item())],
    [Remove("MUG", 1)],
    [Remove("MUG")],
    [Replace((Set("MUG", 1, item()),))],
]


@pytest.mark.parametrize("changes", OTHERS, ids=str)
def test_a_request_is_for_the_same_changes(carts: CartDb, changes: Changes) -> None:
    cart = carts.create(MINE, [add()], currency="USD", request_id="r1")
    cart = carts.update(MINE, cart.id, [add()], request_id="r2")
    with pytest.raises(FixInput, match="'r1'"):
        carts.create(MINE, changes, currency="USD", request_id="r1")
    with pytest.raises(FixInput, match="'r2'"):
        carts.update(MINE, cart.id, changes, request_id="r2")
    assert carts.find(MINE) == [cart]


def test_all_kinds_of_changes_are_known_again(carts: CartDb) -> None:
    """Made again, with other prices or with an item that is gone, they are the same."""
    cart = carts.create(MINE, [add()], currency="USD")
    first: Changes = [add(), Set("TEA", 2, item("TEA")), Remove("MUG", 1)]
    again: Changes = [Add("MUG"), Set("TEA", 2, item("TEA", "1")), Remove("MUG", 1)]
    cart = carts.update(MINE, cart.id, first, request_id="r1")
    assert carts.update(MINE, cart.id, again, request_id="r1") == cart
    whole = [Replace((Set("MUG", 3, item()),))]
    cart = carts.update(MINE, cart.id, whole, request_id="r2")
    assert carts.update(MINE, cart.id, [Replace((Set("MUG", 3),))], request_id="r2") == cart


def test_a_request_that_changed_nothing_is_not_known(carts: CartDb) -> None:
    cart = carts.create(MINE, [add()], currency="USD")
    with pytest.raises(ReviewCart):
        carts.update(MINE, cart.id, [Remove("MUG", 2)], request_id="r1")
    with pytest.raises(VersionConflict):
        carts.update(MINE, cart.id, [add()], if_version=2, request_id="r1")
    assert carts.update(MINE, cart.id, [add()], request_id="r1").contents == {"MUG": 2}


def test_the_latest_requests_are_known(carts: CartDb) -> None:
    cart = carts.create(MINE, [add()], currency="USD")
    for number in range(KNOWN + 1):
        cart = carts.update(MINE, cart.id, [add()], request_id=f"r{number}")
    for number in range(1, KNOWN + 1):
        assert carts.update(MINE, cart.id, [add()], request_id=f"r{number}") == cart
    assert carts.update(MINE, cart.id, [add()], request_id="r0").version == cart.version + 1


def test_the_request_that_made_a_cart_is_known_for_ever(carts: CartDb) -> None:
    cart = carts.create(MINE, [add()], currency="USD", request_id="r")
    for number in range(KNOWN + 1):
        cart = carts.update(MINE, cart.id, [add()], request_id=f"r{number}")
    assert carts.create(MINE, [add()], currency="USD", request_id="r") == cart
    assert carts.find(MINE) == [cart]


def test_a_request_of_one_cart_is_unknown_to_another(carts: CartDb) -> None:
    one, other = (carts.create(MINE, [add()], currency="USD") for _ in range(2))
    for cart in (one, other):
        changed = carts.update(MINE, cart.id, [add("TEA")], request_id="r1")
        assert changed.contents == {"MUG": 1, "TEA": 1}


@pytest.mark.parametrize("request_id", ["x" * 256, "ü", "a\nb", "\x00", "\udcff"], ids=ascii)
def test_what_is_no_request_id_is_refused(carts: CartDb, request_id: str) -> None:
    cart = carts.create(MINE, [add()], currency="USD", request_id="x" * 255)
    with pytest.raises(FixInput):
        carts.create(MINE, [add()], currency="USD", request_id=request_id)
    with pytest.raises(FixInput):
        carts.update(MINE, cart.id, [add()], request_id=request_id)
    assert carts.find(MINE) == [cart]


def test_of_racing_requests_with_one_id_one_makes_a_cart(
    carts: CartDb, open_carts: OpenCarts
) -> None:
    made = at_once(8, lambda _: open_carts().create(MINE, [add()], currency="USD", request_id="r1"))
    assert made == carts.find(MINE) * 8
    assert len(carts.find(MINE)) == 1


def test_of_racing_requests_with_one_id_one_has_an_effect(
    carts: CartDb, open_carts: OpenCarts
) -> None:
    cart = carts.create(MINE, [add()], currency="USD")

    def ask(number: int) -> Cart:
        return open_carts().update(MINE, cart.id, [add("TEA")], request_id=f"r{number % 2}")

    results = at_once(8, ask)
    (found,) = carts.find(MINE)
    assert (found.contents, found.version) == ({"MUG": 1, "TEA": 2}, 3)
    assert all(isinstance(result, Cart) for result in results)
