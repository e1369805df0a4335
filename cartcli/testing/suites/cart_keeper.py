"""What every keeper of carts promises the merchant: what it removes, and what it never does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cartcli import Cart, Identity
from cartcli.cart_db import CartDb, CartReader, Which
from cartcli.cart_db.keeper import CartKeeper
from cartcli.errors import CheckOutAgain
from cartcli.model.people import is_forgotten
from cartcli.testing.suites.cart_db import MINE, THEIRS, buy, mark
from cartcli.testing.values import Clock, add


def new(carts: CartDb, owner: str) -> Cart:
    return carts.create(owner, [add()], currency="USD")


def test_bought_carts_are_kept_as_those_of_nobody_known(
    carts: CartDb, reader: CartReader, keeper: CartKeeper
) -> None:
    bought = [buy(carts, MINE, new(carts, MINE)) for _ in range(3)]
    theirs = [new(carts, THEIRS), buy(carts, THEIRS, new(carts, THEIRS))]
    new(carts, MINE)
    left = keeper.forget(MINE)
    assert (left.removed, left.purchased) == (1, 3)
    assert is_forgotten(left.owner)
    assert {*reader.everything()} == {
        *theirs,
        *(cart._replace(owner=left.owner) for cart in bought),
    }
    assert carts.find(MINE) == []
    assert {*carts.find(left.owner)} == {cart._replace(owner=left.owner) for cart in bought}
    assert keeper.unpurchased(MINE) is None


def test_two_who_are_forgotten_stay_two(carts: CartDb, keeper: CartKeeper) -> None:
    for owner in (MINE, THEIRS):
        buy(carts, owner, new(carts, owner))
    assert keeper.forget(MINE).owner != keeper.forget(THEIRS).owner


def test_of_who_bought_nothing_nothing_is_left(
    carts: CartDb, reader: CartReader, keeper: CartKeeper, store: Path
) -> None:
    for _ in range(2):
        new(carts, MINE)
    assert keeper.forget(MINE) == ("", 2, 0)
    assert [*reader.everything()] == []
    assert list((store / "carts").iterdir()) == []


def test_who_waits_for_a_payment_is_not_forgotten(
    carts: CartDb, reader: CartReader, keeper: CartKeeper
) -> None:
    bought, waiting = buy(carts, MINE, new(carts, MINE)), mark(carts, MINE, new(carts, MINE))
    with pytest.raises(CheckOutAgain):
        keeper.forget(MINE)
    assert {*reader.everything()} == {bought, waiting}
    assert keeper.unpurchased(MINE) == [waiting]


def test_who_comes_again_is_somebody_new(carts: CartDb, keeper: CartKeeper) -> None:
    buy(carts, MINE, new(carts, MINE))
    keeper.forget(MINE)
    again = new(carts, MINE)
    assert carts.find(MINE) == [again]
    assert keeper.unpurchased(MINE) == [again]


def test_of_whom_nothing_is_known_nothing_is_made(keeper: CartKeeper, store: Path) -> None:
    assert keeper.unpurchased(MINE) is None
    now = Clock().now
    assert keeper.prune(now, now, lambda cart: False) == (0, 0)
    assert not store.exists()


def test_old_carts_of_guests_go_and_no_others(
    carts: CartDb, reader: CartReader, keeper: CartKeeper, clock: Clock, store: Path
) -> None:
    first, second, third = (Identity.guest().owner for _ in range(3))
    old, kept = new(carts, first), new(carts, first)
    alone = [new(carts, third) for _ in range(2)]
    stay = [
        buy(carts, second, new(carts, second)),
        mark(carts, second, new(carts, second)),
        new(carts, MINE),
        kept,
    ]
    of_buyer = new(carts, second)
    clock.move(days=30)
    before = clock.now - timedelta(days=1)
    stay.append(new(carts, first))

    def keep(cart: Cart) -> bool:
        return cart.id == kept.id

    assert keeper.prune(before, before, keep, dry_run=True) == (4, 0)
    assert {*reader.everything()} == {*stay, old, *alone, of_buyer}
    assert keeper.prune(before, before, keep) == (4, 0)
    assert {*reader.everything()} == {*stay}
    assert keeper.prune(before, before, keep) == (0, 0)
    assert len(list((store / "carts").iterdir())) == 3


def test_a_guest_who_changes_a_cart_in_the_last_moment_keeps_it(
    carts: CartDb, keeper: CartKeeper, clock: Clock
) -> None:
    guest = Identity.guest().owner
    changed, paid, old = (new(carts, guest) for _ in range(3))
    clock.move(days=30)

    def keep(cart: Cart) -> bool:
        """Nobody is kept, but meanwhile the guest comes back."""
        if cart.id == changed.id:
            carts.update(guest, changed.id, [add()])
            mark(carts, guest, paid)
        return False

    keeper.prune(clock.now, clock.now, keep)
    left = {cart.id: cart.state for cart in carts.find(guest)}
    assert left == {changed.id: "open", paid.id: "pending"}
    assert old.id not in left


def test_requests_of_long_ago_are_pruned(carts: CartDb, keeper: CartKeeper, clock: Clock) -> None:
    made = carts.create(MINE, [add()], currency="USD", request_id="one")
    carts.update(MINE, made.id, [add()], request_id="two")
    clock.move(days=3)
    late = carts.create(MINE, [add()], currency="USD", request_id="three")
    before = clock.now - timedelta(days=2)
    expected = [cart._replace(requests=()) for cart in carts.find(MINE)]
    for dry_run in (True, False):
        assert keeper.prune(before, before, lambda cart: True, dry_run=dry_run) == (0, 2)
    assert keeper.prune(before, before, lambda cart: True) == (0, 0)
    now = carts.find(MINE)
    assert [cart._replace(requests=()) for cart in now] == expected
    assert [len(cart.requests) for cart in now] == [0, 1]
    # What makes a cart makes one still.
    assert carts.create(MINE, [add()], currency="USD", request_id="one").id == made.id
    assert carts.create(MINE, [add()], currency="USD", request_id="three") == late


def test_who_comes_again_makes_carts_of_their_own_by_the_same_request(
    carts: CartDb, keeper: CartKeeper
) -> None:
    def make() -> Cart:
        return carts.create(MINE, [add()], currency="USD", request_id="order-1")

    first = make()
    assert make() == first
    buy(carts, MINE, first)
    heir = keeper.forget(MINE).owner
    second = make()
    assert make() == second
    assert second.id != first.id
    assert (second.state, [cart.id for cart in carts.find(heir)]) == ("open", [first.id])


@pytest.mark.parametrize("which", ["all", "purchased"])
def test_who_reads_while_somebody_is_forgotten_misses_nothing(
    carts: CartDb, reader: CartReader, keeper: CartKeeper, which: Which
) -> None:
    for owner in ("a", MINE, "z"):
        for _ in range(3):
            buy(carts, owner, new(carts, owner))
    ids = sorted(cart.id for cart in carts.find(MINE))
    for seen in range(9):
        owner = "a" if seen < 3 else "z"
        reading = reader.everything(which)
        found = [next(reading) for _ in range(seen + 1)]
        ids = sorted(cart.id for cart in reader.everything() if isinstance(cart, Cart))
        keeper.forget(owner if carts.find(owner) else MINE)
        found += reading
        assert sorted(cart.id for cart in found if isinstance(cart, Cart)) == ids
