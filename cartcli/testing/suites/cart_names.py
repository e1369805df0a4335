"""What every cart DB promises about the names of carts."""

from __future__ import annotations

from typing import Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb, CartReader
from cartcli.cart_db.keeper import CartKeeper
from cartcli.errors import ChooseExisting, FixInput
from cartcli.testing.fixtures import OpenCarts
from cartcli.testing.suites.cart_db import MINE, THEIRS, buy, mark
from cartcli.testing.values import Clock, add, at_once

MOST_KEPT: Final = 256


def made(carts: CartDb, owner: str = MINE) -> Cart:
    return carts.create(owner, [add()], currency="USD")


def named(carts: CartDb, name: str, owner: str = MINE) -> Cart:
    return carts.rename(owner, made(carts, owner).id, name)


def called(carts: CartDb, name: str, owner: str = MINE) -> Cart | None:
    """The cart that is called so."""
    found = carts.find(owner, name)
    assert len(found) <= 1
    return found[0] if found else None


def test_a_cart_is_found_by_its_name_whatever_the_case(
    carts: CartDb, open_carts: OpenCarts
) -> None:
    cart, _ = made(carts), made(carts)
    renamed = carts.rename(MINE, cart.id, "Große Küche")
    assert renamed == cart._replace(name="Große Küche")
    for name in ("Große Küche", "große küche", "GROSSE KÜCHE"):
        assert called(carts, name) == called(open_carts(), name) == renamed
    assert called(carts, "Kleine Küche") is None
    assert renamed in carts.find(MINE)


@pytest.mark.parametrize("state", ["open", "pending", "purchased"])
def test_a_name_stays_whatever_becomes_of_the_cart(
    carts: CartDb, open_carts: OpenCarts, reader: CartReader, state: str
) -> None:
    cart = named(carts, "home")
    cart = carts.update(MINE, cart.id, [add("TEA")])
    if state == "pending":
        cart = mark(carts, MINE, cart)
    if state == "purchased":
        cart = buy(carts, MINE, cart)
    made(carts)  # which flushes
    for now in (carts, open_carts()):
        assert called(now, "home") == cart
        assert now.find(MINE, cart.id) == [cart]
    assert [one for one in reader.everything() if isinstance(one, Cart) and one.name] == [cart]
    assert (cart.name, cart.state) == ("home", state)


@pytest.mark.parametrize("state", ["open", "pending", "purchased"])
def test_a_cart_in_any_state_gets_a_name_and_loses_it(carts: CartDb, state: str) -> None:
    cart = made(carts)
    if state == "pending":
        cart = mark(carts, MINE, cart)
    if state == "purchased":
        cart = buy(carts, MINE, cart)
    assert carts.rename(MINE, cart.id, "home") == cart._replace(name="home")
    assert carts.rename(MINE, cart.id, "Home") == cart._replace(name="Home")
    assert carts.rename(MINE, cart.id, "away") == called(carts, "AWAY")
    assert called(carts, "home") is None
    assert carts.rename(MINE, cart.id, "") == cart
    assert called(carts, "away") is None
    assert carts.find(MINE) == [cart._replace(name="")]


def test_only_what_is_bought_gives_its_name_up(carts: CartDb) -> None:
    first, second = named(carts, "home"), made(carts)
    with pytest.raises(FixInput, match="has the name 'HOME' already") as refused:
        carts.rename(MINE, second.id, "HOME")
    assert refused.value.facts["cart"] == first.id
    first = mark(carts, MINE, first)
    with pytest.raises(FixInput):
        carts.rename(MINE, second.id, "home")
    assert called(carts, "home") == first
    carts.unpurchase(MINE, first.id, first.attempt)  # type: ignore[arg-type]
    buy(carts, MINE, carts.find(MINE, first.id)[0])
    assert carts.rename(MINE, second.id, "HOME") == second._replace(name="HOME")
    assert called(carts, "home") == second._replace(name="HOME")
    assert carts.find(MINE, first.id)[0].name == ""


def test_a_name_goes_with_its_cart(carts: CartDb) -> None:
    carts.delete(MINE, named(carts, "home").id)
    assert called(carts, "home") is None
    assert named(carts, "home") == called(carts, "home")


def test_each_owner_has_names_of_their_own(carts: CartDb) -> None:
    mine, theirs = named(carts, "home"), named(carts, "home", THEIRS)
    assert called(carts, "home") == mine
    assert called(carts, "home", THEIRS) == theirs
    assert called(carts, "home", "nobody") is None
    with pytest.raises(ChooseExisting):
        carts.rename(THEIRS, mine.id, "away")


def test_who_is_forgotten_leaves_no_names(carts: CartDb, keeper: CartKeeper) -> None:
    bought = buy(carts, MINE, named(carts, "doctor's bill"))
    heir = keeper.forget(MINE).owner
    assert called(carts, "doctor's bill") is called(carts, "doctor's bill", heir) is None
    assert [cart.name for cart in carts.find(heir)] == [""]
    assert bought.name == "doctor's bill"


def test_what_is_pruned_leaves_no_name(carts: CartDb, keeper: CartKeeper, clock: Clock) -> None:
    guest = "guest:7f3c9a2e5d1b4860937e2f5a8c6d4b1e"
    named(carts, "home", guest)
    kept = named(carts, "away", guest)
    clock.move(days=1)
    keeper.prune(clock.now, clock.now, lambda cart: cart.id == kept.id)
    assert called(carts, "home", guest) is None
    assert called(carts, "away", guest) == kept


def test_of_what_is_bought_the_latest_keep_their_names(carts: CartDb) -> None:
    bought = buy(carts, MINE, made(carts))
    open_ = named(carts, "open")
    for number in range(3):
        carts.rename(MINE, bought.id, f"week {number}")
        assert called(carts, f"week {number}") == bought._replace(name=f"week {number}")
    assert called(carts, "week 1") is None
    assert called(carts, "open") == open_


def test_of_those_who_want_one_name_at_once_one_gets_it(carts: CartDb) -> None:
    mine = [made(carts) for _ in range(8)]
    results = at_once(8, lambda number: carts.rename(MINE, mine[number].id, "home"))
    assert sum(isinstance(result, Cart) for result in results) == 1
    assert sum(isinstance(result, FixInput) for result in results) == 7
    assert [cart.name for cart in carts.find(MINE)].count("home") == 1
