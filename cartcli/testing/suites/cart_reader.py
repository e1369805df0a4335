"""What every cart reader shows to the merchant: all customers' carts."""

from __future__ import annotations

from typing import Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb, CartReader, Which
from cartcli.testing.suites.cart_db import MINE, THEIRS, buy, mark
from cartcli.testing.values import add

WHICH: Final[dict[Which, set[str]]] = {
    "all": {"open", "pending", "purchased"},
    "unpurchased": {"open", "pending"},
    "pending": {"pending"},
    "purchased": {"purchased"},
}


@pytest.fixture
def made(carts: CartDb) -> list[Cart]:
    """An open, a pending and a purchased cart of two customers each."""
    made = []
    for owner in (MINE, THEIRS):
        opened, pending, bought = (carts.create(owner, [add()], currency="USD") for _ in range(3))
        made += [opened, mark(carts, owner, pending), buy(carts, owner, bought)]
    return made


@pytest.mark.parametrize("which", WHICH)
def test_everything_is_the_carts_of_all_customers(
    reader: CartReader, made: list[Cart], which: Which
) -> None:
    found = [*reader.everything(which)]
    assert {*found} == {cart for cart in made if cart.state in WHICH[which]}
    assert len(found) == len({*found})


def test_it_tells_whose_carts_it_reads(reader: CartReader, made: list[Cart]) -> None:
    told: list[str] = []

    def progress(owners: list[str]) -> list[str]:
        told.extend(owners)
        return [THEIRS]

    assert {*reader.everything(progress=progress)} == {
        cart for cart in made if cart.owner == THEIRS
    }
    assert sorted(told) == [MINE, THEIRS]
