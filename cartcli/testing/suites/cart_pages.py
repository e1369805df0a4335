"""What every cart DB and every cart reader promise about long lists: pages, oldest first."""

from __future__ import annotations

from typing import Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb, CartReader, Which
from cartcli.errors import FixInput
from cartcli.model.cart import cursor_of
from cartcli.testing.suites.cart_db import MINE, THEIRS, buy, mark
from cartcli.testing.values import Clock, add

WHICH: Final[tuple[Which, ...]] = ("unpurchased", "pending", "purchased", "all")


@pytest.fixture
def made(carts: CartDb, clock: Clock) -> list[Cart]:
    """Nine carts of two owners, oldest first, in all states; some share the instant at which they
    were created."""
    made = []
    for number, hours in enumerate((2, -3, 0, 0, 5, 0, -7, 1, 0)):
        clock.move(hours=hours)
        owner = THEIRS if number == 3 else MINE
        cart = carts.create(owner, [add(quantity=number + 1)], currency="USD")
        if number % 3 == 1:
            cart = mark(carts, owner, cart)
        elif number % 3 == 2:
            cart = buy(carts, owner, cart)
        made.append(cart)
    return sorted(made, key=lambda cart: (cart.created, cart.id))


def chosen(carts: list[Cart], which: Which) -> list[Cart]:
    """Those of `carts` that are in the state `which`."""
    states = {"all": {"open", "pending", "purchased"}, "unpurchased": {"open", "pending"}}
    return [cart for cart in carts if cart.state in states.get(which, {which})]


@pytest.mark.parametrize("which", WHICH)
def test_a_walk_over_the_pages_finds_every_cart_once(
    carts: CartDb, made: list[Cart], which: Which
) -> None:
    mine = chosen([cart for cart in made if cart.owner == MINE], which)
    assert carts.find(MINE, which=which) == mine
    for limit in range(1, len(mine) + 2):
        walked: list[Cart] = []
        while page := carts.find(
            MINE, which=which, after=cursor_of(walked[-1]) if walked else "", limit=limit
        ):
            assert len(page) <= limit
            assert not {*page} & {*walked}
            walked += page
        assert walked == mine


@pytest.mark.parametrize("which", WHICH)
def test_a_walk_over_everybodys_pages_finds_every_cart_once(
    reader: CartReader, made: list[Cart], which: Which
) -> None:
    expected = chosen(made, which)
    assert {*reader.everything(which)} == {*expected}
    for limit in range(1, len(expected) + 2):
        walked: list[Cart] = []
        after = ""
        while page := [*reader.everything(which, after=after, limit=limit)]:
            assert not {*page} & {*walked}
            walked += [cart for cart in page if isinstance(cart, Cart)]
            after = cursor_of(walked[-1])
        assert walked == expected


def test_a_page_begins_after_a_cart_that_is_gone(carts: CartDb, made: list[Cart]) -> None:
    mine = [cart for cart in made if cart.owner == MINE]
    gone = next(cart for cart in mine if cart.state == "open")
    carts.delete(MINE, gone.id)
    assert carts.find(MINE, after=cursor_of(gone)) == mine[mine.index(gone) + 1 :]


def test_a_page_may_be_of_a_prefix_or_of_nothing(carts: CartDb, made: list[Cart]) -> None:
    mine = [cart for cart in made if cart.owner == MINE]
    assert carts.find(MINE, mine[3].id[:12], after=cursor_of(mine[2]), limit=1) == [mine[3]]
    assert carts.find(MINE, mine[3].id[:12], after=cursor_of(mine[3]), limit=1) == []
    assert carts.find(MINE, limit=0) == []
    assert carts.find(MINE, after=cursor_of(mine[-1])) == []


@pytest.mark.parametrize("cursor", ["x", "6f1c", "2026-01-02/6f1c", "yesterday/6f1c", "/"])
def test_a_cursor_that_is_none_is_refused(carts: CartDb, reader: CartReader, cursor: str) -> None:
    with pytest.raises(FixInput):
        carts.find(MINE, after=cursor)
    with pytest.raises(FixInput):
        next(reader.everything(after=cursor))
