"""What every cart DB promises about changes of a cart: all of them or none, and none is lost."""

from __future__ import annotations

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb
from cartcli.errors import ChooseExisting, FixInput, ReviewCart, VersionConflict
from cartcli.model.changes import Add, Changes, Remove, Replace, Set
from cartcli.model.lines import MAX_QUANTITY
from cartcli.testing.fixtures import OpenCarts
from cartcli.testing.suites.cart_db import MINE
from cartcli.testing.values import Clock, add, at_once, item, line


def test_an_update_makes_its_changes_one_after_the_other(
    carts: CartDb, open_carts: OpenCarts, clock: Clock
) -> None:
    cart = carts.create(MINE, [add("MUG", 2), add("CUP"), add("POT", 3)], currency="USD")
    clock.move(hours=1)
    changes: Changes = [
        add("TEA", MAX_QUANTITY - 1, "0.0001"),
        add("TEA", 1, "0.0002"),  # dearer since: that can be told
        Remove("POT", 2),
        Remove("CUP"),
        Set("MUG", 1),  # no longer sold, but there may be less of it
    ]
    changed = carts.update(MINE, cart.id, changes)
    lines = (line("MUG", 1), line("POT", 1), line("TEA", MAX_QUANTITY, "0.0001"))
    assert changed == cart._replace(lines=lines, updated=clock.now, version=2)
    assert open_carts().find(MINE) == [changed]


def test_an_update_may_replace_all_there_is(carts: CartDb) -> None:
    cart = carts.create(MINE, [add("MUG", 2), add("TEA")], currency="USD")
    new = Replace((Set("POT", 1, item("POT")), Set("MUG", 2), Set("TEA", 0)))
    assert carts.update(MINE, cart.id, [new]).lines == (line("POT"), line("MUG", 2))
    assert carts.update(MINE, cart.id, [Replace(())]).lines == ()
    assert carts.find(MINE)[0].lines == ()


def test_of_changes_that_cannot_all_be_made_none_is(carts: CartDb, open_carts: OpenCarts) -> None:
    cart = carts.create(MINE, [add()], currency="USD")
    wrong: tuple[tuple[Add | Remove, type[Exception]], ...] = (
        (Add("TEA", 1), ChooseExisting),
        (Remove("TEA"), ChooseExisting),
        (Remove("MUG", 3), ReviewCart),
        (add("MUG", MAX_QUANTITY), FixInput),
    )
    for change, error in wrong:
        with pytest.raises(error):
            carts.update(MINE, cart.id, [add("MUG", 1, "9.90"), change])
    assert carts.find(MINE) == open_carts().find(MINE) == [cart]
    carts.update(MINE, cart.id, [add()])  # and nobody is kept out


def test_every_change_raises_the_version_and_only_the_expected_one_is_changed(
    carts: CartDb, open_carts: OpenCarts
) -> None:
    cart = carts.create(MINE, [add()], currency="USD")
    for version in range(1, 4):
        cart = carts.update(MINE, cart.id, [add()], if_version=version)
        assert cart.version == version + 1
    for version in (0, 1, 3, 5):
        with pytest.raises(VersionConflict):
            open_carts().update(MINE, cart.id, [add()], if_version=version)
    assert carts.find(MINE) == [cart]


@pytest.mark.parametrize("shared", [True, False], ids=["one handle", "a handle each"])
def test_racing_updates_all_count(carts: CartDb, open_carts: OpenCarts, shared: bool) -> None:
    cart = carts.create(MINE, [add()], currency="USD")

    def add_five(_: int) -> None:
        handle = carts if shared else open_carts()
        for _ in range(5):
            handle.update(MINE, cart.id, [add()])

    assert at_once(8, add_five) == [None] * 8
    (found,) = carts.find(MINE)
    assert (found.contents, found.version) == ({"MUG": 41}, 41)


def test_of_racing_updates_of_one_version_one_counts(carts: CartDb, open_carts: OpenCarts) -> None:
    cart = carts.create(MINE, [add()], currency="USD")
    results = at_once(
        8, lambda number: open_carts().update(MINE, cart.id, [add("TEA", number + 1)], if_version=1)
    )
    assert sum(isinstance(result, VersionConflict) for result in results) == 7
    assert [result for result in results if isinstance(result, Cart)] == carts.find(MINE)
